"""The outbox: an event is a row of the transaction that made it true, and the relay takes it from there.

The table holds what is not sequenced yet, so next to nothing. A row's id is assigned under the lock of the row that its event speaks
of, so id order is commit order per key; between keys it is not, and nobody may remember an id to go on from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, MetaData, Table, Text, Uuid, func, insert, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel import tracing
from payflow.kernel.db import UnitOfWork
from payflow.kernel.event_log import declare_event_log
from payflow.kernel.publisher import Record

_MESSAGING = {
    "messaging.system": "kafka",
    "messaging.operation.name": "create",
    "messaging.operation.type": "create",
}
_PENDING = text("""
SELECT (SELECT count(*) FROM outbox)
     + (SELECT count(*) FROM event_log WHERE pos > coalesce((SELECT min(pos) FROM sink_cursor), 0))
""")


def stamp(record: Record, *, event_id: Any) -> Record:
    """The record with which request and trace it comes from: what a row of the outbox holds."""
    attributes = {**_MESSAGING, "messaging.destination.name": record.topic, "messaging.message.id": str(event_id)}
    with tracing.span(f"create {record.topic}", kind="producer", attributes=attributes):
        return Record(record.topic, record.key, {**record.value, **tracing.attributes_onward()})


def outbox_table(metadata: MetaData) -> Table:
    """Declare the table among a service's own, and beside it the event log that its rows move to."""
    declare_event_log(metadata)
    return Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("event_id", Uuid, nullable=False, unique=True),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("value", JSONB, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("outbox_key", "key"),
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

    async def count_pending(self, connection: AsyncConnection) -> int:
        """How many events are not with the broker yet, sequenced or not."""
        return int((await connection.execute(_PENDING)).scalar_one())
