"""The relay: moves a service's outbox to the broker. Any number may run; the one that holds the advisory lock works.

It never stops a command: when the broker is away, rows wait and the relay tries again with back-off.
"""

from __future__ import annotations

import asyncio
import contextlib
import random

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from payflow.kernel import metrics
from payflow.kernel.db import Database
from payflow.kernel.errors import DependencyUnavailable
from payflow.kernel.outbox import Outbox, Publisher

BATCH_MAX = 500  # rows sent in one pipelined batch; bounds memory and what a crash repeats
POLL_S = 1.0  # how long an event waits at most when its wake-up was lost, e.g. written by another process
LOSS_CHECK_S = 15.0  # how often the broker's log is held against what it acknowledged
BACKOFF_BASE_S = 0.2
BACKOFF_MAX_S = 10.0
_RELAY_LOCK = 0x6F75_7462

log = structlog.get_logger(__name__)


class Relay:
    """Runs as a task beside a service's subgraph until it is cancelled."""

    def __init__(self, *, service: str, database: Database, outbox: Outbox, publisher: Publisher) -> None:
        self._service = service
        self._database = database
        self._outbox = outbox
        self._publisher = publisher
        self._wake = asyncio.Event()
        outbox.on_commit(self._wake.set)

    async def run(self) -> None:
        """Relay for ever; failures are logged and tried again with back-off."""
        failures = 0
        while True:
            try:
                await self._lead()
                failures = 0
            except (DependencyUnavailable, SQLAlchemyError, OSError) as error:
                failures += 1
                metrics.OUTBOX_FAILURES.labels(self._service).inc()
                log.warning("relay waits", reason=str(error).splitlines()[0], failures=failures)
            await asyncio.sleep(random.uniform(0, min(BACKOFF_MAX_S, BACKOFF_BASE_S * 2 ** min(failures, 10))))  # noqa: S311  jitter

    async def _lead(self) -> None:
        """Publish as long as this session holds the lock; losing the session is losing the lock."""
        async with self._database.session() as session:
            held = await session.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _RELAY_LOCK})
            if not held:
                await asyncio.sleep(POLL_S)
                return
            try:
                await self._publish_until_failure()
            finally:
                with contextlib.suppress(SQLAlchemyError, OSError):
                    await session.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _RELAY_LOCK})

    async def _publish_until_failure(self) -> None:
        next_check = 0.0
        while True:
            self._wake.clear()
            now = asyncio.get_running_loop().time()
            if now >= next_check:
                await self.rewind_lost()
                next_check = now + LOSS_CHECK_S
            while await self.publish_batch():
                pass
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL_S)

    async def publish_batch(self) -> int:
        """Publish the oldest pending rows; answers how many."""
        async with self._database.read() as connection:
            rows = await self._outbox.pending(connection, most=BATCH_MAX)
        if not rows:
            metrics.OUTBOX_PENDING.labels(self._service).set(0)
            return 0
        positions = await self._publisher.publish([record for _, record in rows])
        async with self._database.unit_of_work() as work:
            await self._outbox.mark_published(
                work.connection, [(row, position) for (row, _), position in zip(rows, positions, strict=True)]
            )
        metrics.OUTBOX_PUBLISHED.labels(self._service).inc(len(rows))
        return len(rows)

    async def rewind_lost(self) -> int:
        """Publish again what a broker acknowledged and no longer has: a log that ends before an acknowledged offset."""
        async with self._database.unit_of_work() as work:
            await self._outbox.purge(work.connection)
            acknowledged = await self._outbox.last_positions(work.connection)
        rewound = 0
        for topic, partitions in acknowledged.items():
            ends = await self._publisher.end_offsets(topic)
            for partition, last in partitions.items():
                if ends.get(partition, 0) <= last:
                    async with self._database.unit_of_work() as work:
                        rewound += await self._outbox.forget_positions(
                            work.connection, topic=topic, partition=partition
                        )
        if rewound:
            metrics.OUTBOX_REWINDS.labels(self._service).inc(rewound)
            log.warning("broker lost its log; publishing again", events=rewound)
        return rewound
