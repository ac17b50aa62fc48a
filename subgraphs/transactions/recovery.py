"""The recovery worker: takes up what a crash, a silent wallet or a full process has left, in whichever process it was.

It takes up no more than the retry budget allows, and nothing while what runs in its own process is late. Beside that it keeps house.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from payflow.kernel import metrics
from payflow.kernel.db import Database
from payflow.kernel.errors import DependencyUnavailable, one_line
from payflow.kernel.failpoints import failpoint
from subgraphs.transactions import store
from subgraphs.transactions.limits import SPENDING_KEPT_FOR
from subgraphs.transactions.runner import Runner
from subgraphs.transactions.saga import Timing

CLAIM_MAX = 50  # transfers taken up at a time; bounds what a process that dies next leaves to wait for its leases
PAUSE_AFTER_FAILURE_S = 2.0
HOUSEKEEPING_EVERY_S = 30.0  # how old the gauges of what waits for a person may be; alerts speak of minutes

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Runs as a task beside the subgraph; any number of processes may run one."""

    database: Database
    runner: Runner
    timing: Timing

    async def run(self) -> None:
        """Rescue until cancelled. Nothing else ends this: without it, what a crash leaves stays unfinished."""
        housekeeping_at = 0.0
        while True:
            try:
                found = await self.rescue()
                if asyncio.get_running_loop().time() >= housekeeping_at:
                    await self.keep_house()
                    housekeeping_at = asyncio.get_running_loop().time() + HOUSEKEEPING_EVERY_S
                await asyncio.sleep(0 if found == CLAIM_MAX else self.timing.poll)
            except (SQLAlchemyError, OSError, DependencyUnavailable) as error:
                log.warning("recovery waits for the database", reason=one_line(error))
                await asyncio.sleep(PAUSE_AFTER_FAILURE_S)
            except Exception:
                log.exception("recovery failed; it goes on")
                await asyncio.sleep(PAUSE_AFTER_FAILURE_S)

    async def rescue(self) -> int:
        """Take up what is due, allowed, and there is room for; answers how many."""
        most = min(CLAIM_MAX, self.runner.room, 0 if self.runner.is_behind else self.runner.saga.budget.allowance())
        if most <= 0:
            metrics.SAGA_HELD_BACK.inc()
            return 0
        await failpoint("recovery.claiming")
        claimed = await store.claim(self.database, most=most, lease=timedelta(seconds=self.timing.lease))
        self.runner.saga.budget.spend(len(claimed))
        if claimed:
            await failpoint("recovery.claimed")
        for transfer in claimed:
            log.info("saga taken up", transfer_id=str(transfer.id), state=transfer.state, attempt=transfer.attempt)
            metrics.SAGA_RECOVERED.inc()
            self.runner.start(transfer)
        return len(claimed)

    async def keep_house(self) -> None:
        """Measure what waits for a person, and let go of what no limit counts any more."""
        waiting, oldest = await store.review_load(self.database)
        now = self.runner.saga.clock.now()
        metrics.SAGA_REVIEWS.set(waiting)
        metrics.SAGA_REVIEW_OLDEST_SECONDS.set(0 if oldest is None else (now - oldest).total_seconds())
        await store.forget_spending(self.database, before=now - SPENDING_KEPT_FOR)
