"""A small history with the facts that fit it, for tests that spoil one thing of it."""

from __future__ import annotations

from dataclasses import replace

from tests.chaos.facts import Account, Event, Facts, Journal, Notification, Reward, Transfer
from tests.chaos.intents import MARKS, Answer, History, Intent, Kind, Status

ADA, BOB = "ada", "bob"
ADAS, BOBS = "wallet-of-ada", "wallet-of-bob"
DEPOSIT, PAYMENT, REFUSED, REFUND, WITHDRAWAL = (
    Intent(number=1, kind=Kind.DEPOSIT, user_id=ADA, wallet_id=ADAS, amount=9 * MARKS + 1, currency="USD", key="1"),
    Intent(
        number=2, kind=Kind.TRANSFER, user_id=ADA, wallet_id=ADAS, to_wallet_id=BOBS,
        amount=4 * MARKS + 2, currency="USD", key="2",
    ),
    Intent(
        number=3, kind=Kind.TRANSFER, user_id=ADA, wallet_id=ADAS, to_wallet_id=BOBS,
        amount=7 * MARKS + 3, currency="USD", key="3",
    ),
    Intent(
        number=4, kind=Kind.REFUND, user_id=BOB, wallet_id=BOBS, to_wallet_id=ADAS, refund_of="transfer-2",
        amount=4, currency="USD", key="4",
    ),
    Intent(number=5, kind=Kind.WITHDRAWAL, user_id=ADA, wallet_id=ADAS, amount=1 * MARKS + 5, currency="USD", key="5"),
)  # fmt: skip
REWARD = 40


def accepted(said: str, ref: str) -> Answer:
    return Answer(status=Status.ACCEPTED, said=said, ref=ref)


UNKNOWN = Answer(status=Status.UNKNOWN, said="TimeoutError")


def history() -> History:
    """A deposit, a payment that got no answer at first, one that was refused, a part of the payment back, a withdrawal."""
    return History(
        {intent.number: intent for intent in (DEPOSIT, PAYMENT, REFUSED, REFUND, WITHDRAWAL)},
        {
            1: [accepted("Entry", f"{ADAS}:1")],
            2: [UNKNOWN, Answer(status=Status.PENDING, said="Transfer PENDING", ref="transfer-2"), accepted("Transfer", "transfer-2")],
            3: [Answer(status=Status.REFUSED, said="InsufficientFunds")],
            4: [accepted("Transfer", "transfer-4")],
            5: [accepted("Entry", f"{ADAS}:5")],
        },
    )  # fmt: skip


def facts() -> Facts:
    """What the databases have then."""
    adas = DEPOSIT.amount - PAYMENT.amount + REFUND.amount - WITHDRAWAL.amount + REWARD
    bobs = PAYMENT.amount - REFUND.amount
    outside = WITHDRAWAL.amount - DEPOSIT.amount
    payment = _transfer(PAYMENT, state="COMPLETED", refunded=REFUND.amount)
    refused = _transfer(REFUSED, state="FAILED")
    refund = _transfer(REFUND, state="COMPLETED")
    events = [
        _event("transfer.completed.v1", transfer_id="transfer-2"),
        _event("transfer.failed.v1", transfer_id="transfer-3"),
        _event("transfer.refunded.v1", transfer_id="transfer-2", refund_id="transfer-4"),
    ]
    return Facts(
        accounts=[
            Account(id=ADAS, kind="USER", currency="USD", posted=adas, held=0),
            Account(id=BOBS, kind="USER", currency="USD", posted=bobs, held=0),
            Account(id="outside", kind="EXTERNAL", currency="USD", posted=outside, held=0),
            Account(id="fund", kind="CAMPAIGN", currency="USD", posted=-REWARD, held=0),
        ],
        journals=[
            _journal("DEPOSIT", DEPOSIT.amount, {"outside": -DEPOSIT.amount, ADAS: DEPOSIT.amount}),
            _journal("CAPTURE", PAYMENT.amount, {ADAS: -PAYMENT.amount, BOBS: PAYMENT.amount}, "transfer-2"),
            _journal("REFUND", REFUND.amount, {BOBS: -REFUND.amount, ADAS: REFUND.amount}, "transfer-2"),
            _journal("WITHDRAWAL", WITHDRAWAL.amount, {ADAS: -WITHDRAWAL.amount, "outside": WITHDRAWAL.amount}),
            _journal("REWARD", REWARD, {"fund": -REWARD, ADAS: REWARD}, "transfer-2"),
        ],
        transfers=[payment, refused, refund],
        events=events,
        at_broker=frozenset(event.id for event in events),
        campaigns=frozenset({"USD"}),
        rewards=[
            Reward(id="reward", transfer_id="transfer-2", user_id=ADA, wallet_id=ADAS, amount=REWARD, status="ISSUED")
        ],
        notifications=[
            Notification(reader_id=ADA, kind="TRANSFER_SENT", transfer_id="transfer-2"),
            Notification(reader_id=BOB, kind="TRANSFER_RECEIVED", transfer_id="transfer-2"),
            Notification(reader_id=ADA, kind="TRANSFER_FAILED", transfer_id="transfer-3"),
            Notification(reader_id=ADA, kind="REWARD_ISSUED", transfer_id="transfer-2"),
            Notification(reader_id=ADA, kind="TRANSFER_REFUNDED", transfer_id="transfer-4"),
            Notification(reader_id=BOB, kind="TRANSFER_REFUNDED", transfer_id="transfer-4"),
        ],
    )


def _transfer(intent: Intent, *, state: str, refunded: int = 0) -> Transfer:
    assert intent.to_wallet_id is not None, intent
    ids = {ADAS: ADA, BOBS: BOB}
    return Transfer(
        id=f"transfer-{intent.number}",
        kind="REFUND" if intent.refund_of else "PAYMENT",
        payer_id=ids[intent.wallet_id],
        payee_id=ids[intent.to_wallet_id],
        from_wallet_id=intent.wallet_id,
        to_wallet_id=intent.to_wallet_id,
        amount=intent.amount,
        currency=intent.currency,
        state=state,
        hold_id=f"hold-{intent.number}",
        refund_of=intent.refund_of,
        refunded=refunded,
    )


def _journal(kind: str, amount: int, posted: dict[str, int], transfer_id: str | None = None) -> Journal:
    return Journal(id=f"{kind}-{amount}", kind=kind, transfer_id=transfer_id, amount=amount, posted=posted)


def _event(type_: str, **data: str) -> Event:
    return Event(id=f"{type_}-{data}", type=type_, topic="transfers.v1", data=data, published=True)


def with_balance(told: Facts, wallet_id: str, *, by: int) -> Facts:
    """The same with another balance of a wallet."""
    accounts = [
        replace(account, posted=account.posted + by) if account.id == wallet_id else account
        for account in told.accounts
    ]
    return replace(told, accounts=accounts)
