"""Equal queries to one subgraph at one time are sent once, and its answer goes to everybody who asked. Nothing is kept after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Collection, Mapping
from typing import Final, TypeAlias

from router.errors import SubgraphFailure
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse, Transport

NAMES_OF_CALLS: Final = frozenset({"baggage", "traceparent", "tracestate", "x-request-id"})
"""Headers that name one call among others, to find it again in logs and traces. No two calls have the same."""

Key: TypeAlias = tuple[str, bytes, tuple[tuple[str, str], ...]]


class DedupingTransport:
    """Shares the answers of `inner` between queries of the same subgraph, body and headers that are under way together.

    Headers in `disregarded` may differ: those of the first request are sent. Mutations always go through. A caller that gives
    up leaves the others alone; when the last one has, so does the request. All share its time-out and its failure.
    """

    def __init__(self, inner: Transport, *, disregarded: Collection[str] = NAMES_OF_CALLS) -> None:
        self._inner = inner
        self._disregarded = frozenset(disregarded)
        self._under_way: dict[Key, _Shared] = {}

    def send(self, request: SubgraphRequest) -> Awaitable[SubgraphAnswer]:
        """Ask, or wait for the answer to the same question."""
        if not request.idempotent:
            return self._inner.send(request)
        key = (request.subgraph, request.body, self._told_apart(request.headers))
        shared = self._under_way.get(key)
        if shared is None or shared.is_answered:
            answer = asyncio.ensure_future(self._inner.send(request))
            shared = self._under_way[key] = _Shared(key, answer, self._under_way)
        return shared.join()

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Subscriptions are not shared."""
        return self._inner.subscribe(request)

    async def close(self) -> None:
        """Close the transport behind."""
        await self._inner.close()

    def _told_apart(self, headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        return tuple([header for header in headers.items() if header[0] not in self._disregarded])


class _Shared:
    """One request under way, and those who wait for it."""

    def __init__(self, key: Key, answer: asyncio.Future[SubgraphAnswer], register: dict[Key, _Shared]) -> None:
        self._key = key
        self._answer = answer
        self._register = register
        self._waiting: dict[_Waiting, None] = {}
        answer.add_done_callback(self._share)

    @property
    def is_answered(self) -> bool:
        return self._answer.done()

    def join(self) -> _Waiting:
        waiting = _Waiting(self)
        self._waiting[waiting] = None
        return waiting

    def leave(self, waiting: _Waiting) -> None:
        del self._waiting[waiting]
        if not self._waiting:
            self._strike_off()  # first, so that nobody joins what is being given up
            self._answer.cancel()

    def _share(self, answer: asyncio.Future[SubgraphAnswer]) -> None:
        self._strike_off()
        waiting, self._waiting = self._waiting, {}
        if answer.cancelled():
            for each in waiting:
                each.give_up()
        elif (error := answer.exception()) is not None:
            for each in waiting:
                each.set_exception(_own(error))
        else:
            for each in waiting:
                each.set_result(answer.result())

    def _strike_off(self) -> None:
        if self._register.get(self._key) is self:
            del self._register[self._key]


class _Waiting(asyncio.Future[SubgraphAnswer]):
    """What one caller awaits; cancelling it concerns that caller alone."""

    def __init__(self, shared: _Shared) -> None:
        super().__init__()
        self._shared = shared

    def cancel(self, msg: object = None) -> bool:
        left = super().cancel(msg)
        if left:
            self._shared.leave(self)
        return left

    def give_up(self) -> None:
        """Be cancelled because the request was."""
        super().cancel()


def _own(error: BaseException) -> BaseException:
    """An exception for one caller: raising one object in many tasks would pile their tracebacks up on it."""
    return SubgraphFailure(error.subgraph, str(error), error.detail) if isinstance(error, SubgraphFailure) else error
