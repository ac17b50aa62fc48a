"""What transactions tells: how transfers end, and what of them is given back. Topic transfers.v1, keyed by the transfer's id."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from payflow.events.envelope import Amount, Currency, EventData

TOPIC = "transfers.v1"
SOURCE = "payflow/transactions"


class _Transfer(EventData):
    TOPIC: ClassVar[str] = TOPIC
    SOURCE: ClassVar[str] = SOURCE

    transfer_id: UUID
    payer_id: UUID
    payee_id: UUID
    from_wallet_id: UUID
    to_wallet_id: UUID
    amount: Amount
    currency: Currency
    note: str | None = None

    @property
    def subject(self) -> str:
        return str(self.transfer_id)


class TransferCompleted(_Transfer):
    """The payee has the money."""

    TYPE: ClassVar[str] = "transfer.completed.v1"

    completed_at: datetime


class TransferFailed(_Transfer):
    """Nothing moved; `failure_code` says why, e.g. INSUFFICIENT_FUNDS."""

    TYPE: ClassVar[str] = "transfer.failed.v1"

    failure_code: str
    failed_at: datetime


class TransferRefunded(_Transfer):
    """A part of a completed transfer, or all of it, has gone back from its payee to its payer."""

    TYPE: ClassVar[str] = "transfer.refunded.v1"

    refund_id: UUID
    refund_amount: Amount
    refunded: Annotated[Amount, Field(description="What has gone back in all, this refund included.")]
    refunded_at: datetime
