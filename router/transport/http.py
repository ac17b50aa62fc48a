"""Subgraphs over HTTP: queries and mutations by POST on pooled keep-alive connections, subscriptions over WebSockets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing

import aiohttp
import yarl

from router.limits import (
    CONNECTION_INIT_TIMEOUT_S,
    SUBGRAPH_CONNECTIONS_MAX,
    SUBGRAPH_RESPONSE_BYTES_MAX,
    SUBGRAPH_SUBSCRIPTIONS_MAX,
    SUBGRAPH_TIMEOUT_S,
)
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse
from router.transport.body import too_large, too_slow, unknown_subgraph, unreachable
from router.transport.graphql_ws import subscription
from router.transport.headers import for_request
from router.transport.websocket import connected

IDLE_CONNECTION_S = 4.0  # below uvicorn's 5 s: a POST must not go out on a connection that the subgraph is just closing
READ_CHUNK_BYTES = 256 * 1024


class HttpTransport:
    """Reaches each subgraph at its URL; the WebSocket is at the same URL with the scheme ws or wss.

    `timeout_s` bounds a whole request, waiting for a connection included; `connections_max` how many requests to one host run
    at once; `response_bytes_max` an answer after decompression. To be made and closed in one event loop.
    """

    def __init__(
        self,
        urls: Mapping[str, str],
        *,
        timeout_s: float = SUBGRAPH_TIMEOUT_S,
        connections_max: int = SUBGRAPH_CONNECTIONS_MAX,
        response_bytes_max: int = SUBGRAPH_RESPONSE_BYTES_MAX,
        init_timeout_s: float = CONNECTION_INIT_TIMEOUT_S,
    ) -> None:
        self._urls = {name: yarl.URL(url) for name, url in urls.items()}
        self._timeout_s = timeout_s
        self._connections_max = connections_max
        self._response_bytes_max = response_bytes_max
        self._init_timeout_s = init_timeout_s
        self._requests: aiohttp.ClientSession | None = None
        self._sockets: aiohttp.ClientSession | None = None

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        """POST the request. Redirects are not followed."""
        url = self._url(request.subgraph)
        try:
            async with self._request_pool().post(
                url, data=request.body, headers=for_request(request.headers), allow_redirects=False
            ) as response:
                body = await self._read(request.subgraph, response)
        except TimeoutError:
            raise too_slow(request.subgraph, self._timeout_s) from None
        except (aiohttp.ClientError, OSError) as error:
            raise unreachable(request.subgraph, f"{url}: {str(error) or type(error).__name__}") from None
        return SubgraphAnswer(response.status, body)

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Open a WebSocket of its own for the subscription."""
        url = self._url(request.subgraph)
        address = str(url.with_scheme("wss" if url.scheme == "https" else "ws"))
        async with (
            connected(self._socket_pool(), address, request, timeout_s=self._init_timeout_s) as socket,
            aclosing(subscription(socket, request, init_timeout_s=self._init_timeout_s)) as events,
        ):
            async for event in events:
                yield event

    async def close(self) -> None:
        """Close every connection. Idempotent; a later request opens new ones."""
        sessions = (self._requests, self._sockets)
        self._requests = self._sockets = None
        for session in sessions:
            if session is not None:
                await session.close()

    def _url(self, subgraph: str) -> yarl.URL:
        if subgraph not in self._urls:
            raise unknown_subgraph(subgraph)
        return self._urls[subgraph]

    def _request_pool(self) -> aiohttp.ClientSession:
        if self._requests is None:
            self._requests = _session(self._connections_max, aiohttp.ClientTimeout(total=self._timeout_s))
        return self._requests

    def _socket_pool(self) -> aiohttp.ClientSession:
        """Apart from the requests: subscriptions last for hours and would use up the connections of a shared pool."""
        if self._sockets is None:
            self._sockets = _session(SUBGRAPH_SUBSCRIPTIONS_MAX, aiohttp.ClientTimeout(total=None))
        return self._sockets

    async def _read(self, subgraph: str, response: aiohttp.ClientResponse) -> bytes:
        chunks, size = [], 0
        async for chunk in response.content.iter_chunked(READ_CHUNK_BYTES):
            size += len(chunk)
            if size > self._response_bytes_max:
                response.close()
                raise too_large(subgraph, self._response_bytes_max)
            chunks.append(chunk)
        return b"".join(chunks)


def _session(connections_max: int, timeout: aiohttp.ClientTimeout) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(limit=0, limit_per_host=connections_max, keepalive_timeout=IDLE_CONNECTION_S)
    # Without a cookie jar: one client's cookies must never travel with another's request.
    return aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
