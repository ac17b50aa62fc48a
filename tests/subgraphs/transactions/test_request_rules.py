"""The life of a payment request, as a table: who may do what about it, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from payflow.kernel.errors import InvalidInput
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.transactions.errors import PaymentRequestClosed, PaymentRequestNotFound
from subgraphs.transactions.forms import NOTE_LENGTH_MAX
from subgraphs.transactions.requests import (
    REQUEST_LIFETIME,
    PaymentRequest,
    PaymentRequestStatus,
    RequestPayment,
    Verb,
    allow,
    check_asking,
    check_payer,
)

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
ADA, BOB, EVE = new_id(), new_id(), new_id()
OPEN = PaymentRequest(
    id=new_id(),
    requester_id=ADA,
    payer_id=BOB,
    to_wallet_id=new_id(),
    amount=Money(2_500, "USD"),
    note="Lunch",
    status=PaymentRequestStatus.OPEN,
    transfer_id=None,
    created_at=NOW,
    expires_at=NOW + REQUEST_LIFETIME,
)
ASK = RequestPayment(requester_id=ADA, payer_handle="bob", amount=Money(2_500, "USD"), note=None, idempotency_key="k")


@pytest.mark.parametrize(
    ("verb", "user"), [(Verb.PAY, BOB), (Verb.DECLINE, BOB), (Verb.CANCEL, ADA)], ids=lambda each: str(each)[:7]
)
def test_who_may(verb: Verb, user: UUID) -> None:
    """The payer pays or declines, the requester cancels; to all the others there is no such request, however it stands."""
    assert allow(OPEN, verb, user) is OPEN
    for other in {ADA, BOB, EVE} - {user}:
        for status in PaymentRequestStatus:
            with pytest.raises(PaymentRequestNotFound):
                allow(replace(OPEN, status=status), verb, other)
    with pytest.raises(PaymentRequestNotFound):
        allow(None, verb, user)


@pytest.mark.parametrize(
    "status", [status for status in PaymentRequestStatus if status is not PaymentRequestStatus.OPEN]
)
@pytest.mark.parametrize(("verb", "user"), [(Verb.PAY, BOB), (Verb.DECLINE, BOB), (Verb.CANCEL, ADA)])
def test_what_has_ended_has_ended(status: PaymentRequestStatus, verb: Verb, user: UUID) -> None:
    """A request that is not open is refused with the status it ended in."""
    with pytest.raises(PaymentRequestClosed) as refusal:
        allow(replace(OPEN, status=status), verb, user)

    assert refusal.value.status == status


def test_being_paid() -> None:
    """While open it names the payment under way; a paid one is over, though it names its payment, too."""
    assert not OPEN.is_being_paid
    assert replace(OPEN, transfer_id=new_id()).is_being_paid
    assert not replace(OPEN, transfer_id=new_id(), status=PaymentRequestStatus.PAID).is_being_paid


@pytest.mark.parametrize(
    ("field", "broken"),
    [
        ("idempotencyKey", replace(ASK, idempotency_key="")),
        ("amount", replace(ASK, amount=Money(0, "USD"))),
        ("amount", replace(ASK, amount=Money(5, "ABC"))),
        ("note", replace(ASK, note="n" * (NOTE_LENGTH_MAX + 1))),
        ("note", replace(ASK, note="a\x00b")),
    ],
)
def test_each_rule_names_its_field(field: str, broken: RequestPayment) -> None:
    """A command that breaks a rule of form is refused with the field's GraphQL name."""
    check_asking(ASK)
    with pytest.raises(InvalidInput) as refusal:
        check_asking(broken)

    assert refusal.value.field == field


def test_nobody_asks_themself() -> None:
    """The handle of the one who asks is no payer."""
    check_payer(ADA, BOB)
    with pytest.raises(InvalidInput, match="your own"):
        check_payer(ADA, ADA)
