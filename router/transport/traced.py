"""Subgraphs that are asked under a span each, and told its context."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse, Transport

if TYPE_CHECKING:
    from router.telemetry.tracing import Tracing


class TracedTransport:
    """`inner`, with W3C Trace Context in the headers of every request. For routers that trace."""

    def __init__(self, inner: Transport, tracing: Tracing) -> None:
        self._inner = inner
        self._tracing = tracing

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        """Ask. What is tried again, or asked once for several, is part of the one span."""
        with self._tracing.fetch(request.subgraph, request.headers) as span:
            answer = await self._inner.send(request._replace(headers=span.headers))
            span.answered(answer.status)
            return answer

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Subscribe, in the context of who did first: equal subscriptions may share one source."""
        return self._inner.subscribe(request._replace(headers=self._tracing.told(request.headers)))

    async def close(self) -> None:
        """Close the transport behind."""
        await self._inner.close()
