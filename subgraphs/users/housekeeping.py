"""Forgets sessions and refresh tokens some time after they have expired: nobody may present them, and nobody asks for them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from payflow.kernel.clock import Clock
from payflow.kernel.db import Database
from payflow.kernel.errors import DependencyUnavailable, one_line
from subgraphs.users import sessions_store

EVERY_S = 3600.0
KEEP = timedelta(days=30)  # what somebody who looks into a theft may still want to see
BATCH_MAX = 1_000  # rows of either table that one transaction deletes

log = structlog.get_logger(__name__)


class Housekeeping:
    """Runs as a task beside the service, until it is cancelled."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def run(self) -> None:
        """Forget for ever; a failure waits for the next time."""
        while True:
            try:
                while await self.forget() >= BATCH_MAX:
                    pass
            except (SQLAlchemyError, DependencyUnavailable, OSError) as error:
                log.warning("expired sessions are not forgotten yet", reason=one_line(error))
            await asyncio.sleep(EVERY_S)

    async def forget(self) -> int:
        """One batch; answers how many rows went."""
        async with self._database.unit_of_work() as work:
            return await sessions_store.forget_expired(work, before=self._clock.now() - KEEP, most=BATCH_MAX)
