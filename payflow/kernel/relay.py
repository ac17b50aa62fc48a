"""The relay: moves a service's outbox to the broker. Any number may run; the one that holds the advisory lock works.

It never stops a command: when the broker is away, rows wait and the relay tries again with back-off. A broker that has lost its log is
noticed by offsets that run backwards, as seen every LOSS_CHECK_S and in each acknowledgement; then all that it had is published again.
A new log that has outgrown the old one while nobody was there to see is noticed at the start, by another record in the place of ours.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel import failpoints, metrics
from payflow.kernel.backoff import full_jitter_s
from payflow.kernel.db import Database
from payflow.kernel.errors import DependencyUnavailable, one_line
from payflow.kernel.failpoints import failpoint
from payflow.kernel.outbox import Outbox, Position, Publisher, Record

BATCH_MAX = 500  # rows sent in one pipelined batch; bounds memory and what a crash repeats
GATHER_S = 0.02  # how long events are gathered once there is one; a batch costs as much as one event
POLL_S = 1.0  # how long an event waits at most when its wake-up was lost, e.g. written by another process
LOSS_CHECK_S = 15.0  # how often the broker's log is held against what it acknowledged
PURGE_EVERY_S = 3600.0  # how often what is older than the retention is deleted
BACKOFF_BASE_S = 0.2
BACKOFF_MAX_S = 10.0
_RELAY_LOCK = 0x6F75_7462

log = structlog.get_logger(__name__)


class Relay:
    """Runs as a task beside whatever writes a service's outbox, until it is cancelled."""

    def __init__(self, *, service: str, database: Database, outbox: Outbox, publisher: Publisher) -> None:
        self._service = service
        self._database = database
        self._outbox = outbox
        self._publisher = publisher
        self._wake = asyncio.Event()
        self._acknowledged: dict[tuple[str, int], int] = {}  # by topic and partition, the highest offset
        outbox.on_commit(self._wake.set)

    async def run(self) -> None:
        """Relay for ever; failures are logged and tried again with back-off."""
        failures = 0
        while True:
            try:
                await self._lead()
                failures = 0
            except Exception as error:
                failures += 1
                metrics.OUTBOX_FAILURES.labels(self._service).inc()
                expected = isinstance(error, DependencyUnavailable | SQLAlchemyError | OSError)
                log.warning("relay waits", reason=one_line(error), failures=failures, exc_info=not expected)
            await asyncio.sleep(full_jitter_s(failures, base_s=BACKOFF_BASE_S, max_s=BACKOFF_MAX_S))

    async def _lead(self) -> None:
        """Publish as long as this session holds the lock; losing the session is losing the lock."""
        async with self._database.session() as session:
            held = await session.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _RELAY_LOCK})
            if not held:
                await asyncio.sleep(POLL_S)
                return
            try:
                await self._publish_until_failure(session)
            finally:
                with contextlib.suppress(SQLAlchemyError, OSError):
                    await session.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _RELAY_LOCK})

    async def _publish_until_failure(self, session: AsyncConnection) -> None:
        await self.learn_positions()
        await self.rewind_lost()
        await self.rewind_replaced()
        next_check, next_purge = asyncio.get_running_loop().time() + LOSS_CHECK_S, 0.0
        while True:
            self._wake.clear()
            now = asyncio.get_running_loop().time()
            if now >= next_purge:
                async with self._database.unit_of_work() as work:
                    await self._outbox.purge(work.connection)
                next_purge = now + PURGE_EVERY_S
            if now >= next_check:
                await self.rewind_lost()
                next_check = now + LOSS_CHECK_S
            while await self._publish_batch(session) == BATCH_MAX:
                pass
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL_S)
                await asyncio.sleep(GATHER_S)

    async def publish_batch(self) -> int:
        """Publish the oldest pending rows; answers how many."""
        async with self._database.session() as session:
            return await self._publish_batch(session)

    async def _publish_batch(self, session: AsyncConnection) -> int:
        """Over the session that holds the lock: where that has gone with its session, this raises."""
        rows = await self._outbox.pending(session, most=BATCH_MAX)
        metrics.OUTBOX_PENDING.labels(self._service).set(len(rows))
        if not rows:
            return 0
        records = [record for _, record in rows]
        positions = await failpoints.call(
            "relay.publish", lambda: self._publisher.publish(records), lost=DependencyUnavailable
        )
        await self._forget(self._overwritten(records, positions))
        await failpoint("relay.marking")
        await self._outbox.mark_published(
            session, [(row, position) for (row, _), position in zip(rows, positions, strict=True)]
        )
        await failpoint("relay.marked")
        for record, position in zip(records, positions, strict=True):
            self._acknowledged[record.topic, position.partition] = position.offset
        metrics.OUTBOX_PUBLISHED.labels(self._service).inc(len(rows))
        return len(rows)

    async def learn_positions(self) -> None:
        """Read from the outbox how far the broker has acknowledged: another process may have led before."""
        async with self._database.read() as connection:
            found = await self._outbox.last_positions(connection)
        self._acknowledged = {
            (topic, partition): last for topic, partitions in found.items() for partition, last in partitions.items()
        }

    async def rewind_lost(self) -> int:
        """Have published again what a broker acknowledged and no longer has: a log that ends before an acknowledged offset."""
        ends = {
            topic: await self._publisher.end_offsets(topic) for topic in sorted({at[0] for at in self._acknowledged})
        }
        return await self._forget(
            {
                (topic, partition)
                for (topic, partition), last in self._acknowledged.items()
                if ends[topic].get(partition, 0) <= last
            }
        )

    async def rewind_replaced(self) -> int:
        """Have published again what stood in a log that another one has replaced and outgrown: its offsets alone do not tell.

        So it is where a relay filled the new log and died before it noted that the old one was gone. What is looked at is one record
        a partition, the last that was acknowledged.
        """
        async with self._database.read() as connection:
            ours = await self._outbox.values_at(connection, self._acknowledged)
        theirs = await self._publisher.values_at(self._acknowledged)
        return await self._forget({at for at, value in theirs.items() if at in ours and ours[at] != value})

    def _overwritten(self, records: Sequence[Record], positions: Sequence[Position]) -> set[tuple[str, int]]:
        """The partitions that have acknowledged an offset a second time: their log began anew since the last look."""
        return {
            (record.topic, position.partition)
            for record, position in zip(records, positions, strict=True)
            if position.offset <= self._acknowledged.get((record.topic, position.partition), -1)
        }

    async def _forget(self, lost: set[tuple[str, int]]) -> int:
        """Make every retained event of the lost partitions pending again; answers how many."""
        rewound = 0
        for topic, partition in sorted(lost):
            async with self._database.unit_of_work() as work:
                rewound += await self._outbox.forget_positions(work.connection, topic=topic, partition=partition)
            self._acknowledged.pop((topic, partition), None)
        if rewound:
            metrics.OUTBOX_REWINDS.labels(self._service).inc(rewound)
            log.warning("broker lost its log; publishing again", events=rewound)
        return rewound
