"""A service that tells: an outbox, a relay taken step by step, a broker in memory, and what its readers see."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from consumers.memory import MemoryBroker, MemoryConsumer, MemoryPublisher
from payflow.kernel.db import Database
from payflow.kernel.errors import DependencyUnavailable
from payflow.kernel.ids import new_id
from payflow.kernel.outbox import Outbox
from payflow.kernel.publisher import NotAllAcknowledged, Position, Publisher, Record
from payflow.kernel.relay import RETENTION, Relay
from payflow.kernel.sink_cursor import Cursor

TOPIC = "things.v1"
LEADERS = """
SELECT pid FROM pg_locks
 WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@dataclass(frozen=True)
class Teller:
    """`sequence` and `publish` do what a relay that leads does, once, until nothing is left."""

    database: Database
    outbox: Outbox
    broker: MemoryBroker

    async def add(self, *names: str, key: str = "k", outbox: Outbox | None = None) -> None:
        """One transaction with these events."""
        async with self.database.unit_of_work() as work:
            for name in names:
                await (outbox or self.outbox).add(work, event_id=new_id(), record=Record(TOPIC, key, {"name": name}))

    def relay(self, publisher: Publisher | None = None, *, retention: timedelta = RETENTION) -> Relay:
        """One of another process: it is woken by nobody."""
        return Relay(
            service="test",
            database=self.database,
            outbox=Outbox(self.outbox.table),
            publisher=publisher or MemoryPublisher(self.broker),
            retention=retention,
        )

    def woken_relay(self, publisher: Publisher | None = None) -> Relay:
        """One of this process."""
        return Relay(
            service="test",
            database=self.database,
            outbox=self.outbox,
            publisher=publisher or MemoryPublisher(self.broker),
        )

    async def sequence(self) -> int:
        """Move what is in the outbox; answers how many."""
        sequencer, moved = self.relay().sequencer, 0
        async with self.database.session() as session:
            while batch := await sequencer.sequence_batch(session):
                moved += batch
        return moved

    async def publish(self, relay: Relay | None = None, cursor: Cursor | None = None) -> Cursor:
        """Publish what is behind the cursor, which is taken unless it is given; answers it."""
        sink = (relay or self.relay()).sink
        cursor = cursor or await sink.lead()
        while (moved := await sink.publish_batch(cursor)) != cursor:
            cursor = moved
        return cursor

    async def tell(self, *names: str, key: str = "k") -> Cursor:
        """All the way: written, sequenced, published."""
        await self.add(*names, key=key)
        await self.sequence()
        return await self.publish()

    async def published(self) -> list[str]:
        """The whole log of the broker, as a new consumer sees it."""
        return [name for _, name in await self.published_by_key()]

    async def published_by_key(self) -> list[tuple[str, str]]:
        reader = MemoryConsumer(self.broker, group=str(new_id()), topics=[TOPIC])
        found: list[tuple[str, str]] = []
        while messages := await reader.poll(most=100, wait_s=0.01):
            found += [(message.key, orjson.loads(message.value)["name"]) for message in messages]
        return found

    async def until_published(self, *names: str) -> None:
        async with asyncio.timeout(10):
            while Counter(names) - Counter(await self.published()):
                await asyncio.sleep(0.01)

    async def pending(self) -> int:
        async with self.database.read() as connection:
            return await self.outbox.count_pending(connection)

    async def until_told(self) -> None:
        """Until the cursor is behind everything."""
        async with asyncio.timeout(10):
            while await self.pending():
                await asyncio.sleep(0.01)

    async def sequenced(self) -> list[tuple[int, str]]:
        """The event log: each position, and what stands there."""
        async with self.database.read() as connection:
            found = await connection.execute(text("SELECT pos, value ->> 'name' AS name FROM event_log ORDER BY pos"))
            return [(row.pos, row.name) for row in found]


class Flaky(MemoryPublisher):
    """Publishes, and then says it did not, every other time."""

    calls = 0

    async def publish(self, records: Sequence[Record]) -> list[Position]:
        positions = await super().publish(records)
        self.calls += 1
        if self.calls % 2:
            raise DependencyUnavailable("no acknowledgement")
        return positions


class Stopping(MemoryPublisher):
    """Acknowledges a few records of each batch and then no more."""

    few = 2

    async def publish(self, records: Sequence[Record]) -> list[Position]:
        positions = await super().publish(records[: self.few])
        if len(records) > self.few:
            raise NotAllAcknowledged("no more", positions)
        return positions


class Hanging(MemoryPublisher):
    """Never answers."""

    async def publish(self, records: Sequence[Record]) -> list[Position]:
        await asyncio.Event().wait()
        raise AssertionError


async def end_leaders(connection: AsyncConnection) -> int:
    """End the sessions that lead in this database, from the server's side; answers how many."""
    ended = await connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM ({LEADERS}) AS leader"))
    return len(ended.all())
