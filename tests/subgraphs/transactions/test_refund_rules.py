"""The decision about a refund, as a table: who may give back what, and what they are told else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from payflow.kernel.errors import InvalidInput, Refusal
from payflow.kernel.ids import new_id
from payflow.kernel.money import MINOR_UNITS_MAX, Money
from subgraphs.transactions.domain import State, Transfer, TransferKind
from subgraphs.transactions.errors import CurrencyMismatch, NotRefundable, TransferNotFound
from subgraphs.transactions.refunds import RefundTransfer, check_refund, decide_refund, refund_of

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
ADA, BOB, EVE = new_id(), new_id(), new_id()
PAID = Transfer(
    id=new_id(),
    payer_id=ADA,
    payee_id=BOB,
    from_wallet_id=new_id(),
    to_wallet_id=new_id(),
    amount=Money(2_500, "USD"),
    note="Lunch",
    created_at=NOW,
    state=State.COMPLETED,
    ended_at=NOW,
)
REFUND = RefundTransfer(user_id=BOB, transfer_id=str(PAID.id), amount=Money(1_000, "USD"), idempotency_key="k")
ALL = replace(REFUND, amount=None)


@pytest.mark.parametrize(
    ("payment", "command", "given_back"),
    [
        (PAID, REFUND, 1_000),
        (PAID, ALL, 2_500),
        (PAID, replace(REFUND, amount=Money(2_500, "USD")), 2_500),
        (replace(PAID, refunded=1_500), REFUND, 1_000),
        (replace(PAID, refunded=600), ALL, 1_900),
        (replace(PAID, refunded=600, refunding=900), ALL, 1_000),
    ],
)
def test_what_is_given_back(payment: Transfer, command: RefundTransfer, given_back: int) -> None:
    """The amount asked for while it is left, else all that is neither given back nor on its way."""
    assert decide_refund(payment, command) == Money(given_back, "USD")


@pytest.mark.parametrize(
    ("payment", "command", "refusal"),
    [
        (None, REFUND, TransferNotFound),
        (PAID, replace(REFUND, user_id=EVE), TransferNotFound),
        (replace(PAID, state=State.FAILED), replace(REFUND, user_id=EVE), TransferNotFound),
        (PAID, replace(REFUND, user_id=ADA), NotRefundable),
        (replace(PAID, kind=TransferKind.REFUND), REFUND, NotRefundable),
        (replace(PAID, state=State.HOLDING), REFUND, NotRefundable),
        (replace(PAID, state=State.CAPTURING), ALL, NotRefundable),
        (replace(PAID, state=State.RELEASING), REFUND, NotRefundable),
        (replace(PAID, state=State.FAILED), REFUND, NotRefundable),
        (PAID, replace(REFUND, amount=Money(1_000, "EUR")), CurrencyMismatch),
        (PAID, replace(REFUND, amount=Money(2_501, "USD")), NotRefundable),
        (replace(PAID, refunded=1_501), REFUND, NotRefundable),
        (replace(PAID, refunding=1_501), REFUND, NotRefundable),
        (replace(PAID, refunded=2_000, refunding=500), ALL, NotRefundable),
    ],
)
def test_what_is_refused(payment: Transfer | None, command: RefundTransfer, refusal: type[Refusal]) -> None:
    """Strangers learn nothing, the payer may not, and neither what never came nor what has gone back can be given back."""
    with pytest.raises(refusal):
        decide_refund(payment, command)


def test_a_refund_goes_the_other_way() -> None:
    """From the wallet that was paid into the one that paid, for the payment it names."""
    refund = refund_of(PAID, Money(1_000, "USD"), refund_id=(refund_id := new_id()), now=NOW)

    assert (refund.id, refund.kind, refund.refund_of, refund.state) == (
        refund_id,
        TransferKind.REFUND,
        PAID.id,
        State.HOLDING,
    )
    assert (refund.payer_id, refund.payee_id) == (BOB, ADA)
    assert (refund.from_wallet_id, refund.to_wallet_id) == (PAID.to_wallet_id, PAID.from_wallet_id)
    assert refund.hold_id != PAID.hold_id


@pytest.mark.parametrize(
    ("field", "broken"),
    [
        ("idempotencyKey", replace(REFUND, idempotency_key="")),
        ("idempotencyKey", replace(ALL, idempotency_key="k" * 65)),
        ("amount", replace(REFUND, amount=Money(0, "USD"))),
        ("amount", replace(REFUND, amount=Money(-1, "USD"))),
        ("amount", replace(REFUND, amount=Money(MINOR_UNITS_MAX + 1, "USD"))),
        ("amount", replace(REFUND, amount=Money(5, "ABC"))),
    ],
)
def test_each_rule_names_its_field(field: str, broken: RefundTransfer) -> None:
    """A command that breaks a rule of form is refused with the field's GraphQL name."""
    check_refund(REFUND)
    check_refund(ALL)
    with pytest.raises(InvalidInput) as refusal:
        check_refund(broken)

    assert refusal.value.field == field
