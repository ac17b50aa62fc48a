"""Queries are sent once more where another try may help, within a budget that keeps tries from becoming a load of their own.

Sources: the budget of tries of Finagle and Linkerd; pauses with full jitter, M. Brooker, "Exponential Backoff And Jitter".
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from random import random
from typing import TypeAlias

from router.config.traffic import RetrySettings
from router.errors import SubgraphFailure, SubgraphTimedOut, SubgraphUnreachable
from router.limits import RETRY_BUDGET_WINDOW_S
from router.telemetry import Retry, SubgraphTraffic
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse, Transport
from router.transport.retry_after import retry_after
from router.transport.rolling import RollingCounts

Dice: TypeAlias = Callable[[], float]
"""Gives a number from 0 up to 1."""

Sleep: TypeAlias = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class RetryBudget:
    """How many tries there may be: a share of the requests of the last seconds, and some for each second besides."""

    settings: RetrySettings
    _counts: RollingCounts = field(default_factory=lambda: RollingCounts(RETRY_BUDGET_WINDOW_S))

    def deposit(self, now: float) -> None:
        """A request went out for the first time."""
        self._counts.see(now)

    def withdraw(self, now: float) -> bool:
        """Take one try from the budget. False where there is none."""
        counts = self._counts
        counts.advance(now)
        allowed = self.settings.budget_per_s * RETRY_BUDGET_WINDOW_S + self.settings.budget_ratio * counts.seen
        if counts.marked + 1 > allowed:
            return False
        counts.mark(now)
        return True


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """What is tried again, and after what pause. Pure: it knows neither clock nor chance."""

    settings: RetrySettings

    def reason(self, outcome: SubgraphAnswer | SubgraphFailure) -> Retry | None:
        """Why another try may help; None where it would not."""
        if isinstance(outcome, SubgraphAnswer):
            return "status" if outcome.status in self.settings.statuses else None
        if isinstance(outcome, SubgraphTimedOut):
            return "timeout" if self.settings.on_timeout else None
        return "unreachable" if isinstance(outcome, SubgraphUnreachable) else None

    def pause(self, tried: int, outcome: SubgraphAnswer | SubgraphFailure, dice: Dice) -> float | None:
        """How long to wait after so many tries; None where the subgraph wants to be left alone for longer than anybody waits."""
        longest = min(self.settings.pause_max_s, self.settings.first_s * 2.0 ** (tried - 1))
        asked = retry_after(outcome) if isinstance(outcome, SubgraphAnswer) else None
        if asked is None:
            return longest * dice()
        # Some jitter here, too: every client was told the same.
        return asked + self.settings.first_s * dice() if asked <= self.settings.retry_after_max_s else None


class RetryingTransport:
    """Sends queries through `inner`, again where its settings say so; subgraphs without settings are asked once."""

    def __init__(
        self,
        inner: Transport,
        settings: Mapping[str, RetrySettings],
        telemetry: SubgraphTraffic | None = None,
        *,
        dice: Dice = random,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._inner = inner
        self._telemetry = telemetry or SubgraphTraffic()
        self._policies = {name: RetryPolicy(each) for name, each in settings.items() if each.attempts > 1}
        self._budgets = {name: RetryBudget(policy.settings) for name, policy in self._policies.items()}
        self._dice = dice
        self._sleep = sleep

    def send(self, request: SubgraphRequest) -> Awaitable[SubgraphAnswer]:
        """Ask, and again if need be. A mutation is sent once."""
        policy = self._policies.get(request.subgraph)
        if policy is None or not request.idempotent:
            return self._inner.send(request)
        return self._tries(request, policy)

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Subscriptions have tries of their own."""
        return self._inner.subscribe(request)

    async def close(self) -> None:
        """Close the transport behind."""
        await self._inner.close()

    async def _tries(self, request: SubgraphRequest, policy: RetryPolicy) -> SubgraphAnswer:
        self._budgets[request.subgraph].deposit(_now())
        tried = 0
        while True:  # ends with the last of the policy's attempts
            outcome = await self._outcome(request)
            tried += 1
            pause = self._pause(request, policy, tried=tried, outcome=outcome)
            if pause is None:
                break
            await self._sleep(pause)
        if isinstance(outcome, SubgraphFailure):
            raise outcome
        return outcome

    async def _outcome(self, request: SubgraphRequest) -> SubgraphAnswer | SubgraphFailure:
        try:
            return await self._inner.send(request)
        except SubgraphFailure as failure:
            return failure

    def _pause(
        self, request: SubgraphRequest, policy: RetryPolicy, *, tried: int, outcome: SubgraphAnswer | SubgraphFailure
    ) -> float | None:
        """How long to wait before the next try; None where there is none."""
        reason = policy.reason(outcome) if tried < policy.settings.attempts else None
        if reason is None:
            return None
        pause = policy.pause(tried, outcome, self._dice)
        if pause is None or (request.deadline is not None and _now() + pause >= request.deadline):
            return None
        return self._withdrawn(request.subgraph, reason, pause)

    def _withdrawn(self, subgraph: str, reason: Retry, pause: float) -> float | None:
        had = self._budgets[subgraph].withdraw(_now())
        if not had:
            self._telemetry.retry_withheld(subgraph)
            return None
        self._telemetry.retried(subgraph, reason)
        return pause


def _now() -> float:
    return asyncio.get_running_loop().time()
