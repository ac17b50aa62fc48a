"""Queries are sent once more where another try may help, within a budget that keeps tries from becoming a load of their own.

Sources: the budget of tries of Finagle and Linkerd; pauses with full jitter, M. Brooker, "Exponential Backoff And Jitter".
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from random import random
from typing import Any, TypeAlias

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

Outcome: TypeAlias = SubgraphAnswer | SubgraphFailure

Again: TypeAlias = Callable[[Outcome], Coroutine[Any, Any, SubgraphAnswer]]


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

    def reason(self, outcome: Outcome) -> Retry | None:
        """Why another try may help; None where it would not."""
        if isinstance(outcome, SubgraphAnswer):
            return "status" if outcome.status in self.settings.statuses else None
        if isinstance(outcome, SubgraphTimedOut):
            return "timeout" if self.settings.on_timeout else None
        return "unreachable" if isinstance(outcome, SubgraphUnreachable) else None

    def pause(self, tried: int, outcome: Outcome, dice: Dice) -> float | None:
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
        first = asyncio.ensure_future(self._inner.send(request))
        self._budgets[request.subgraph].deposit(first.get_loop().time())
        return _Tries(first, policy, lambda outcome: self._again(request, policy, outcome))

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Subscriptions have tries of their own."""
        return self._inner.subscribe(request)

    async def close(self) -> None:
        """Close the transport behind."""
        await self._inner.close()

    async def _again(self, request: SubgraphRequest, policy: RetryPolicy, outcome: Outcome) -> SubgraphAnswer:
        """What comes of it in the end, the first try having had that outcome."""
        for tried in range(1, policy.settings.attempts):
            pause = self._pause(request, policy, tried=tried, outcome=outcome)
            if pause is None:
                break
            await self._sleep(pause)
            outcome = await self._outcome(request)
        if isinstance(outcome, SubgraphFailure):
            raise outcome
        return outcome

    async def _outcome(self, request: SubgraphRequest) -> Outcome:
        try:
            return await self._inner.send(request)
        except SubgraphFailure as failure:
            return failure

    def _pause(self, request: SubgraphRequest, policy: RetryPolicy, *, tried: int, outcome: Outcome) -> float | None:
        """How long to wait before the next try; None where there is none."""
        reason = policy.reason(outcome)
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


class _Tries(asyncio.Future[SubgraphAnswer]):
    """A query that may be tried again. As long as its first try may do, it costs a Future; what comes after it runs in a task."""

    def __init__(self, first: asyncio.Future[SubgraphAnswer], policy: RetryPolicy, again: Again) -> None:
        super().__init__(loop=first.get_loop())
        self._under_way = first
        self._policy = policy
        self._again = again
        first.add_done_callback(self._tried)

    def cancel(self, msg: object = None) -> bool:
        """Give up whatever is under way."""
        given_up = super().cancel(msg)
        if given_up:
            self._under_way.cancel()
        return given_up

    def _tried(self, first: asyncio.Future[SubgraphAnswer]) -> None:
        outcome = _outcome_of(first)
        if self.done() or outcome is None or self._policy.reason(outcome) is None:
            self._end(first)
        else:
            self._under_way = self.get_loop().create_task(self._again(outcome))
            self._under_way.add_done_callback(self._end)

    def _end(self, last: asyncio.Future[SubgraphAnswer]) -> None:
        if self.done():
            return
        if last.cancelled():
            super().cancel()
        elif (error := last.exception()) is not None:
            self.set_exception(error)
        else:
            self.set_result(last.result())


def _outcome_of(future: asyncio.Future[SubgraphAnswer]) -> Outcome | None:
    """What came of it; None where it was cancelled, or failed in a way that is a bug."""
    if future.cancelled():
        return None
    error = future.exception()
    if error is None:
        return future.result()
    return error if isinstance(error, SubgraphFailure) else None


def _now() -> float:
    return asyncio.get_running_loop().time()
