"""The inbox: a consumer remembers the id of each event in the transaction of its effect, so a repeat has none."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Column, DateTime, MetaData, Table, Text, Uuid, any_, cast, func, literal, select
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


async def remember(work: UnitOfWork, table: Table, *, consumer: str, event_ids: Sequence[UUID]) -> set[UUID]:
    """Claim the events for this transaction; answers those not handled before (of one that is being, this waits for the other).

    Claimed in the order of their ids, so that no two who claim the same wait for each other.
    """
    claimed = insert(table).from_select(
        ["consumer", "event_id"], select(literal(consumer), func.unnest(cast(sorted(event_ids), ARRAY(Uuid))))
    )
    claimed_ids = claimed.on_conflict_do_nothing().returning(table.c.event_id)
    return set(await work.connection.scalars(claimed_ids))


async def remembered(
    connection: AsyncConnection, table: Table, *, consumer: str, event_ids: Sequence[UUID]
) -> set[UUID]:
    """Those that have been handled. Only a look: what must happen once asks `remember` in its own transaction."""
    seen = select(table.c.event_id).where(
        table.c.consumer == consumer, table.c.event_id == any_(cast(event_ids, ARRAY(Uuid)))
    )
    return set(await connection.scalars(seen))
