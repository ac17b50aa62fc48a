"""Payment requests: somebody asks somebody else for money. Their life as a table: pure, no I/O.

           ┌──pay──▶ being paid ──completed──▶ PAID
           │             │
    OPEN ──┤ ◀──failed───┘
           ├──decline──▶ DECLINED
           ├──cancel───▶ CANCELLED
           └──time─────▶ EXPIRED

An open request names the transfer that pays it from the commit on that begins it. While it does, there is no other payment, and it is
neither declined, nor cancelled, nor does it expire: the payer has said yes, and the transfer's end decides. One that fails leaves the
request open, to be paid by another.

An open request whose time is up *is* expired for everybody who reads or acts, by the database's clock; the sweeper only writes it down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from payflow.kernel.errors import InvalidInput
from payflow.kernel.idempotency import fingerprint
from payflow.kernel.money import Money
from subgraphs.transactions.domain import Command, Scope, Transfer
from subgraphs.transactions.errors import PaymentRequestClosed, PaymentRequestNotFound
from subgraphs.transactions.forms import check_amount, check_key, check_note

REQUEST_LIFETIME = timedelta(days=30)  # a bill that nobody has paid by then is to be sent anew, and knowingly
OPEN_REQUESTS_MAX = 10  # of one requester to one payer: enough for a shared flat, too few to pester anybody


class PaymentRequestStatus(StrEnum):
    """What has become of a payment request."""

    OPEN = "OPEN"
    PAID = "PAID"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


class Party(StrEnum):
    """The two whom a payment request concerns."""

    REQUESTER = "requester"
    PAYER = "payer"


class Verb(StrEnum):
    """What people may do about an open request."""

    PAY = "pay"
    DECLINE = "decline"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may do it, and how the request ends by it."""

    by: Party
    to: PaymentRequestStatus


RULES: Mapping[Verb, Rule] = {
    Verb.PAY: Rule(Party.PAYER, PaymentRequestStatus.PAID),
    Verb.DECLINE: Rule(Party.PAYER, PaymentRequestStatus.DECLINED),
    Verb.CANCEL: Rule(Party.REQUESTER, PaymentRequestStatus.CANCELLED),
}

_ENDED: Mapping[PaymentRequestStatus, str] = {
    PaymentRequestStatus.PAID: "This request has been paid already.",
    PaymentRequestStatus.DECLINED: "This request was declined; ask for a new one.",
    PaymentRequestStatus.CANCELLED: "This request was withdrawn by the one who asked.",
    PaymentRequestStatus.EXPIRED: "This request has expired; ask for a new one.",
}


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """A request as it stands. `transfer_id` is the payment under way, or the one that paid it."""

    id: UUID
    requester_id: UUID
    payer_id: UUID
    to_wallet_id: UUID
    amount: Money
    note: str | None
    status: PaymentRequestStatus
    transfer_id: UUID | None
    created_at: datetime
    expires_at: datetime
    closed_at: datetime | None = None

    @property
    def is_being_paid(self) -> bool:
        """Whether a payment is under way."""
        return self.status is PaymentRequestStatus.OPEN and self.transfer_id is not None

    def party(self, user_id: UUID) -> Party | None:
        """What somebody is to this request."""
        if user_id == self.payer_id:
            return Party.PAYER
        return Party.REQUESTER if user_id == self.requester_id else None

    def is_party(self, user_id: str) -> bool:
        """Whether this user asks or is asked."""
        return user_id in (str(self.requester_id), str(self.payer_id))


@dataclass(frozen=True, slots=True)
class RequestPayment:
    """The command to ask somebody for money."""

    requester_id: UUID
    payer_handle: str
    amount: Money
    note: str | None
    idempotency_key: str

    @property
    def input(self) -> dict[str, Any]:
        """What the client sent, for the fingerprint: as received, never as resolved."""
        return {
            "payer": self.payer_handle,
            "amount": self.amount.amount,
            "currency": self.amount.currency,
            "note": self.note,
        }

    @property
    def command(self) -> Command:
        return Command(self.requester_id, Scope.REQUEST, self.idempotency_key, fingerprint(self.input))


@dataclass(frozen=True, slots=True)
class PayRequest:
    """The command to pay what one was asked for; ids are as the client wrote them."""

    payer_id: UUID
    request_id: str
    from_wallet_id: str
    idempotency_key: str

    @property
    def input(self) -> dict[str, Any]:
        """What the client sent, for the fingerprint: as received, never as resolved."""
        return {"request": self.request_id, "from": self.from_wallet_id}

    @property
    def command(self) -> Command:
        return Command(self.payer_id, Scope.PAY, self.idempotency_key, fingerprint(self.input))


def check_asking(command: RequestPayment) -> None:
    """Raises InvalidInput for the first field that breaks a rule of form."""
    check_key(command.idempotency_key)
    check_amount(command.amount)
    check_note(command.note)


def check_payer(requester_id: UUID, payer_id: UUID) -> None:
    """Raises InvalidInput where somebody asks themself."""
    if requester_id == payer_id:
        raise InvalidInput("payerHandle", "payerHandle is your own; ask somebody else for money")


def allow(request: PaymentRequest | None, verb: Verb, user_id: UUID) -> PaymentRequest:
    """The request, where this user may do this about it and it is open still.

    Raises PaymentRequestNotFound to everybody but the one who may, whatever its status: it says nothing of what is not theirs.
    """
    if request is None or request.party(user_id) is not RULES[verb].by:
        raise PaymentRequestNotFound(f"There is no such payment request for you to {verb}.")
    if request.status is not PaymentRequestStatus.OPEN:
        raise PaymentRequestClosed(_ENDED[request.status], status=request.status)
    return request


def request_of(
    command: RequestPayment, payer_id: UUID, to_wallet_id: UUID, *, request_id: UUID, now: datetime
) -> PaymentRequest:
    """The open request that the command asks for. The database's clock has the last word on its dates."""
    return PaymentRequest(
        id=request_id,
        requester_id=command.requester_id,
        payer_id=payer_id,
        to_wallet_id=to_wallet_id,
        amount=command.amount,
        note=command.note,
        status=PaymentRequestStatus.OPEN,
        transfer_id=None,
        created_at=now,
        expires_at=now + REQUEST_LIFETIME,
    )


def payment_of(request: PaymentRequest, from_wallet_id: UUID, *, transfer_id: UUID, now: datetime) -> Transfer:
    """The transfer that pays the request from this wallet."""
    return Transfer(
        id=transfer_id,
        payer_id=request.payer_id,
        payee_id=request.requester_id,
        from_wallet_id=from_wallet_id,
        to_wallet_id=request.to_wallet_id,
        amount=request.amount,
        note=request.note,
        created_at=now,
        request_id=request.id,
    )
