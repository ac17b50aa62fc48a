"""Payouts: the wallet commands of what has been decided, each under a key that follows from it, until the wallet has answered.

Who has granted pays at once (`settle`); whatever that leaves undone, by a crash, a silent wallet or an empty fund, the worker (`run`)
takes up, in whichever process it runs. An empty fund pauses its campaign: nothing of it is asked for again until somebody resumes it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from payflow.kernel import metrics
from payflow.kernel.backoff import equal_jitter_s
from payflow.kernel.clock import Clock
from payflow.kernel.db import Database
from payflow.kernel.errors import DependencyUnavailable, one_line
from payflow.kernel.money import Money
from payflow.kernel.outbox import Outbox
from subgraphs.rewards import campaigns_store, clawbacks_store, store
from subgraphs.rewards.answers import Answer, book_claw_backs, book_rewards
from subgraphs.rewards.clawbacks import ClawBack
from subgraphs.rewards.domain import Reward, Source
from subgraphs.rewards.errors import WalletRefused
from subgraphs.rewards.wallet import Credit, Debit, Wallet

AT_ONCE_MAX = 32  # wallet commands under way; the wallet posts in one go those that come together
TAKE_MAX = 64  # taken up at a time; bounds what a process that dies next leaves to wait for its lease
LEASE = timedelta(
    seconds=15
)  # how long whoever took something up keeps it; longer than PATIENCE_S and the booking together
PATIENCE_S = 5.0  # for all that is asked for together; what is not answered by then is asked for again, later
POLL_S = 1.0
BACKOFF_BASE_S = 0.5
BACKOFF_MAX_S = 5 * 60.0  # a wallet that is away for days is asked 300 times a day for each reward
PAUSE_AFTER_FAILURE_S = 2.0
MEASURE_EVERY_S = 5.0

Owed = TypeVar("Owed", Reward, ClawBack)
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Payouts:
    """Moves the money of rewards and claw-backs. Any number of processes may run one."""

    database: Database
    wallet: Wallet
    outbox: Outbox
    clock: Clock
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE_MAX))
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    async def settle(self, transfer_ids: Sequence[UUID], refund_ids: Sequence[UUID]) -> None:
        """Pay what was granted just now for these transfers, and take what these refunds have just now made undue.

        What fails is only logged: it stands in the database, and the worker takes it up.
        """
        try:
            async with self.database.read() as connection:
                granted = await store.granted_just_now(connection, transfer_ids) if transfer_ids else []
                undue = await clawbacks_store.claimed_just_now(connection, refund_ids) if refund_ids else []
            await self._pay(granted)
            await self._take(undue)
        except (SQLAlchemyError, OSError, DependencyUnavailable) as error:
            log.warning("rewards are left to the worker", reason=one_line(error))

    async def run(self) -> None:
        """Take up what is due until cancelled. Nothing else ends this: without it, what a crash leaves is never paid."""
        measure_at = 0.0
        while True:
            now = asyncio.get_running_loop().time()
            try:
                if now >= measure_at:
                    await self.measure()
                    measure_at = now + MEASURE_EVERY_S
                if not await self.resume():
                    await self._wait()
            except (SQLAlchemyError, OSError, DependencyUnavailable) as error:
                log.warning("rewards wait for the database", reason=one_line(error))
                await asyncio.sleep(PAUSE_AFTER_FAILURE_S)
            except Exception:
                log.exception("the paying of rewards failed; it goes on")
                await asyncio.sleep(PAUSE_AFTER_FAILURE_S)

    async def resume(self) -> int:
        """Take up what is due, TAKE_MAX of each at most; answers how much that was."""
        now = self.clock.now()
        async with self.database.unit_of_work() as work:
            granted = await store.take_due(work, now=now, until=now + LEASE, most=TAKE_MAX)
        await self._pay(granted)
        now = self.clock.now()  # the paying may have taken most of a lease
        async with self.database.unit_of_work() as work:
            undue = await clawbacks_store.take_due(work, now=now, until=now + LEASE, most=TAKE_MAX)
        await self._take(undue)
        return len(granted) + len(undue)

    async def measure(self) -> None:
        """Say how much waits, and for how long."""
        async with self.database.read() as connection:
            pending, since = await store.count_pending(connection)
            paused = await campaigns_store.count_paused(connection)
        metrics.REWARDS_PENDING.set(pending)
        metrics.REWARDS_PENDING_OLDEST_SECONDS.set(0 if since is None else (self.clock.now() - since).total_seconds())
        metrics.CAMPAIGNS_PAUSED.set(paused)

    async def _pay(self, granted: Sequence[Reward]) -> None:
        asked_at = self.clock.now()
        answers = await self._ask(granted, self._credit)
        if answers:
            async with self.database.unit_of_work() as work:
                makes_due = await book_rewards(
                    work, self.outbox, answers, asked_at=asked_at, now=self.clock.now(), later=self._later
                )
            if makes_due:
                self._more.set()

    async def _take(self, undue: Sequence[ClawBack]) -> None:
        answers = await self._ask(undue, self._debit)
        if answers:
            async with self.database.unit_of_work() as work:
                await book_claw_backs(work, self.outbox, answers, now=self.clock.now(), later=self._later)

    async def _ask(self, owed: Sequence[Owed], ask: Callable[[Owed], Awaitable[Money]]) -> list[tuple[Owed, Answer]]:
        """What the wallet says to each; DependencyUnavailable where it has not said anything."""

        patience_ends = asyncio.get_running_loop().time() + PATIENCE_S

        async def answer(one: Owed) -> Answer:
            try:
                async with asyncio.timeout_at(patience_ends), self._room:
                    return await ask(one)
            except (WalletRefused, DependencyUnavailable) as error:
                return error
            except TimeoutError:
                return DependencyUnavailable("The wallet service did not answer in time.")
            except Exception as error:  # a bug of ours must not keep the others from what they are owed
                log.exception("asking the wallet service failed", owed=str(one.id))
                return DependencyUnavailable(one_line(error))

        return list(zip(owed, await asyncio.gather(*map(answer, owed)), strict=True))

    async def _credit(self, reward: Reward) -> Money:
        await self.wallet.credit(
            Credit(
                key=reward.key,
                wallet_id=reward.wallet_id,
                amount=reward.amount,
                transfer_id=reward.transfer_id,
                campaign_id=_paid_by(reward),
            )
        )
        return reward.amount

    async def _debit(self, claim: ClawBack) -> Money:
        reward = claim.reward
        return await self.wallet.debit(
            Debit(
                key=claim.key,
                wallet_id=reward.wallet_id,
                amount=Money(claim.asked, reward.amount.currency),
                transfer_id=reward.transfer_id,
                campaign_id=_paid_by(reward),
            )
        )

    def _later(self, attempts: int) -> datetime:
        """When something is asked for again that has had no answer so often."""
        pause_s = equal_jitter_s(attempts, base_s=BACKOFF_BASE_S, max_s=BACKOFF_MAX_S)
        return self.clock.now() + timedelta(seconds=pause_s)

    async def _wait(self) -> None:
        """Until it is time to look again, or somebody says that there is more."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._more.wait(), POLL_S)
        self._more.clear()


def _paid_by(reward: Reward) -> UUID | None:
    return reward.campaign.id if reward.source is Source.CAMPAIGN else None
