"""Who is told what, in which words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from payflow.kernel.errors import InvalidArgument
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.notifications import texts
from subgraphs.notifications.domain import (
    Notice,
    NotificationKind,
    RequestEnd,
    Stream,
    on_payment_request_closed,
    on_payment_requested,
    on_reward_issued,
    on_transfer_completed,
    on_transfer_failed,
    on_transfer_refunded,
)
from subgraphs.notifications.errors import CursorExpired
from tests.subgraphs.notifications.world import NOW, cause, payment_request, refund, reward, transfer


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


def test_a_refund_tells_both() -> None:
    """Who gets the money back and who gave it, how much of the payment that is by now; the refund is what they are led to."""
    part, rest = refund(), refund(amount=Money(2000, "USD"), refunded=Money(2500, "USD"))
    so_far = "$5.00 of the payment of $25.00 has been given back so far."

    assert sorted(told(on_transfer_refunded(cause(), part)), key=str) == sorted(
        [
            (part.payer_id, NotificationKind.TRANSFER_REFUNDED, "You got $5.00 back", so_far),
            (part.payee_id, NotificationKind.TRANSFER_REFUNDED, "You gave $5.00 back", so_far),
        ],
        key=str,
    )
    assert {notice.transfer_id for notice in on_transfer_refunded(cause(), part)} == {part.id}
    assert {notice.body for notice in on_transfer_refunded(cause(), rest)} == {
        "All of the payment of $25.00 has been given back."
    }


@pytest.mark.parametrize(
    ("note", "body"),
    [("Pizza", "“Pizza”. Pay or decline it by 22 December 2026."), (None, "Pay or decline it by 22 December 2026.")],
)
def test_a_request_tells_who_is_asked(note: str | None, body: str) -> None:
    """What for, and until when."""
    asked = payment_request(note=note)

    notices = on_payment_requested(cause(), asked, NOW + timedelta(days=30))

    assert told(notices) == [(asked.payer_id, NotificationKind.PAYMENT_REQUESTED, "You are asked for $12.50", body)]
    assert [(notice.transfer_id, notice.payment_request_id) for notice in notices] == [(None, asked.id)]


@pytest.mark.parametrize(
    ("end", "requester", "payer"),
    [
        (RequestEnd.PAID, "Your request for $12.50 was paid", None),
        (RequestEnd.DECLINED, "Your request for $12.50 was declined", None),
        (RequestEnd.CANCELLED, None, "A request for $12.50 was withdrawn"),
        (RequestEnd.EXPIRED, "Your request for $12.50 has expired", "A request for $12.50 has expired"),
    ],
)
def test_the_end_of_a_request_tells_who_did_not_end_it(
    end: RequestEnd, requester: str | None, payer: str | None
) -> None:
    """A payer knows what they paid or declined, a requester what they withdrew; when the time is up, neither does."""
    asked = payment_request()
    transfer_id = new_id() if end is RequestEnd.PAID else None

    notices = on_payment_request_closed(cause(), asked, end, transfer_id=transfer_id)

    titles = {notice.reader_id: notice.title for notice in notices}
    assert (titles.get(asked.requester_id), titles.get(asked.payer_id)) == (requester, payer)
    assert {(notice.transfer_id, notice.payment_request_id) for notice in notices} == {(transfer_id, asked.id)}
    assert {notice.body for notice in notices} == {"“Pizza”"}


def test_where_to_go_on() -> None:
    """Behind the cursor, or at the end; not ahead of the stream, and not where something is missing behind the cursor."""
    stream = Stream(last_seq=10, kept_from=5)

    assert [stream.resume(after) for after in (None, 4, 7, 10)] == [10, 4, 7, 10]
    assert Stream(last_seq=10, kept_from=11).resume(10) == 10
    with pytest.raises(InvalidArgument, match="ahead of your notifications"):
        stream.resume(11)
    for stale in (0, 3):
        with pytest.raises(CursorExpired):
            stream.resume(stale)
