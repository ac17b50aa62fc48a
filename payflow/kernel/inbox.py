"""The inbox: a consumer remembers the id of each event in the transaction of its effect, so a repeat has none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Column,
    DateTime,
    Index,
    MetaData,
    Table,
    Text,
    Uuid,
    cast,
    delete,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from payflow.kernel.db import UnitOfWork

# Longer than an event can come again: from the broker's log (a week, as Kafka has it by default), from what a service publishes anew
# behind a loss of the broker's log (a month), from parking (three days).
RETENTION = timedelta(days=45)
PURGE_MAX = 1000  # rows of one transaction: short locks, and a break between two of them


def inbox_table(metadata: MetaData) -> Table:
    """Declare the table among a service's own."""
    return Table(
        "inbox",
        metadata,
        Column("consumer", Text, primary_key=True),
        Column("event_id", Uuid, primary_key=True),
        Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        # Rows come in the order of their time, so that this costs next to nothing; for forgetting the oldest.
        Index("inbox_by_age", "received_at", postgresql_using="brin"),
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


async def forget_old(work: UnitOfWork, table: Table) -> int:
    """Delete some of what was handled longer than RETENTION ago, PURGE_MAX at most; answers how many."""
    old = select(table.c.consumer, table.c.event_id).where(table.c.received_at < func.now() - RETENTION)
    some = old.limit(PURGE_MAX).subquery()
    gone = delete(table).where(table.c.consumer == some.c.consumer, table.c.event_id == some.c.event_id)
    return int((await work.connection.execute(gone)).rowcount)
