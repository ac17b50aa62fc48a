"""Requests to subgraphs, timed for the one client that asked to see how its answer came about."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from time import perf_counter

from msgspec import UNSET, Struct, UnsetType, field

from router.errors import SubgraphFailure
from router.limits import FETCHES_TOLD_MAX
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse, Transport
from router.transport.entities import EntityRequest

CANCELLED = "CANCELLED"


class FetchTiming(Struct, frozen=True, rename="camel"):
    """One request of the fetch with this `id` in the plan; times in milliseconds, `start_ms` since the subgraphs' turn began.

    `representations` is how many objects it asked about, 0 for root fields. Of one that was answered it has `status` and
    `received_bytes`; else `code` says why there is no answer: that of a SubgraphFailure, or CANCELLED.
    """

    id: str
    service_name: str
    start_ms: float
    duration_ms: float
    representations: int
    sent_bytes: int
    status: int | UnsetType = UNSET
    received_bytes: int | UnsetType = UNSET
    code: str | UnsetType = UNSET


class Timings(Struct):
    """What the subgraphs were asked for one answer, in the order in which it ended; no more than FETCHES_TOLD_MAX requests."""

    began: float = field(default_factory=perf_counter)
    fetches: list[FetchTiming] = field(default_factory=list)

    def answered(self, request: SubgraphRequest, answer: SubgraphAnswer, started: float) -> None:
        """Note a request and its answer, which is here now."""
        self._note(request, started, status=answer.status, received_bytes=len(answer.body))

    def unanswered(self, request: SubgraphRequest, code: str, started: float) -> None:
        """Note a request that has just come to nothing."""
        self._note(request, started, code=code)

    def _note(
        self,
        request: SubgraphRequest,
        started: float,
        *,
        status: int | UnsetType = UNSET,
        received_bytes: int | UnsetType = UNSET,
        code: str | UnsetType = UNSET,
    ) -> None:
        duration = perf_counter() - started
        if len(self.fetches) == FETCHES_TOLD_MAX:
            return
        asked_about = EntityRequest.read(request.body).lists.values()
        self.fetches.append(
            FetchTiming(
                id=str(request.fetch),
                service_name=request.subgraph,
                start_ms=_milliseconds(started - self.began),
                duration_ms=_milliseconds(duration),
                representations=sum(map(len, asked_about)),
                sent_bytes=len(request.body),
                status=status,
                received_bytes=received_bytes,
                code=code,
            )
        )


class TimedTransport:
    """`inner`, with a look at the clock before and after: what an answer waited for, be it shared, tried again or kept."""

    def __init__(self, inner: Transport, timings: Timings) -> None:
        self._inner = inner
        self._timings = timings

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        """Ask."""
        started = perf_counter()
        try:
            answer = await self._inner.send(request)
        except SubgraphFailure as failure:
            self._timings.unanswered(request, failure.code, started)
            raise
        except asyncio.CancelledError:
            self._timings.unanswered(request, CANCELLED, started)
            raise
        self._timings.answered(request, answer, started)
        return answer

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """A source is open for as long as somebody listens: there is nothing to time."""
        return self._inner.subscribe(request)

    async def close(self) -> None:
        """Nothing of its own to close."""


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)
