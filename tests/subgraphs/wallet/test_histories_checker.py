"""The checker of histories on trial: a true one passes, and each way to break it is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from payflow.kernel.money import Money
from subgraphs.wallet.commands import (
    CaptureHold,
    ChangeStatus,
    Command,
    Deposit,
    PlaceHold,
    ReleaseHold,
    WalletStatus,
    Withdraw,
)
from tests.subgraphs.wallet.histories import Event, Span, check
from tests.subgraphs.wallet.model import Line, Model, ModelWallet

ADA, BOB = (ModelWallet(UUID(int=number), UUID(int=number + 10), "USD") for number in (1, 2))
HOLD, OTHER, NEVER = (UUID(int=number) for number in (21, 22, 23))

Break = Callable[[list[Event]], None]


def dollars(amount: int) -> Money:
    return Money(amount, "USD")


def pay_in(amount: int, key: str) -> Deposit:
    return Deposit(ADA.owner_id, ADA.id, dollars(amount), key)


def pay_out(amount: int, key: str) -> Withdraw:
    return Withdraw(ADA.owner_id, ADA.id, dollars(amount), key)


def place(hold: UUID, amount: int, *, lasts: int = 3600) -> PlaceHold:
    return PlaceHold(
        id=hold,
        payer_id=ADA.owner_id,
        from_wallet_id=ADA.id,
        to_wallet_id=BOB.id,
        amount=dollars(amount),
        transfer_id=hold,
        expires_in_s=lasts,
    )


def become(status: WalletStatus) -> ChangeStatus:
    return ChangeStatus(wallet_id=ADA.id, to=status, actor="ann", reason="so")


STORY: Sequence[Command] = (
    pay_in(100, "a"),  # 0
    pay_out(30, "b"),  # 1
    place(HOLD, 50),  # 2
    pay_out(40, "c"),  # 3: 20 are available
    pay_in(100, "d"),  # 4
    CaptureHold(hold_id=HOLD),  # 5
    ReleaseHold(hold_id=HOLD),  # 6: captured
    pay_in(100, "a"),  # 7: a repeat
    pay_in(1, "a"),  # 8: a conflict
    become(WalletStatus.FROZEN),  # 9
    pay_out(1, "e"),  # 10: frozen
    become(WalletStatus.OPEN),  # 11
    ReleaseHold(hold_id=NEVER),  # 12: cancelled before it came
    place(NEVER, 1),  # 13: cancelled
    place(OTHER, 20),  # 14
    ReleaseHold(hold_id=OTHER),  # 15
    CaptureHold(hold_id=OTHER),  # 16: released
)


def true_history() -> list[Event]:
    """The story as one client sees it, a command each second, each answered in half a one."""
    model = Model(wallets={wallet.id: wallet for wallet in (ADA, BOB)})
    return [answered(model, number, command) for number, command in enumerate(STORY)]


def answered(model: Model, number: int, command: Command) -> Event:
    model.now = float(number)
    journal_id = UUID(int=1000 + number)
    answer = model.post(command, journal_id=journal_id)
    first = next((place for place, earlier in enumerate(STORY) if earlier == command), number)
    return Event(
        number,
        command,
        Span(number, number + 0.5),
        answer.status,
        answer.details,
        replayed=answer.replayed,
        journal_id=UUID(int=1000 + first) if answer.lines else None,
        lines=answer.lines,
        at=number + 0.25 if answer.status == "OK" else 0.0,
        expires_at=answer.hold.expires_at if answer.hold else None,
    )


def test_a_true_history_is_explained() -> None:
    """Every answer of the model has its place, in a row or with all commands at once under way."""
    history = true_history()
    assert {event.status for event in history} >= {"OK", "INSUFFICIENT_FUNDS", "WALLET_FROZEN", "HOLD_CANCELLED"}
    assert check([ADA, BOB], history) == []
    at_once = [replace(event, span=Span(0, 100), at=0.0) for event in history]
    assert check([ADA, BOB], at_once) == []


def moved(event: Event, *, posted: int = 0, seq: int = 0) -> Event:
    lines = [replace(line, posted=line.posted + posted, seq=line.seq + seq) for line in event.lines]
    return replace(event, lines=tuple(lines))


def lost_update(history: list[Event]) -> None:
    """A withdrawal that the next deposit has not seen: its balance, and all later ones, are 30 too high."""
    for event in history[2:]:
        history[event.number] = replace(
            event,
            lines=tuple(replace(line, posted=line.posted + 30 * (line.wallet_id == ADA.id)) for line in event.lines),
        )


def lost_change(history: list[Event]) -> None:
    """Two changes of a wallet under one number."""
    history[4] = moved(history[4], seq=-1)


def double_effect(history: list[Event]) -> None:
    """The repeat of a deposit pays in again."""
    newest = max(line.seq for event in history for line in event.lines if line.wallet_id == ADA.id)
    again = Line(ADA.id, newest + 1, 220, 0)
    history[7] = replace(history[7], replayed=False, lines=(again,), journal_id=UUID(int=77))


def silent_change(history: list[Event]) -> None:
    """A wallet's change that nobody was told of."""
    del history[4]


