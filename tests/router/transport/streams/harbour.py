"""A server of WebSockets and streams whose every connection does what a test says, and that remembers who called."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yarl
from aiohttp import WSMsgType, web

from router.transport.streams import StreamProtocol, Target

Manners: TypeAlias = Callable[["Caller"], Awaitable[None]]


@dataclass
class Caller:
    """The server's end of one WebSocket."""

    socket: web.WebSocketResponse
    headers: dict[str, str]
    inits: list[Any] = field(default_factory=list)
    operations: dict[str, Any] = field(default_factory=dict)

    async def acknowledge(self) -> None:
        """Take the greeting, and answer it."""
        init = await self.socket.receive_json()
        self.inits.append(init.get("payload"))
        await self.socket.send_json({"type": "connection_ack"})

    async def subscribed(self) -> str:
        """Take one subscription; what has been completed before is taken off."""
        while True:
            message = await self.socket.receive()
            if message.type is not WSMsgType.TEXT:
                raise ConnectionResetError
            said = message.json()
            if said["type"] == "complete":
                self.operations.pop(said["id"], None)
            elif said["type"] == "subscribe":
                self.operations[said["id"]] = said["payload"]
                return str(said["id"])

    async def tell(self, operation: str, *values: Any) -> None:
        """Events with `data.a`."""
        for value in values:
            await self.socket.send_json({"id": operation, "type": "next", "payload": {"data": {"a": value}}})

    async def complete(self, operation: str) -> None:
        """The end of one operation."""
        self.operations.pop(operation)
        await self.socket.send_json({"id": operation, "type": "complete"})

    async def until_closed(self) -> None:
        """Take whatever comes."""
        while True:
            await self.subscribed()


@dataclass
class Harbour:
    """`callers` are all WebSockets so far; `open` of them are."""

    url: yarl.URL = field(default_factory=yarl.URL)
    callers: list[Caller] = field(default_factory=list)
    open: int = 0
    posts: list[dict[str, str]] = field(default_factory=list)
    manners: list[Manners] = field(default_factory=list)
    streams: list[Callable[[web.StreamResponse], Awaitable[None]]] = field(default_factory=list)

    def target(self, protocol: StreamProtocol = "graphql-transport-ws", **settings: Any) -> Target:
        """How to come here."""
        return Target(self.url, protocol, **settings)

    async def called(self, request: web.Request) -> web.StreamResponse:
        """A new connection: treated by the next of the manners, the last of which serves all that follow."""
        if request.method == "POST":
            return await self._posted(request)
        socket = web.WebSocketResponse(protocols=("graphql-transport-ws",))
        await socket.prepare(request)
        caller = Caller(socket, {name.lower(): value for name, value in request.headers.items()})
        self.callers.append(caller)
        self.open += 1
        try:
            await self.manners[min(len(self.callers), len(self.manners)) - 1](caller)
        except (ConnectionError, TypeError):  # the caller is gone; `receive_json` says so by a TypeError
            pass
        finally:
            self.open -= 1
        return socket

    async def _posted(self, request: web.Request) -> web.StreamResponse:
        self.posts.append({name.lower(): value for name, value in request.headers.items()})
        kind = "text/event-stream" if "event-stream" in request.headers["accept"] else 'multipart/mixed;boundary="-"'
        answer = web.StreamResponse(headers={"content-type": kind})
        await answer.prepare(request)
        with suppress(ConnectionError):
            await self.streams[min(len(self.posts), len(self.streams)) - 1](answer)
        return answer

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to become true."""
        async with asyncio.timeout(5):
            while not condition():
                await asyncio.sleep(0.005)


@asynccontextmanager
async def harbour(*manners: Manners) -> AsyncIterator[Harbour]:
    """Run the server on a free port."""
    server = Harbour(manners=list(manners))
    app = web.Application()
    app.router.add_route("*", "/graphql", server.called)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = yarl.URL(f"http://127.0.0.1:{runner.addresses[0][1]}/graphql")
    try:
        yield server
    finally:
        await runner.cleanup()


async def polite(caller: Caller) -> None:
    """Tell each subscription its own query, and keep it open."""
    await caller.acknowledge()
    while True:
        operation = await caller.subscribed()
        await caller.tell(operation, caller.operations[operation]["query"])
