"""Opens subscriptions: picks the protocol, keeps what is open up, and owns the connections."""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Final

import aiohttp

from router.limits import SUBGRAPH_SUBSCRIPTIONS_MAX
from router.transport.base import SubgraphRequest, SubgraphResponse
from router.transport.streams.http_stream import Format, streamed
from router.transport.streams.multipart import MultipartFormat
from router.transport.streams.reconnect import kept_up
from router.transport.streams.sockets import SocketPool
from router.transport.streams.sse import EventStreamFormat
from router.transport.streams.target import StreamProtocol, Target

FORMATS: Final[Mapping[StreamProtocol, type[Format]]] = {"sse": EventStreamFormat, "multipart": MultipartFormat}


class SubgraphStreams:
    """Subscriptions on any subgraph, by any protocol.

    `ca` is a PEM text with authorities to trust beside the system's. Belongs to one event loop.
    """

    def __init__(self, *, ca: bytes | None = None) -> None:
        self._ca = ca
        self._http: aiohttp.ClientSession | None = None
        self._sockets = SocketPool(self._session)

    def subscribe(self, target: Target, request: SubgraphRequest) -> AsyncGenerator[SubgraphResponse, None]:
        """The events of one subscription; closing the generator ends it in the subgraph. Raises SubgraphFailure."""
        return kept_up(lambda: self._opened(target, request), target.reconnect)

    async def close(self) -> None:
        """Close every connection. Idempotent; a later subscription opens new ones."""
        await self._sockets.close()
        http, self._http = self._http, None
        if http is not None:
            await http.close()

    @property
    def sockets_open(self) -> int:
        """How many WebSockets are open."""
        return len(self._sockets)

    def _opened(
        self, target: Target, request: SubgraphRequest
    ) -> AbstractAsyncContextManager[AsyncIterator[SubgraphResponse]]:
        if target.protocol == "graphql-transport-ws":
            return self._sockets.operation(target, request)
        return streamed(self._session(), target, request, FORMATS[target.protocol])

    def _session(self) -> aiohttp.ClientSession:
        """Apart from the requests: subscriptions last for hours and would use up the connections of a shared pool."""
        if self._http is None:
            trusted = _trusting(self._ca) if self._ca is not None else True
            connector = aiohttp.TCPConnector(limit=0, limit_per_host=SUBGRAPH_SUBSCRIPTIONS_MAX, ssl=trusted)
            # Without a cookie jar: one client's cookies must never travel with another's request.
            self._http = aiohttp.ClientSession(
                connector=connector, timeout=aiohttp.ClientTimeout(total=None), cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._http


def _trusting(ca: bytes) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.load_verify_locations(cadata=ca.decode("ascii"))
    return context
