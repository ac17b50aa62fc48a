"""Subgraphs over HTTP: queries and mutations by POST on pooled keep-alive connections, subscriptions over WebSockets."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import aclosing
from typing import Protocol

import aiohttp
import yarl

from router.errors import SubgraphFailure
from router.limits import (
    CONNECTION_INIT_TIMEOUT_S,
    SUBGRAPH_CONNECTIONS_MAX,
    SUBGRAPH_RESPONSE_BYTES_MAX,
    SUBGRAPH_SUBSCRIPTIONS_MAX,
    SUBGRAPH_TIMEOUT_S,
)
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse
from router.transport.body import unknown_subgraph, unreachable
from router.transport.graphql_ws import subscription
from router.transport.http1 import Bounds, Http1Client
from router.transport.websocket import connected


class Client(Protocol):
    """Asks some of the subgraphs: those of one scheme."""

    def send(self, request: SubgraphRequest) -> Awaitable[SubgraphAnswer]:
        """The answer to come; it fails with SubgraphFailure."""
        ...

    async def close(self) -> None:
        """Close every connection. Idempotent; a later request opens new ones."""
        ...


class HttpTransport:
    """Reaches each subgraph at its URL; the WebSocket is at the same URL with the scheme ws or wss.

    Plain http goes through the router's own client, https through a library that also speaks HTTP/2. `timeout_s` bounds a
    whole request, waiting for a connection included; `connections_max` how many requests to one host run at once;
    `response_bytes_max` an answer after decompression. With `compressed`, answers may come compressed: that saves bytes on the
    wire and costs a multiple of the time that reading them takes otherwise. `ca` is a PEM text with authorities to trust beside
    the system's. To be used and closed in one event loop.
    """

    def __init__(
        self,
        urls: Mapping[str, str],
        *,
        timeout_s: float = SUBGRAPH_TIMEOUT_S,
        connections_max: int = SUBGRAPH_CONNECTIONS_MAX,
        response_bytes_max: int = SUBGRAPH_RESPONSE_BYTES_MAX,
        init_timeout_s: float = CONNECTION_INIT_TIMEOUT_S,
        compressed: bool = False,
        ca: bytes | None = None,
    ) -> None:
        self._urls = {name: yarl.URL(url) for name, url in urls.items()}
        self._init_timeout_s = init_timeout_s
        self._ca = ca
        bounds = Bounds(timeout_s=timeout_s, connections_max=connections_max, response_bytes_max=response_bytes_max)
        self._clients = _clients(self._urls, bounds, compressed=compressed, ca=ca)
        self._sockets: aiohttp.ClientSession | None = None

    def send(self, request: SubgraphRequest) -> Awaitable[SubgraphAnswer]:
        """POST the request. Redirects are not followed."""
        client = self._clients.get(request.subgraph)
        return client.send(request) if client is not None else _failed(self._no_way(request.subgraph))

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
        for client in set(self._clients.values()):
            await client.close()
        sockets, self._sockets = self._sockets, None
        if sockets is not None:
            await sockets.close()

    def _url(self, subgraph: str) -> yarl.URL:
        if subgraph not in self._clients:
            raise self._no_way(subgraph)
        return self._urls[subgraph]

    def _no_way(self, subgraph: str) -> SubgraphFailure:
        if subgraph not in self._urls:
            return unknown_subgraph(subgraph)
        return unreachable(subgraph, f'"{self._urls[subgraph]}" is no address in HTTP')

    def _socket_pool(self) -> aiohttp.ClientSession:
        """Apart from the requests: subscriptions last for hours and would use up the connections of a shared pool."""
        if self._sockets is None:
            trusted = _trusting(self._ca) if self._ca is not None else True
            connector = aiohttp.TCPConnector(limit=0, limit_per_host=SUBGRAPH_SUBSCRIPTIONS_MAX, ssl=trusted)
            # Without a cookie jar: one client's cookies must never travel with another's request.
            self._sockets = aiohttp.ClientSession(
                connector=connector, timeout=aiohttp.ClientTimeout(total=None), cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._sockets


def _clients(urls: Mapping[str, yarl.URL], bounds: Bounds, *, compressed: bool, ca: bytes | None) -> dict[str, Client]:
    """The client for each subgraph. One whose URL is of neither scheme gets none: it fails when it is asked."""
    plain = {name: url for name, url in urls.items() if url.scheme == "http" and url.host}
    secure = {name: url for name, url in urls.items() if url.scheme == "https" and url.host}
    clients: dict[str, Client] = dict.fromkeys(plain, Http1Client(plain, bounds, compressed=compressed))
    if secure:
        # Imported where it is needed: most routers stand beside their subgraphs and need neither TLS nor these megabytes.
        from router.transport.reqwest import ReqwestClient

        clients |= dict.fromkeys(secure, ReqwestClient(secure, bounds, compressed=compressed, ca=ca))
    return clients


def _failed(failure: SubgraphFailure) -> asyncio.Future[SubgraphAnswer]:
    answer: asyncio.Future[SubgraphAnswer] = asyncio.get_running_loop().create_future()
    answer.set_exception(failure)
    return answer


def _trusting(ca: bytes) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.load_verify_locations(cadata=ca.decode("ascii"))
    return context
