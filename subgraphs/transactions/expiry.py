"""The sweeper of payment requests: writes down that the time of some is up, and tells it.

Nobody's answer depends on it: an open request whose time is up is expired for everybody who reads it or acts on it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError

from payflow.kernel.db import Database
from payflow.kernel.errors import DependencyUnavailable, one_line
from payflow.kernel.outbox import Outbox
from subgraphs.transactions import requests_store
from subgraphs.transactions.events import emit_closed

SWEEP_MAX = 100  # requests ended by one commit; bounds how long their rows are locked
SWEEP_PAUSE_S = 30.0  # how late the event of an expiry may be, which is days in the making
PAUSE_AFTER_FAILURE_S = 5.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """Runs as a task beside the subgraph; any number of processes may run one."""

    database: Database
    outbox: Outbox
    pause_s: float = SWEEP_PAUSE_S

    async def run(self) -> None:
        """Sweep until cancelled. Nothing else ends this."""
        while True:
            try:
                found = await self.sweep()
                await asyncio.sleep(0 if found == SWEEP_MAX else self.pause_s)
            except (SQLAlchemyError, OSError, DependencyUnavailable) as error:
                log.warning("the expiry of requests waits for the database", reason=one_line(error))
                await asyncio.sleep(PAUSE_AFTER_FAILURE_S)
            except Exception:
                log.exception("the expiry of requests failed; it goes on")
                await asyncio.sleep(PAUSE_AFTER_FAILURE_S)

    async def sweep(self) -> int:
        """End what is due; answers how many that were."""
        async with self.database.unit_of_work() as work:
            ended = await requests_store.expire(work, most=SWEEP_MAX)
            for request in ended:
                await emit_closed(self.outbox, work, request)
        if ended:
            log.info("payment requests expired", count=len(ended))
        return len(ended)
