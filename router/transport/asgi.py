"""Subgraphs in the same process: ASGI applications called without sockets, yet through the same JSON bytes.

A subgraph can be mounted this way beside remote ones and moved out later; tests run a whole graph without ports.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing

from router.limits import CONNECTION_INIT_TIMEOUT_S, SUBGRAPH_RESPONSE_BYTES_MAX, SUBGRAPH_TIMEOUT_S
from router.transport.asgi_http import Post
from router.transport.asgi_scope import AsgiApp
from router.transport.asgi_websocket import connected
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse
from router.transport.body import unknown_subgraph
from router.transport.graphql_ws import subscription
from router.transport.headers import for_request
from router.transport.patience import patience_for


class AsgiTransport:
    """Calls each subgraph's ASGI application at `path`. Start-up and shut-down of the applications are the caller's."""

    def __init__(
        self,
        apps: Mapping[str, AsgiApp],
        *,
        path: str = "/graphql",
        timeout_s: float = SUBGRAPH_TIMEOUT_S,
        response_bytes_max: int = SUBGRAPH_RESPONSE_BYTES_MAX,
        init_timeout_s: float = CONNECTION_INIT_TIMEOUT_S,
        timeout_header: str | None = None,
    ) -> None:
        self._apps = dict(apps)
        self._path = path
        self._timeout_s = timeout_s
        self._response_bytes_max = response_bytes_max
        self._init_timeout_s = init_timeout_s
        self._timeout_header = timeout_header

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        """Call the application with a POST. An exception that it lets through counts as an unreachable subgraph."""
        app = self._app(request.subgraph)
        post = Post(request.subgraph, request.body, response_bytes_max=self._response_bytes_max)
        patience = patience_for(request, self._timeout_s)
        headers = for_request(request.headers, timeout_header=self._timeout_header, seconds=patience.seconds)
        try:
            async with asyncio.timeout(patience.seconds):
                await post.run(app, self._path, headers)
        except TimeoutError:
            raise patience.over() from None
        return SubgraphAnswer(post.status, bytes(post.body), post.headers)

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Call the application with a WebSocket that speaks graphql-transport-ws."""
        app = self._app(request.subgraph)
        async with (
            connected(app, self._path, request, timeout_s=self._init_timeout_s) as socket,
            aclosing(subscription(socket, request, init_timeout_s=self._init_timeout_s)) as events,
        ):
            async for event in events:
                yield event

    async def close(self) -> None:
        """There is nothing to close: no connection outlives its request."""

    def _app(self, subgraph: str) -> AsgiApp:
        if subgraph not in self._apps:
            raise unknown_subgraph(subgraph)
        return self._apps[subgraph]