def stale_refusal(history: list[Event]) -> None:
    """Refused for want of money that had been paid in before the command was sent."""
    history[3] = replace(history[3], span=Span(4.6, 4.9))


def wrong_details(history: list[Event]) -> None:
    """Refused, and told an amount that was never available."""
    history[3] = replace(history[3], details={**history[3].details, "available": 21})


def refused_for_nothing(history: list[Event]) -> None:
    """Frozen, before anybody froze it."""
    history[10] = replace(history[10], span=Span(8.6, 8.9))


def accepted_while_frozen(history: list[Event]) -> None:
    """A hold that was placed while the wallet was frozen all the time."""
    history[11] = replace(history[11], span=Span(50, 51))


def accepted_after_expiry(history: list[Event]) -> None:
    """A capture past the end of its hold."""
    history[2] = replace(history[2], expires_at=4.0)


def expired_too_soon(history: list[Event]) -> None:
    """Told that a hold has expired an hour before it does."""
    history[16] = replace(history[16], status="HOLD_EXPIRED")


def other_words(history: list[Event]) -> None:
    """A repeat that says another balance than the first."""
    history[7] = moved(history[7], posted=1)


def conflict_without_rival(history: list[Event]) -> None:
    """A key that is taken, and by nobody."""
    history[10] = replace(history[10], status="IDEMPOTENCY_CONFLICT")


def one_key_two_inputs(history: list[Event]) -> None:
    """Another input, answered as if it were the first."""
    history[8] = replace(history[7], number=8, command=history[8].command)


def buried_and_placed(history: list[Event]) -> None:
    """A hold that is placed though its release was told that it never would be."""
    history[12] = replace(history[12], command=ReleaseHold(hold_id=OTHER))


def released_unasked(history: list[Event]) -> None:
    """A placing that was cancelled before anybody released it."""
    history[12] = replace(history[12], span=Span(60, 61))


def out_of_order(history: list[Event]) -> None:
    """Counted before one that had returned when it was sent."""
    history[0] = replace(history[0], span=Span(5.6, 5.9))


BREAKS: Mapping[Break, str] = {
    lost_update: "effect",
    lost_change: "I6",
    double_effect: "I8",
    silent_change: "I6",
    stale_refusal: "refused",
    wrong_details: "refused",
    refused_for_nothing: "refused",
    accepted_while_frozen: "accepted",
    accepted_after_expiry: "accepted",
    expired_too_soon: "refused",
    other_words: "I8",
    conflict_without_rival: "I9",
    one_key_two_inputs: "I9",
    buried_and_placed: "accepted",
    released_unasked: "refused",
    out_of_order: "order",
}


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.__name__)
def test_a_broken_history_is_found(broken: Break) -> None:
    """By the rule that it breaks."""
    history = true_history()
    broken(history)
    assert BREAKS[broken] in {finding.rule for finding in check([ADA, BOB], history)}
