"""One WebSocket to an ASGI application in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson

from router.limits import SUBSCRIPTION_BUFFER_MAX
from router.transport.asgi_scope import AsgiApp, Message, scope
from router.transport.base import SubgraphRequest
from router.transport.body import not_graphql, refused, too_slow
from router.transport.graphql_ws import SUBPROTOCOL, SocketClosed
from router.transport.headers import forwarded

CLOSE_TIMEOUT_S = 1.0  # how long an application may take to end after the disconnect before it is cancelled
NORMAL_CLOSURE = 1000
ABNORMAL_CLOSURE = 1006
FORBIDDEN = 403  # what a server answers to the handshake of a socket that is closed before it is accepted


class AsgiSocket:
    """The client's end of the socket, as a `graphql_ws.Socket`. The application runs in a task of its own."""

    def __init__(self, app: AsgiApp, path: str, request: SubgraphRequest) -> None:
        self._to_app: asyncio.Queue[Message] = asyncio.Queue(SUBSCRIPTION_BUFFER_MAX)
        self._from_app: asyncio.Queue[Message] = asyncio.Queue(SUBSCRIPTION_BUFFER_MAX)
        self._closed = False
        handshake = {**scope("websocket", path, forwarded(request.headers)), "subprotocols": [SUBPROTOCOL]}
        self._task = asyncio.create_task(self._run(app, handshake))

    async def accepted(self, subgraph: str) -> None:
        """Wait for the application to accept. Raises SubgraphFailure."""
        await self._to_app.put({"type": "websocket.connect"})
        message = await self._from_app.get()
        if message["type"] != "websocket.accept":
            raise refused(subgraph, FORBIDDEN, str(message.get("reason", "")))
        if message.get("subprotocol") != SUBPROTOCOL:
            raise not_graphql(subgraph, f"the WebSocket does not speak {SUBPROTOCOL}")

    async def send(self, message: dict[str, Any]) -> None:
        """Send one message. Raises SocketClosed."""
        if self._task.done():
            raise SocketClosed("the application has ended")
        await self._to_app.put({"type": "websocket.receive", "text": orjson.dumps(message).decode()})

    async def receive(self) -> Any:
        """Wait for one message. Raises SocketClosed."""
        message = await self._from_app.get()
        if message["type"] != "websocket.send":
            raise SocketClosed(str(message.get("reason") or ""), message.get("code", NORMAL_CLOSURE))
        try:
            return orjson.loads(message.get("text") or b"")
        except orjson.JSONDecodeError:
            return None

    async def close(self) -> None:
        """Disconnect, and see to it that the application ends."""
        self._closed = True
        while not self._from_app.empty():  # wakes an application that waits for room
            self._from_app.get_nowait()
        if not self._to_app.full():
            self._to_app.put_nowait({"type": "websocket.disconnect", "code": NORMAL_CLOSURE})
        await asyncio.wait([self._task], timeout=CLOSE_TIMEOUT_S)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self, app: AsgiApp, handshake: dict[str, Any]) -> None:
        ending: Message = {"type": "websocket.close", "code": NORMAL_CLOSURE}
        try:
            await app(handshake, self._to_app.get, self._from_application)
        except Exception as error:  # a remote caller would see the connection break, and no more
            ending = {"type": "websocket.close", "code": ABNORMAL_CLOSURE, "reason": repr(error)}
        await self._from_application(ending)

    async def _from_application(self, message: Message) -> None:
        if not self._closed:
            await self._from_app.put(message)


@asynccontextmanager
async def connected(
    app: AsgiApp, path: str, request: SubgraphRequest, *, timeout_s: float
) -> AsyncIterator[AsgiSocket]:
    """A socket that speaks graphql-transport-ws, closed on the way out. Raises SubgraphFailure."""
    socket = AsgiSocket(app, path, request)
    try:
        try:
            async with asyncio.timeout(timeout_s):
                await socket.accepted(request.subgraph)
        except TimeoutError:
            raise too_slow(request.subgraph, timeout_s) from None
        yield socket
    finally:
        await socket.close()
