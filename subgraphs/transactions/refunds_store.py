"""The SQL of refunds: what they reserve on their payment, and which of them are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import UnitOfWork
from subgraphs.transactions import store
from subgraphs.transactions.domain import Transfer
from subgraphs.transactions.tables import transfers

REFUNDS_SHOWN_MAX = 20  # of one payment; who gives back in more parts than these finds the others in the statement

_KEEP: Final = "UPDATE transfers SET refunded = $2, refunding = $3 WHERE id = $1 RETURNING id"


async def keep(work: UnitOfWork, payment: Transfer) -> None:
    """Write down what has gone back of a payment, and what is on its way; its row is locked by this unit of work."""
    await work.call(_KEEP, payment.id, payment.refunded, payment.refunding)


async def of_payments(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, list[Transfer]]:
    """The refunds of each payment, the newest REFUNDS_SHOWN_MAX first."""
    rank = func.row_number().over(partition_by=transfers.c.refund_of, order_by=transfers.c.id.desc())
    ranked = select(transfers.c.id, rank.label("rank")).where(transfers.c.refund_of.in_(ids)).subquery()
    shown = select(ranked.c.id).where(ranked.c.rank <= REFUNDS_SHOWN_MAX).order_by(ranked.c.id.desc())
    newest_first = (await connection.scalars(shown)).all()
    refunds = await store.by_ids(connection, newest_first) if newest_first else {}
    found: dict[UUID, list[Transfer]] = {}
    for refund_id in newest_first:
        refund = refunds[refund_id]
        found.setdefault(refund.payment_id, []).append(refund)
    return found
