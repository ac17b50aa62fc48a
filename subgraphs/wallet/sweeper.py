"""The sweeper: gives back what is on hold past its time, so that nobody's money waits for a caller that never came back.

Nothing relies on it: a hold that is past its time cannot be captured, whether it has been swept or not.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel import metrics
from payflow.kernel.db import Database
from payflow.kernel.errors import DependencyUnavailable, Refusal, one_line
from subgraphs.wallet import service, store
from subgraphs.wallet.commands import ReleaseHold
from subgraphs.wallet.ledger import Ledger

SWEEP_MAX = 500  # holds at a time: a few batches of the ledger, so that payments wait for none of it for long
SWEEP_EVERY_S = 2.0  # what a payer whose payment was lost waits longer than the hold's own time
PAUSE_AFTER_FAILURE_S = 5.0
# "swee": one process sweeps, the others stand by. Two would do no harm; the second would find the work done.
_SWEEPER_LOCK = 0x7377_6565

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeper:
    """Runs as a task beside the subgraph; of any number of processes one sweeps."""

    database: Database
    ledger: Ledger

    async def run(self) -> None:
        """Sweep until cancelled. Nothing else ends this."""
        while True:
            try:
                await self._lead()
            except (DependencyUnavailable, SQLAlchemyError, OSError) as error:
                log.warning("sweeper waits for the database", reason=one_line(error))
                await asyncio.sleep(PAUSE_AFTER_FAILURE_S)
            except Exception:
                log.exception("sweeper failed; it goes on")
                await asyncio.sleep(PAUSE_AFTER_FAILURE_S)

    async def sweep(self) -> int:
        """Give back the holds that have been past their time longest, SWEEP_MAX at most; answers how many it gave back."""
        async with self.database.read() as connection:
            overdue = await store.overdue_holds(connection, most=SWEEP_MAX)
        metrics.HOLD_OVERDUE_SECONDS.set(overdue.oldest_s)
        given_back = sum(await asyncio.gather(*(self._give_back(hold_id) for hold_id in overdue.ids)))
        if given_back:
            metrics.HOLDS_EXPIRED.inc(given_back)
            log.info("holds expired", count=given_back, oldest_s=round(overdue.oldest_s, 1))
        return given_back

    async def _lead(self) -> None:
        """Sweep as long as this session holds the lock; losing the session is losing the lock."""
        async with self.database.session() as session:
            if not await session.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _SWEEPER_LOCK}):
                await asyncio.sleep(SWEEP_EVERY_S)
                return
            try:
                await self._sweep_until_failure(session)
            finally:
                with contextlib.suppress(SQLAlchemyError, OSError):
                    await session.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _SWEEPER_LOCK})

    async def _sweep_until_failure(self, session: AsyncConnection) -> None:
        while True:
            await session.execute(text("SELECT 1"))  # raises where the lock has gone with its session
            given_back = await self.sweep()
            await asyncio.sleep(0 if given_back == SWEEP_MAX else SWEEP_EVERY_S)

    async def _give_back(self, hold_id: UUID) -> bool:
        """Whether it was given back; somebody may have settled or extended the hold since it was found."""
        try:
            hold = await service.release_hold(ReleaseHold(hold_id=hold_id, expired=True), self.ledger)
        except Refusal as refusal:
            log.info("hold left alone", hold_id=str(hold_id), reason=refusal.failure_code)
            return False
        return hold.expired
