"""What transactions emits: how a transfer ended."""

from __future__ import annotations

from payflow.events.envelope import to_record
from payflow.events.transfers import TransferCompleted, TransferFailed
from payflow.kernel.db import UnitOfWork
from payflow.kernel.ids import derived_id
from payflow.kernel.outbox import Outbox
from subgraphs.transactions.domain import State, Transfer


async def emit_end(outbox: Outbox, work: UnitOfWork, transfer: Transfer) -> None:
    """Put the end of a transfer into the outbox. Its id is derived, so a transfer cannot be told to have ended twice."""
    assert transfer.ended_at is not None, transfer
    record = to_record(
        _ended(transfer), event_id=(event_id := derived_id(transfer.id, "ENDED")), time=transfer.ended_at
    )
    await outbox.add(work, event_id=event_id, record=record)


def _ended(transfer: Transfer) -> TransferCompleted | TransferFailed:
    facts = {
        "transfer_id": transfer.id,
        "payer_id": transfer.payer_id,
        "payee_id": transfer.payee_id,
        "from_wallet_id": transfer.from_wallet_id,
        "to_wallet_id": transfer.to_wallet_id,
        "amount": transfer.amount.amount,
        "currency": transfer.amount.currency,
        "note": transfer.note,
    }
    if transfer.state is State.COMPLETED:
        return TransferCompleted.model_validate({**facts, "completed_at": transfer.ended_at})
    return TransferFailed.model_validate(
        {**facts, "failure_code": transfer.failure_code, "failed_at": transfer.ended_at}
    )
