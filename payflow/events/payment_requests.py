"""What transactions tells of payment requests: asked, and how it ended. Topic payment-requests.v1, keyed by the request's id."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from payflow.events.envelope import Amount, Currency, EventData

TOPIC = "payment-requests.v1"
SOURCE = "payflow/transactions"


class _PaymentRequest(EventData):
    TOPIC: ClassVar[str] = TOPIC
    SOURCE: ClassVar[str] = SOURCE

    payment_request_id: UUID
    requester_id: UUID
    payer_id: UUID
    amount: Amount
    currency: Currency
    note: str | None = None

    @property
    def subject(self) -> str:
        return str(self.payment_request_id)


class PaymentRequestCreated(_PaymentRequest):
    """Somebody asks somebody else for money, who may pay until it expires."""

    TYPE: ClassVar[str] = "payment_request.created.v1"

    created_at: datetime
    expires_at: datetime


class PaymentRequestClosed(_PaymentRequest):
    """A payment request has ended: PAID by the transfer it names, DECLINED by the payer, CANCELLED by the requester, or EXPIRED."""

    TYPE: ClassVar[str] = "payment_request.closed.v1"

    status: Literal["PAID", "DECLINED", "CANCELLED", "EXPIRED"]
    transfer_id: UUID | None = None
    closed_at: datetime
