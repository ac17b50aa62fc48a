"""The inbox: a consumer remembers the id of each event in the transaction of its effect, so a repeat has none."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Column, DateTime, MetaData, Table, Text, Uuid, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import UnitOfWork


def inbox_table(metadata: MetaData) -> Table:
    """Declare the table among a service's own."""
    return Table(
        "inbox",
        metadata,
        Column("consumer", Text, primary_key=True),
        Column("event_id", Uuid, primary_key=True),
        Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )


async def remember(work: UnitOfWork, table: Table, *, consumer: str, event_id: UUID) -> bool:
    """Claim the event for this transaction; False where it was handled before (or is being: then this waits for the other)."""
    claimed = insert(table).values(consumer=consumer, event_id=event_id).on_conflict_do_nothing()
    return (await work.connection.execute(claimed)).rowcount == 1


async def is_remembered(connection: AsyncConnection, table: Table, *, consumer: str, event_id: UUID) -> bool:
    """Whether the event has been handled. Only a look: what must happen once asks `remember` in its own transaction."""
    seen = exists().where(table.c.consumer == consumer, table.c.event_id == event_id)
    return bool(await connection.scalar(select(seen)))
