"""Who is told what, in which words."""

from __future__ import annotations

import pytest

from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.notifications import texts
from subgraphs.notifications.domain import (
    Notice,
    NotificationKind,
    on_reward_issued,
    on_transfer_completed,
    on_transfer_failed,
)
from tests.subgraphs.notifications.world import cause, reward, transfer


def told(notices: list[Notice]) -> list[tuple[object, ...]]:
    return [(notice.reader_id, notice.kind, notice.title, notice.body) for notice in notices]


def test_a_completed_transfer_tells_both() -> None:
    """Payer and payee each learn of it in their own words."""
    paid = transfer()

    assert told(on_transfer_completed(cause(), paid)) == [
        (paid.payer_id, NotificationKind.TRANSFER_SENT, "You sent $25.00", "The money has arrived."),
        (paid.payee_id, NotificationKind.TRANSFER_RECEIVED, "You received $25.00", "The money is in your wallet."),
    ]


def test_a_failed_transfer_tells_its_payer_why() -> None:
    """The payee never heard of it."""
    unpaid = transfer()

    assert told(on_transfer_failed(cause(), unpaid, "INSUFFICIENT_FUNDS")) == [
        (
            unpaid.payer_id,
            NotificationKind.TRANSFER_FAILED,
            "Your transfer of $25.00 did not go through",
            "There was not enough money in your wallet. Nothing was taken from your wallet.",
        )
    ]


def test_an_issued_reward_tells_who_earned_it() -> None:
    """It names the campaign, and leads to transfer and reward."""
    cashback = reward()

    (notice,) = on_reward_issued(cause(), cashback)

    assert (notice.title, notice.body) == ("You earned $0.25", "Welcome cashback: the money is in your wallet.")
    assert (notice.reader_id, notice.transfer_id, notice.reward_id) == (
        cashback.user_id,
        cashback.transfer_id,
        cashback.id,
    )


def test_ids_follow_from_event_kind_and_reader() -> None:
    """The same event gives the same notices; another event others, also for who pays themself."""
    event_id, me = new_id(), new_id()
    paid = transfer(payer_id=me, payee_id=me)

    once, again, other = (on_transfer_completed(cause(event), paid) for event in (event_id, event_id, new_id()))

    assert once == again
    assert len({notice.id for notice in [*once, *other]}) == 4


@pytest.mark.parametrize(
    ("note", "body"),
    [("Lunch", "“Lunch”"), ("  tea \n", "“tea”"), ("   ", "The money has arrived."), (None, "The money has arrived.")],
)
def test_the_note_is_quoted(note: str | None, body: str) -> None:
    """What the payer wrote stands in quotation marks, so that it cannot be taken for ours."""
    assert texts.transfer_sent(Money(2500, "USD"), note).body == body


def test_an_unknown_failure_still_says_that_nothing_was_taken() -> None:
    """A code without a sentence is not shown."""
    assert texts.transfer_failed(Money(500, "JPY"), "SOMETHING_NEW") == texts.Text(
        "Your transfer of ¥500 did not go through", "Nothing was taken from your wallet."
    )
