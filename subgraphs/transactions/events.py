"""What transactions emits: how a transfer ended, what was given back of it, who asked whom for money and what came of that."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from payflow.events.envelope import to_record
from payflow.events.payment_requests import PaymentRequestClosed, PaymentRequestCreated
from payflow.events.transfers import TransferCompleted, TransferFailed, TransferRefunded
from payflow.kernel.db import UnitOfWork
from payflow.kernel.ids import derived_id
from payflow.kernel.outbox import Outbox, stamp
from payflow.kernel.publisher import Record
from subgraphs.transactions.domain import State, Transfer, TransferKind
from subgraphs.transactions.requests import PaymentRequest


def event_id_of_end(transfer_id: UUID) -> UUID:
    """Under which id the end of a transfer is told, or of a refund what it gave back of its payment."""
    return derived_id(transfer_id, "ENDED")


def end_of(transfer: Transfer) -> tuple[UUID, Record] | None:
    """What is told of the end of a payment, under which id. The id is derived, so a transfer cannot be told to have ended twice.

    Of a refund nothing is told here: what it gives back is told of its payment.
    """
    if transfer.kind is TransferKind.REFUND:
        return None
    assert transfer.ended_at is not None, transfer
    event_id = event_id_of_end(transfer.id)
    return event_id, stamp(to_record(_ended(transfer), event_id=event_id, time=transfer.ended_at), event_id=event_id)


def _ended(transfer: Transfer) -> TransferCompleted | TransferFailed:
    if transfer.state is State.COMPLETED:
        return TransferCompleted.model_validate({**_facts(transfer), "completed_at": transfer.ended_at})
    return TransferFailed.model_validate(
        {**_facts(transfer), "failure_code": transfer.failure_code, "failed_at": transfer.ended_at}
    )


def _facts(transfer: Transfer) -> dict[str, Any]:
    return {
        "transfer_id": transfer.id,
        "payer_id": transfer.payer_id,
        "payee_id": transfer.payee_id,
        "from_wallet_id": transfer.from_wallet_id,
        "to_wallet_id": transfer.to_wallet_id,
        "amount": transfer.amount.amount,
        "currency": transfer.amount.currency,
        "note": transfer.note,
    }


async def emit_refunded(outbox: Outbox, work: UnitOfWork, refund: Transfer, payment: Transfer) -> None:
    """Tell that a refund has completed; `payment` is as that leaves it, and under its row's lock."""
    assert refund.ended_at is not None, refund
    data = TransferRefunded(
        **_facts(payment),
        refund_id=refund.id,
        refund_amount=refund.amount.amount,
        refunded=payment.refunded,
        refunded_at=refund.ended_at,
    )
    event_id = event_id_of_end(refund.id)
    await outbox.add(work, event_id=event_id, record=to_record(data, event_id=event_id, time=refund.ended_at))


async def emit_created(outbox: Outbox, work: UnitOfWork, request: PaymentRequest) -> None:
    """Tell that somebody asks for money."""
    data = PaymentRequestCreated(**_asked(request), created_at=request.created_at, expires_at=request.expires_at)
    event_id = derived_id(request.id, "CREATED")
    await outbox.add(work, event_id=event_id, record=to_record(data, event_id=event_id, time=request.created_at))


async def emit_closed(outbox: Outbox, work: UnitOfWork, request: PaymentRequest) -> None:
    """Tell how a request ended. Its id is derived, so a request cannot be told to have ended twice."""
    assert request.closed_at is not None, request
    data = PaymentRequestClosed.model_validate(
        {
            **_asked(request),
            "status": request.status.value,
            "transfer_id": request.transfer_id,
            "closed_at": request.closed_at,
        }
    )
    event_id = derived_id(request.id, "CLOSED")
    await outbox.add(work, event_id=event_id, record=to_record(data, event_id=event_id, time=request.closed_at))


def _asked(request: PaymentRequest) -> dict[str, Any]:
    return {
        "payment_request_id": request.id,
        "requester_id": request.requester_id,
        "payer_id": request.payer_id,
        "amount": request.amount.amount,
        "currency": request.amount.currency,
        "note": request.note,
    }
