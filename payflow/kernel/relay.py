"""The relay: brings a service's events to the broker. Any number may run; the one whose session holds the advisory lock works.

It never stops a command: when the broker is away, events wait and the relay tries again with back-off. It is a sequencer and a sink
side by side: a broker that is away, or hangs, keeps no event from its position. Whoever fails gives up the lead, which is the session.
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel import metrics
from payflow.kernel.backoff import full_jitter_s
from payflow.kernel.db import Database
from payflow.kernel.errors import DependencyUnavailable, one_line
from payflow.kernel.outbox import Outbox
from payflow.kernel.publisher import Publisher
from payflow.kernel.relay_gauges import RelayGauges
from payflow.kernel.sequencer import GATHER_S, SEQUENCE, Sequencer
from payflow.kernel.sink import Sink
from payflow.kernel.sink_cursor import Overtaken

RETENTION = timedelta(days=30)  # where PAYFLOW_EVENT_LOG_DAYS says nothing else
FOLLOW_S = 1.0  # how often one that does not lead looks whether it may
LEASE_S = 10  # a leader that has not used its session for so long has stopped, or cannot be reached: the server ends it, and the lead
BACKOFF_BASE_S = 0.2
BACKOFF_MAX_S = 10.0
STEADY_S = 60.0  # a lead that has lasted so long was well, longer than one at a broker that hangs: what ends it is a first failure
_RELAY_LOCK = 0x6F75_7462
_EXPECTED = (DependencyUnavailable, Overtaken, SQLAlchemyError, OSError)

log = structlog.get_logger(__name__)


class Relay:
    """Runs as a task beside whatever writes a service's outbox, until it is cancelled.

    `sequencing` is the statement that moves rows where a service's outbox is not the usual one, `gather_s` how long events may wait
    for each other (see payflow.kernel.sequencer).
    """

    def __init__(
        self,
        *,
        service: str,
        database: Database,
        outbox: Outbox,
        publisher: Publisher,
        retention: timedelta = RETENTION,
        sequencing: str = SEQUENCE,
        gather_s: float = GATHER_S,
    ) -> None:
        self._service = service
        self._database = database
        self._publisher = publisher
        self.sink = Sink(service=service, database=database, publisher=publisher, retention=retention)
        self.sequencer = Sequencer(service=service, statement=sequencing, gather_s=gather_s, moved=self.sink.wake)
        outbox.on_commit(self.sequencer.wake)

    async def run(self) -> None:
        """Relay for ever; failures are logged and tried again with back-off."""
        failures, now = 0, asyncio.get_running_loop().time
        while True:
            began = now()
            try:
                if not await self._lead():
                    await asyncio.sleep(FOLLOW_S)
                failures = 0
            except Exception as error:
                failures = 1 if now() - began > STEADY_S else failures + 1
                self._say(error, failures)
            await asyncio.sleep(full_jitter_s(failures, base_s=BACKOFF_BASE_S, max_s=BACKOFF_MAX_S))

    async def _lead(self) -> bool:
        """Work as long as this session holds the lock; answers whether it did. Losing the session is losing the lock."""
        async with self._database.session() as session:
            if not await session.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _RELAY_LOCK}):
                return False
            try:
                await session.execute(text(f"SET idle_session_timeout = '{LEASE_S}s'"))
                await self._work(session)
            finally:
                with contextlib.suppress(SQLAlchemyError, OSError):
                    await session.invalidate()  # the server lets go of the lock
        return True

    async def _work(self, session: AsyncConnection) -> None:
        """Until one of the parts fails, with its error. (A TaskGroup forgets that it was cancelled where a part fails of that.)"""
        gauges = RelayGauges(self._service, self._database)
        parts = {
            asyncio.create_task(self.sequencer.run(session), name="sequencer"),
            asyncio.create_task(self.sink.run(), name="sink"),
            asyncio.create_task(gauges.run(), name="gauges"),
        }
        try:
            failed, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            failed.pop().result()
        finally:
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)
            gauges.forget()

    def _say(self, error: Exception, failures: int) -> None:
        metrics.OUTBOX_FAILURES.labels(self._service).inc()
        log.warning(
            "relay waits",
            reason=one_line(error),
            failures=failures,
            exc_info=error if not isinstance(error, _EXPECTED) else None,
        )
