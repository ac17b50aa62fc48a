"""Circuit breaker: a subgraph that fails most of the time is left alone for a while, then asked a few times on trial.

Source: M. Nygard, Release It!, "Circuit Breaker"; counts within a rolling window as in Hystrix.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

import structlog

from router.config.traffic import BreakerSettings
from router.errors import SubgraphTimedOut, SubgraphUnreachable
from router.telemetry import Circuit, SubgraphTraffic
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse, Transport
from router.transport.body import circuit_open
from router.transport.rolling import RollingCounts

log = structlog.get_logger(__name__)

Told: TypeAlias = Callable[[Circuit], None]


@dataclass(slots=True)
class Breaker:
    """One circuit. It has no clock: all times are given to it, and none may be before the last.

    What was asked before the last change of state says nothing of the new one: `turn` tells the one from the other.
    """

    settings: BreakerSettings
    told: Told = lambda _: None
    state: Circuit = "closed"
    turn: int = 0
    _counts: RollingCounts = field(init=False)
    _open_until: float = 0.0
    _on_trial: int = 0
    _succeeded: int = 0

    def __post_init__(self) -> None:
        self._counts = RollingCounts(self.settings.window_s)

    def admits(self, now: float) -> bool:
        """Whether a request may go out now. One that may is to be settled, by the turn of now."""
        if self.state == "closed":
            return True
        if self.state == "open" and now >= self._open_until:
            self._change("half_open")
        if self.state == "open" or self._on_trial + self._succeeded >= self.settings.probes:
            return False
        self._on_trial += 1
        return True

    def settle(self, turn: int, now: float, *, failed: bool | None) -> None:
        """What became of a request that was admitted in that turn; None where nothing can be said of it."""
        if turn != self.turn:
            return
        if self.state == "half_open":
            self._try(now, failed=failed)
        elif failed is not None:
            self._count(now, failed=failed)

    def _count(self, now: float, *, failed: bool) -> None:
        counts = self._counts
        counts.see(now)
        if failed:
            counts.mark(now)
            enough = counts.seen >= self.settings.requests_min
            if enough and counts.marked >= self.settings.error_ratio * counts.seen:
                self._open(now)

    def _try(self, now: float, *, failed: bool | None) -> None:
        self._on_trial -= 1
        if failed:
            self._open(now)
        elif failed is False:
            self._succeeded += 1
            if self._succeeded >= self.settings.probes:
                self._counts.clear()
                self._change("closed")

    def _open(self, now: float) -> None:
        self._open_until = now + self.settings.open_s
        self._change("open")

    def _change(self, state: Circuit) -> None:
        self.state = state
        self.turn += 1
        self._on_trial = self._succeeded = 0
        self.told(state)


class Circuits:
    """The circuits of several subgraphs. What they know outlives the transports that ask them."""

    def __init__(self, settings: Mapping[str, BreakerSettings], telemetry: SubgraphTraffic | None = None) -> None:
        self._telemetry = telemetry or SubgraphTraffic()
        self._breakers = {name: Breaker(each, partial(self._told, name)) for name, each in settings.items()}

    def of(self, subgraph: str) -> Breaker | None:
        """The circuit of a subgraph, where it has one."""
        return self._breakers.get(subgraph)

    def rejected(self, subgraph: str) -> None:
        """Count a request that was not sent."""
        self._telemetry.rejected(subgraph)

    def _told(self, subgraph: str, state: Circuit) -> None:
        say = log.warning if state == "open" else log.info
        say("circuit changed", subgraph=subgraph, circuit=state)
        self._telemetry.circuit(subgraph, state)


class BreakingTransport:
    """Sends through `inner` what the circuit of its subgraph lets through; subgraphs without one are asked in any case.

    A request that was given up counts neither as failed nor as answered, and so does one that ran out of its client's time: neither
    says anything of the subgraph.
    """

    def __init__(self, inner: Transport, circuits: Circuits) -> None:
        self._inner = inner
        self._circuits = circuits

    def send(self, request: SubgraphRequest) -> Awaitable[SubgraphAnswer]:
        """Ask, unless the circuit is open: then fail with CircuitOpen."""
        breaker = self._circuits.of(request.subgraph)
        if breaker is None:
            return self._inner.send(request)
        if breaker.state != "closed":  # as it is nearly always: then the time makes no difference
            loop = asyncio.get_running_loop()
            if not breaker.admits(loop.time()):
                return self._rejected(request.subgraph, loop)
        answer = asyncio.ensure_future(self._inner.send(request))
        answer.add_done_callback(partial(_settle, breaker, breaker.turn))
        return answer

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Subscriptions have tries of their own."""
        return self._inner.subscribe(request)

    async def close(self) -> None:
        """Close the transport behind."""
        await self._inner.close()

    def _rejected(self, subgraph: str, loop: asyncio.AbstractEventLoop) -> asyncio.Future[SubgraphAnswer]:
        self._circuits.rejected(subgraph)
        rejected: asyncio.Future[SubgraphAnswer] = loop.create_future()
        rejected.set_exception(circuit_open(subgraph))
        return rejected


def _settle(breaker: Breaker, turn: int, answer: asyncio.Future[SubgraphAnswer]) -> None:
    breaker.settle(turn, answer.get_loop().time(), failed=_failed(answer, breaker.settings.statuses))


def _failed(answer: asyncio.Future[SubgraphAnswer], statuses: Container[int]) -> bool | None:
    if answer.cancelled():
        return None
    error = answer.exception()
    if error is None:
        return answer.result().status in statuses
    return True if isinstance(error, SubgraphUnreachable | SubgraphTimedOut) else None
