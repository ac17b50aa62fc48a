"""WebSockets to subgraphs, each shared by the subscriptions of one caller.

A socket belongs to an address and to all headers that were sent with its handshake, by value: whoever sends another token, cookie
or tenant has another socket. A subgraph that knows its caller by the socket never mistakes one for another.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

import aiohttp

from router.errors import SubgraphFailure
from router.transport.base import SubgraphRequest, SubgraphResponse
from router.transport.body import unreachable
from router.transport.dedupe import told_apart
from router.transport.graphql_ws import Connection
from router.transport.headers import forwarded
from router.transport.interruption import again, passing
from router.transport.streams.target import Target
from router.transport.websocket import AiohttpSocket, connect


class SocketKey(NamedTuple):
    """Which subscriptions may share a socket. The payload of connection_init is made from the headers.

    Headers that name one call are not among them: they would name the first of many.
    """

    subgraph: str
    address: str
    timeout_s: float
    headers: tuple[tuple[str, str], ...]


class SocketPool:
    """Sockets by key, opened when they are needed and closed when nobody uses them any more."""

    def __init__(self, session: Callable[[], aiohttp.ClientSession]) -> None:
        self._session = session
        self._sockets: dict[SocketKey, list[PooledSocket]] = {}

    def __len__(self) -> int:
        return sum(len(sockets) for sockets in self._sockets.values())

    @asynccontextmanager
    async def operation(
        self, target: Target, request: SubgraphRequest
    ) -> AsyncIterator[AsyncGenerator[SubgraphResponse, None]]:
        """Subscribe on a socket that fits, and unsubscribe on the way out. Raises SubgraphFailure."""
        headers = tuple(sorted(told_apart(forwarded(request.headers))))
        key = SocketKey(request.subgraph, target.address, target.timeout_s, headers)
        socket = self._with_room(key, operations_max=target.operations_max)
        socket.users += 1
        try:
            connection = await socket.connection()
            async with connection.operation(request) as events:
                yield events
        finally:
            socket.users -= 1
            if not socket.users:
                await self._drop(socket)

    async def close(self) -> None:
        """Close every socket. Subscriptions on them fail."""
        sockets = [socket for pooled in self._sockets.values() for socket in pooled]
        await asyncio.gather(*(self._drop(socket) for socket in sockets))

    def _with_room(self, key: SocketKey, *, operations_max: int) -> PooledSocket:
        sockets = self._sockets.setdefault(key, [])
        for socket in sockets:
            if socket.is_usable and socket.users < operations_max:
                return socket
        sockets.append(PooledSocket(key, self._session()))
        return sockets[-1]

    async def _drop(self, socket: PooledSocket) -> None:
        sockets = self._sockets.get(socket.key, [])
        if socket in sockets:
            sockets.remove(socket)
        if not sockets:
            self._sockets.pop(socket.key, None)
        await socket.close()


class PooledSocket:
    """One socket, from the moment that somebody wants it. Opening it is nobody's task in particular, so that nobody's leaving ends it."""

    def __init__(self, key: SocketKey, session: aiohttp.ClientSession) -> None:
        self.key = key
        self.users = 0
        self._session = session
        self._socket: AiohttpSocket | None = None
        self._opening = asyncio.create_task(self._open())

    @property
    def is_usable(self) -> bool:
        """Whether it is open, or being opened."""
        if not self._opening.done():
            return True
        return self._outcome() is None and self._opening.result().failure is None

    async def connection(self) -> Connection:
        """What subscriptions are made on. Raises SubgraphFailure."""
        await asyncio.wait([self._opening])
        failure = self._outcome()
        if failure is not None:
            raise again(failure)
        return self._opening.result()

    async def close(self) -> None:
        """Give it up. Idempotent."""
        self._opening.cancel()
        await asyncio.wait([self._opening])
        if self._outcome() is None:
            await self._opening.result().close()
        if self._socket is not None:
            await self._socket.close()

    async def _open(self) -> Connection:
        self._socket = await connect(
            self._session,
            self.key.address,
            subgraph=self.key.subgraph,
            headers=dict(self.key.headers),
            timeout_s=self.key.timeout_s,
        )
        connection = Connection(self._socket, self.key.subgraph)
        await connection.initialise(dict(self.key.headers), timeout_s=self.key.timeout_s)
        return connection

    def _outcome(self) -> SubgraphFailure | None:
        """Why it could not be opened."""
        if self._opening.cancelled():
            return passing(unreachable(self.key.subgraph, "the router is closing its connections"))
        error = self._opening.exception()
        if error is None or isinstance(error, SubgraphFailure):
            return error
        return unreachable(self.key.subgraph, repr(error))
