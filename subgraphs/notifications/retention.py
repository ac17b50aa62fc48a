"""Letting go of notifications that are older than their time, from the start of each stream on.

What is left of a stream is still numbered without a gap, so a cursor from before it is recognised (CursorExpired).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError

from payflow.kernel.clock import Clock
from payflow.kernel.db import Database
from payflow.kernel.errors import DependencyUnavailable, one_line
from subgraphs.notifications import store
from subgraphs.notifications.domain import RETENTION

SWEEP_MAX = 500  # notifications deleted by one commit; bounds how long their streams are locked
SWEEP_PAUSE_S = 600.0  # how late it may be for what was kept for months
PAUSE_AFTER_FAILURE_S = 5.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Runs as a task beside the subgraph; any number of processes may run one."""

    database: Database
    clock: Clock

    async def run(self) -> None:
        """Sweep until cancelled. Nothing else ends this."""
        while True:
            try:
                gone = await self.sweep()
                await asyncio.sleep(0 if gone >= SWEEP_MAX else SWEEP_PAUSE_S)
            except (SQLAlchemyError, OSError, DependencyUnavailable) as error:
                log.warning("the retention of notifications waits for the database", reason=one_line(error))
                await asyncio.sleep(PAUSE_AFTER_FAILURE_S)
            except Exception:
                log.exception("the retention of notifications failed; it goes on")
                await asyncio.sleep(PAUSE_AFTER_FAILURE_S)

    async def sweep(self) -> int:
        """Let go of some that are due, SWEEP_MAX or so; answers how many that were."""
        async with self.database.unit_of_work() as work:
            gone = await store.let_go(work, before=self.clock.now() - RETENTION, most=SWEEP_MAX)
        if gone:
            log.info("notifications let go of", count=gone)
        return gone
