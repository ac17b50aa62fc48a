"""A transport that answers from a script and remembers what it was asked: for tests, and for trying plans without servers."""

from __future__ import annotations

import asyncio
import inspect
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import aclosing
from typing import Any, TypeAlias

import orjson

from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse
from router.transport.body import OK, decode_response, unknown_subgraph
from router.transport.patience import patience_for

LONG_S = 3_600.0  # the fake itself never runs out of patience, only its callers do

Scripted: TypeAlias = SubgraphAnswer | SubgraphResponse | Mapping[str, Any] | Exception
"""An answer as bytes, a response, the JSON body of one, or what is raised instead."""

Answer: TypeAlias = Scripted | Callable[[SubgraphRequest], Scripted | Awaitable[Scripted]]
"""Something scripted, or a function that makes it from the request."""

Stream: TypeAlias = Iterable[Answer] | Callable[[SubgraphRequest], AsyncGenerator[Scripted, None]]


class FakeTransport:
    """Answers each subgraph's requests from a list, in order, or all of them with a function.

    `answers` maps a subgraph to a list (each entry is used once; after the last one the next request fails with an
    AssertionError that shows it) or to a function; `events` maps a subgraph to the events of each subscription on it.
    `requests` and `subscriptions` record what was asked, `open_subscriptions` counts the streams not yet ended or closed.
    """

    def __init__(
        self,
        answers: Mapping[str, Iterable[Answer] | Callable[[SubgraphRequest], Scripted | Awaitable[Scripted]]]
        | None = None,
        events: Mapping[str, Stream] | None = None,
    ) -> None:
        self.requests: list[SubgraphRequest] = []
        self.subscriptions: list[SubgraphRequest] = []
        self.open_subscriptions = 0
        self.closed = False
        self._functions = {name: given for name, given in (answers or {}).items() if callable(given)}
        self._scripts: dict[str, deque[Answer]] = defaultdict(deque)
        for name, given in (answers or {}).items():
            if not callable(given):
                self._scripts[name].extend(given)
        self._events = dict(events or {})

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        """Give the next scripted answer of the subgraph."""
        if request.deadline is None:
            self.requests.append(request)
            return await _resolve(self._next(request), request)
        patience = patience_for(request, LONG_S)
        self.requests.append(request)
        try:
            async with asyncio.timeout(patience.seconds):
                return await _resolve(self._next(request), request)
        except TimeoutError:
            raise patience.over() from None

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Give the scripted events of the subgraph, one after another."""
        self.subscriptions.append(request)
        self.open_subscriptions += 1
        try:
            async with aclosing(self._stream(request)) as stream:
                async for event in stream:
                    yield decode_response(request.subgraph, await _resolve(event, request))
        finally:
            self.open_subscriptions -= 1

    async def close(self) -> None:
        """Note that it was closed."""
        self.closed = True

    def requests_to(self, subgraph: str) -> list[SubgraphRequest]:
        """What one subgraph was asked, in order."""
        return [request for request in self.requests if request.subgraph == subgraph]

    def _next(self, request: SubgraphRequest) -> Answer:
        if request.subgraph in self._functions:
            return self._functions[request.subgraph]
        if request.subgraph not in self._scripts:
            return unknown_subgraph(request.subgraph)
        script = self._scripts[request.subgraph]
        assert script, f"nothing is scripted for another request to {request.subgraph}: {request.payload['query']}"
        return script.popleft()

    async def _stream(self, request: SubgraphRequest) -> AsyncGenerator[Answer, None]:
        given = self._events.get(request.subgraph, [unknown_subgraph(request.subgraph)])
        if callable(given):
            async with aclosing(given(request)) as stream:
                async for event in stream:
                    yield event
        else:
            for answer in given:
                yield answer


async def _resolve(answer: Answer, request: SubgraphRequest) -> SubgraphAnswer:
    scripted = answer(request) if callable(answer) else answer
    if inspect.isawaitable(scripted):
        scripted = await scripted
    if isinstance(scripted, Exception):
        raise scripted
    if isinstance(scripted, SubgraphAnswer):
        return scripted
    return SubgraphAnswer(OK, orjson.dumps(_body(scripted)))


def _body(scripted: SubgraphResponse | Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(scripted, SubgraphResponse):
        return dict(scripted)
    optional = {"errors": scripted.errors, "extensions": dict(scripted.extensions)}
    return {"data": scripted.data, **{key: value for key, value in optional.items() if value}}
