"""Lets plugins see what one client's request asks of subgraphs, and what comes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

from router.errors import SubgraphFailure
from router.exchange import ClientRequest
from router.plugins.hooks import Hooks
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse, Transport


class HookedTransport:
    """A transport for one client's request. What plugins answer themselves reaches no subgraph."""

    def __init__(self, inner: Transport, hooks: Hooks, request: ClientRequest) -> None:
        self._inner = inner
        self._hooks = hooks
        self._request = request

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        """Ask, as the plugins want it."""
        asked = await self._hooks.subgraph_request(request, self._request)
        answer = asked if isinstance(asked, SubgraphAnswer) else await self._outcome(asked)
        answer = await self._hooks.subgraph_response(answer, request, self._request)
        if isinstance(answer, SubgraphFailure):
            raise answer
        return answer

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Sources of subscriptions are shared between clients, so no plugin sees them: it sees each client's events."""
        return self._inner.subscribe(request)

    async def close(self) -> None:
        """Nothing of its own to close."""

    async def _outcome(self, asked: SubgraphRequest) -> SubgraphAnswer | SubgraphFailure:
        try:
            return await self._inner.send(asked)
        except SubgraphFailure as failure:
            return failure
