"""The recovery worker: takes up what a crash, a silent wallet or a full process has left, in whichever process it was."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from payflow.kernel import metrics
from payflow.kernel.db import Database
from payflow.kernel.errors import one_line
from payflow.kernel.failpoints import failpoint
from subgraphs.transactions import store
from subgraphs.transactions.runner import Runner
from subgraphs.transactions.saga import Timing

CLAIM_MAX = 50  # transfers taken up at a time; bounds what a process that dies next leaves to wait for its leases
PAUSE_AFTER_FAILURE_S = 2.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Runs as a task beside the subgraph; any number of processes may run one."""

    database: Database
    runner: Runner
    timing: Timing

    async def run(self) -> None:
        """Rescue until cancelled. Nothing else ends this: without it, what a crash leaves stays unfinished."""
        while True:
            try:
                found = await self.rescue()
                await asyncio.sleep(0 if found == CLAIM_MAX else self.timing.poll)
            except (SQLAlchemyError, OSError) as error:
                log.warning("recovery waits for the database", reason=one_line(error))
                await asyncio.sleep(PAUSE_AFTER_FAILURE_S)
            except Exception:
                log.exception("recovery failed; it goes on")
                await asyncio.sleep(PAUSE_AFTER_FAILURE_S)

    async def rescue(self) -> int:
        """Take up what is due and there is room for; answers how many."""
        most = min(CLAIM_MAX, self.runner.room)
        if most <= 0:
            return 0
        await failpoint("recovery.claiming")
        async with self.database.unit_of_work() as work:
            claimed = await store.claim(work, most=most, lease=timedelta(seconds=self.timing.lease))
        if claimed:
            await failpoint("recovery.claimed")
        for transfer in claimed:
            log.info("saga taken up", transfer_id=str(transfer.id), state=transfer.state, attempt=transfer.attempt)
            metrics.SAGA_RECOVERED.inc()
            self.runner.start(transfer)
        return len(claimed)
