"""The outbox: an event is a row of the transaction that made it true, and a relay publishes it afterwards.

Rows keep the partition and offset at which the broker acknowledged them, for RETENTION_DAYS: by them the relay notices a broker that
has lost its log, and publishes again what was lost. Consumers remember the ids they have seen, so a duplicate is harmless.

Order: a row's id is assigned under the lock of the row its event speaks of, so id order is commit order per key; and the relay selects
what is *not published* rather than what is *behind a cursor*, so a transaction that commits late is never skipped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    cast,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel import tracing
from payflow.kernel.db import UnitOfWork

_MESSAGING = {
    "messaging.system": "kafka",
    "messaging.operation.name": "create",
    "messaging.operation.type": "create",
}

Partition = tuple[str, int]
"""A topic and the number of one of its partitions."""

RETENTION_DAYS = 7  # longer than any broker outage we would sleep through


@dataclass(frozen=True, slots=True)
class Record:
    """What goes to the broker: a JSON object under a key of a topic."""

    topic: str
    key: str
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Position:
    """Where the broker keeps a record it has acknowledged."""

    partition: int
    offset: int


def stamp(record: Record, *, event_id: Any) -> Record:
    """The record with which request and trace it comes from: what a row of the outbox holds."""
    attributes = {**_MESSAGING, "messaging.destination.name": record.topic, "messaging.message.id": str(event_id)}
    with tracing.span(f"create {record.topic}", kind="producer", attributes=attributes):
        return Record(record.topic, record.key, {**record.value, **tracing.attributes_onward()})


class Publisher(Protocol):
    """Publishes records in order. Raises `DependencyUnavailable` where the broker cannot be reached."""

    async def publish(self, records: Sequence[Record]) -> list[Position]:
        """Send all and wait for all acknowledgements; per key, order is kept."""
        ...

    async def end_offsets(self, topic: str) -> dict[int, int]:
        """For each partition of the topic the offset that its next record will get."""
        ...

    async def values_at(self, offsets: Mapping[Partition, int]) -> dict[Partition, dict[str, Any]]:
        """What stands at one offset of each partition; where nothing is kept there, or no longer, the partition is left out."""
        ...

    async def close(self) -> None: ...


def outbox_table(metadata: MetaData) -> Table:
    """Declare the table among a service's own."""
    return Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("event_id", Uuid, nullable=False, unique=True),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("value", JSONB, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("published_at", DateTime(timezone=True)),
        Column("partition", Integer),
        Column("offset", BigInteger),
        Index("outbox_pending", "id", postgresql_where="published_at IS NULL"),
        Index("outbox_positions", "topic", "partition", "offset"),
    )


class Outbox:
    """The outbox of one service. `wake` is called after each commit that added something."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._wake: list[Any] = []

    def on_commit(self, wake: Any) -> None:
        """Have `wake()` called, in this process, after each commit that added an event."""
        self._wake.append(wake)

    async def add(self, work: UnitOfWork, *, event_id: UUID, record: Record) -> None:
        """Store an event in the transaction that makes it true. Call it last, under the lock of what it speaks of.

        With it goes which request and trace it comes from: whoever publishes it later knows nothing of them.
        """
        await self.add_all(work, [(event_id, record)])

    async def add_all(self, work: UnitOfWork, events: Sequence[tuple[UUID, Record]]) -> None:
        """The same for several, each beside its id, in one statement: they get their places in this order."""
        rows = [
            {
                "event_id": event_id,
                "topic": record.topic,
                "key": record.key,
                "value": stamp(record, event_id=event_id).value,
            }
            for event_id, record in events
        ]
        if rows:
            await work.connection.execute(insert(self.table), rows)
            work.after_commit(self.wake)

    def wake(self) -> None:
        """Say that a commit has added something: for those who add by a statement of their own."""
        for wake in self._wake:
            wake()

    async def pending(self, connection: AsyncConnection, *, most: int) -> list[tuple[int, Record]]:
        """The oldest unpublished rows, in order."""
        table = self.table
        query = (
            select(table.c.id, table.c.topic, table.c.key, table.c.value)
            .where(table.c.published_at.is_(None))
            .order_by(table.c.id)
            .limit(most)
        )
        return [(row.id, Record(row.topic, row.key, row.value)) for row in await connection.execute(query)]

    async def count_pending(self, connection: AsyncConnection) -> int:
        query = select(func.count()).select_from(self.table).where(self.table.c.published_at.is_(None))
        return int((await connection.execute(query)).scalar_one())

    async def mark_published(self, connection: AsyncConnection, positions: Sequence[tuple[int, Position]]) -> None:
        """Note where each row now stands in the broker's log."""
        table = self.table
        rows, partitions, offsets = zip(*((row, at.partition, at.offset) for row, at in positions), strict=True)
        marks = (
            func.unnest(
                cast(rows, ARRAY(BigInteger)), cast(partitions, ARRAY(Integer)), cast(offsets, ARRAY(BigInteger))
            )
            .table_valued("row", "partition", "offset")
            .render_derived(name="marks")
        )
        await connection.execute(
            update(table)
            .where(table.c.id == marks.c.row)
            .values(published_at=func.now(), partition=marks.c.partition, offset=marks.c.offset)
        )

    async def last_positions(self, connection: AsyncConnection) -> dict[str, dict[int, int]]:
        """For each topic and partition the highest acknowledged offset."""
        table = self.table
        query = (
            select(table.c.topic, table.c.partition, func.max(table.c.offset).label("last"))
            .where(table.c.published_at.is_not(None))
            .group_by(table.c.topic, table.c.partition)
        )
        found: dict[str, dict[int, int]] = {}
        for row in await connection.execute(query):
            found.setdefault(row.topic, {})[row.partition] = row.last
        return found

    async def values_at(
        self, connection: AsyncConnection, offsets: Mapping[Partition, int]
    ) -> dict[Partition, dict[str, Any]]:
        """What the broker acknowledged at one offset of each partition, where that is still known."""
        table = self.table
        places = [(topic, partition, offset) for (topic, partition), offset in offsets.items()]
        query = select(table.c.topic, table.c.partition, table.c.value).where(
            tuple_(table.c.topic, table.c.partition, table.c.offset).in_(places)
        )
        return {(row.topic, row.partition): row.value for row in await connection.execute(query)}

    async def forget_positions(self, connection: AsyncConnection, *, topic: str, partition: int) -> int:
        """Make every retained row of a lost partition unpublished again; answers how many."""
        table = self.table
        result = await connection.execute(
            update(table)
            .where(table.c.topic == topic, table.c.partition == partition, table.c.published_at.is_not(None))
            .values(published_at=None, partition=None, offset=None)
        )
        return int(result.rowcount)

    async def purge(self, connection: AsyncConnection) -> int:
        """Delete what was published longer than RETENTION_DAYS ago."""
        before = datetime.now(UTC) - timedelta(days=RETENTION_DAYS)
        result = await connection.execute(delete(self.table).where(self.table.c.published_at < before))
        return int(result.rowcount)
