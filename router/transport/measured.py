"""Requests to subgraphs, measured as they go out: each try, and each request that serves several clients, once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from functools import partial
from time import perf_counter

from router.errors import SubgraphFailure
from router.telemetry import Telemetry
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse, Transport


class MeasuredTransport:
    """`inner`, with a look at the clock before and after. A Future stays the Future that it is: a coroutine would need a task."""

    def __init__(self, inner: Transport, telemetry: Telemetry) -> None:
        self._inner = inner
        self._traffic = telemetry.http

    def send(self, request: SubgraphRequest) -> Awaitable[SubgraphAnswer]:
        """Ask."""
        answer, started_at = self._inner.send(request), perf_counter()
        if isinstance(answer, asyncio.Future):
            answer.add_done_callback(partial(self._over, request.subgraph, started_at))
            return answer
        return self._awaited(answer, request.subgraph, started_at)

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Subscriptions last as long as their clients listen: there is nothing to measure."""
        return self._inner.subscribe(request)

    async def close(self) -> None:
        """Close the transport behind."""
        await self._inner.close()

    async def _awaited(self, answering: Awaitable[SubgraphAnswer], subgraph: str, started_at: float) -> SubgraphAnswer:
        try:
            answer = await answering
        except SubgraphFailure as failure:
            self._traffic.unanswered(subgraph, type(failure).__name__, perf_counter() - started_at)
            raise
        except asyncio.CancelledError:
            self._traffic.unanswered(subgraph, "cancelled", perf_counter() - started_at)
            raise
        self._traffic.asked(subgraph, answer.status, perf_counter() - started_at)
        return answer

    def _over(self, subgraph: str, started_at: float, answered: asyncio.Future[SubgraphAnswer]) -> None:
        seconds = perf_counter() - started_at
        if answered.cancelled():
            self._traffic.unanswered(subgraph, "cancelled", seconds)
        elif (failure := answered.exception()) is not None:
            self._traffic.unanswered(subgraph, type(failure).__name__, seconds)
        else:
            self._traffic.asked(subgraph, answered.result().status, seconds)
