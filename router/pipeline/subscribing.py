"""Subscriptions: each event of the source is completed by the rest of the plan, also of another generation's plan.

What the source is asked is part of the plan. As long as another generation would ask the same, the subscription lives on over its
open source, and only the plan behind it changes.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Hashable
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, cast

import msgspec

from router import executor
from router.errors import ClientError, SubgraphFailure
from router.exchange import ClientRequest, ClientResponse
from router.executor import ExecutionResult
from router.pipeline.charging import charge_event
from router.pipeline.handed_on import Planned
from router.pipeline.projecting import project, refuse
from router.pipeline.state import RouterState
from router.pipeline.telling_apart import told_apart_by
from router.ratelimit.limiter import Receipt
from router.subscriptions import SharedEvent, Subscriber
from router.transport.base import SubgraphRequest, SubgraphResponse
from router.transport.dedupe import told_apart
from router.transport.headers import Forwarded

if TYPE_CHECKING:
    from opentelemetry.trace import SpanContext


@dataclass(slots=True)
class Subscription:
    """A subscription that was found good, to be listened to once."""

    planned: Planned
    request: ClientRequest
    router: RouterState
    source: SubgraphRequest | None = field(init=False)
    receipt: Receipt | None = field(init=False)
    _headers: Forwarded = field(init=False)
    _alike: Hashable = field(init=False)
    _context: SpanContext | None = field(init=False)
    _dropped: int = field(default=0, init=False)
    _missed: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        tracing = self.router.telemetry.tracing
        self._context = None if tracing is None else tracing.here()
        self._headers = self.router.request_headers.of(self.request)
        self.source = self._source_of(self.planned, self._headers)
        self.receipt = self.planned.receipt  # a plan of another generation comes without one
        self._alike = self._what_makes_alike()

    async def responses(self) -> AsyncGenerator[ClientResponse, None]:
        """A response per event. Never raises: a refusal is the last response. Closing the generator ends the source, too."""
        try:
            with self.router.telemetry.subscriptions.track_inprogress():
                async with aclosing(self._results()) as results:
                    async for result in results:
                        response = self._marked(project(result, self.planned, request=self.request, router=self.router))
                        if (told := await self._told(response)) is not None:
                            yield told
        except Exception as error:
            yield refuse(error, self.request, self.router)

    def ended(self, error: ClientError) -> ClientResponse:
        """The last response of one that ends before its time."""
        return refuse(error, self.request, self.router)

    def move(self, planned: Planned, router: RouterState) -> bool:
        """Complete events by another generation's plan from now on. False, and no change, where its source would be another."""
        headers = router.request_headers.of(self.request)
        if _identity(self._source_of(planned, headers), router) != _identity(self.source, self.router):
            return False
        self.planned, self.router, self._headers = planned, router, headers
        self._alike = self._what_makes_alike()
        return True

    async def _results(self) -> AsyncGenerator[ExecutionResult, None]:
        if self.source is None:
            yield await self._completed(None)
            return
        events = _closable(self.router.transport.subscribe(self.source))
        try:
            async with aclosing(events):
                async for event in events:
                    self._note_missed(events)
                    if self.receipt is not None:
                        await charge_event(self.receipt, self.request, self.router)
                    yield await self._completed(event)
        except SubgraphFailure as failure:
            yield await self._completed(failure)

    def _note_missed(self, events: object) -> None:
        """Note how many events had to make room before the one that has just come."""
        if isinstance(events, Subscriber):
            self._missed, self._dropped = events.dropped - self._dropped, events.dropped

    def _marked(self, response: ClientResponse) -> ClientResponse:
        """The response with the number of events that are missing before it."""
        if not self._missed:
            return response
        return response.but(reply=response.reply.extended({"dropped": self._missed}))

    async def _told(self, response: ClientResponse) -> ClientResponse | None:
        """The event as plugins want it told."""
        hooks = self.router.hooks
        return await hooks.event(response, self.request) if hooks.on_events else response

    async def _completed(self, event: SubgraphResponse | SubgraphFailure | None) -> ExecutionResult:
        """The result of an event, which has a trace of its own where the router traces."""
        tracing = self.router.telemetry.tracing
        if tracing is None:
            return await self._shared(event)
        with tracing.event(self._context):
            return await self._shared(event)

    async def _shared(self, event: SubgraphResponse | SubgraphFailure | None) -> ExecutionResult:
        """The result of an event; one that goes to many is completed once for all who are alike, unless plugins tell them apart."""
        if isinstance(event, SharedEvent) and not self.router.hooks.on_subgraphs:
            result: ExecutionResult = await event.once(self._alike, partial(self._complete, event))
            return result
        return await self._complete(event)

    async def _complete(self, event: SubgraphResponse | SubgraphFailure | None) -> ExecutionResult:
        return await executor.complete(
            self.planned.executable,
            event,
            variables=self.planned.variables,
            transport=self.router.transport_for(self.request),
            headers=self._headers,
            denied=self.planned.denied,
            deadline=self.router.deadline(),
        )

    def _what_makes_alike(self) -> Hashable:
        """Everything that shapes the result of an event: those who have it in common may have the result in common."""
        return (
            self.router.supergraph.fingerprint,
            self.router.transport,
            self.planned.key,
            tuple(self.planned.denied),
            msgspec.json.encode(self.planned.variables),
            told_apart_by(self._headers, self.planned),
        )

    def _source_of(self, planned: Planned, headers: Forwarded) -> SubgraphRequest | None:
        return executor.source_of(planned.executable, variables=planned.variables, headers=headers)


def _identity(source: SubgraphRequest | None, router: RouterState) -> object:
    """What makes two sources the same: where and how it is read, what is asked, and as whom."""
    return source and (router.address(source.subgraph), source.subgraph, source.body, told_apart(source.headers))


def _closable(events: AsyncIterator[SubgraphResponse]) -> AsyncGenerator[SubgraphResponse, None]:
    """Every transport's events can be closed, as their port says."""
    return cast("AsyncGenerator[SubgraphResponse, None]", events)
