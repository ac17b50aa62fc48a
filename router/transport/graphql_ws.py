"""The client's half of the graphql-transport-ws protocol, over any socket: one connection carries many subscriptions.

Source: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from itertools import count
from typing import Any, Final, Protocol

from router.errors import SubgraphFailure
from router.limits import SUBSCRIPTION_BUFFER_MAX, SUBSCRIPTION_STALL_S
from router.transport.base import SubgraphRequest, SubgraphResponse
from router.transport.body import are_errors, not_graphql, read_response, too_slow, unreachable
from router.transport.close_codes import broken_off
from router.transport.interruption import again, passing

SUBPROTOCOL: Final = "graphql-transport-ws"


class SocketClosed(Exception):
    """The other side is gone. The message says how, for the log; `code` is that of its close frame, if there was one."""

    def __init__(self, reason: str, code: int | None = None) -> None:
        super().__init__(reason)
        self.code = code


class Socket(Protocol):
    """A connected WebSocket that carries JSON. Both methods raise SocketClosed."""

    async def send(self, message: dict[str, Any]) -> None:
        """Send one message."""
        ...

    async def receive(self) -> Any:
        """Wait for one message; text that is not JSON comes as None."""
        ...


class Operation:
    """One subscription on a connection: what has come for it and is not yet read."""

    def __init__(self) -> None:
        self._row: asyncio.Queue[SubgraphResponse | SubgraphFailure | None] = asyncio.Queue()
        self._has_room = asyncio.Event()
        self._has_room.set()

    def tell(self, told: SubgraphResponse | SubgraphFailure | None) -> None:
        """An event; or the end, as None or as the failure that it is."""
        self._row.put_nowait(told)
        if self._row.qsize() >= SUBSCRIPTION_BUFFER_MAX:
            self._has_room.clear()

    async def room(self) -> bool:
        """Wait until another event may be told; false where the reader has stalled."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SUBSCRIPTION_STALL_S):
                await self._has_room.wait()
        return self._has_room.is_set()

    async def events(self) -> AsyncGenerator[SubgraphResponse, None]:
        """All to the end."""
        while (told := await self._row.get()) is not None:
            self._has_room.set()
            if isinstance(told, SubgraphFailure):
                raise told
            yield told


class Connection:
    """A socket and the subscriptions on it. Whoever opened the socket closes it, after the connection.

    One task reads it and hands out what comes. A subscription that is not read holds up the others for SUBSCRIPTION_STALL_S, and
    then it is ended.
    """

    def __init__(self, socket: Socket, subgraph: str) -> None:
        self.failure: SubgraphFailure | None = None
        self._socket = socket
        self._subgraph = subgraph
        self._operations: dict[str, Operation] = {}
        self._ids = count(1)
        self._reading: asyncio.Task[None] | None = None

    async def initialise(self, headers: Mapping[str, str], *, timeout_s: float) -> None:
        """Say hello and wait for the acknowledgement. The caller's token goes into the payload, where subgraphs look for it.

        Raises SubgraphFailure.
        """
        token = headers.get("authorization")
        payload = {} if token is None else {"payload": {"authorization": token}}
        try:
            async with asyncio.timeout(timeout_s):
                await self._socket.send({"type": "connection_init", **payload})
                message = await self._receive()
        except TimeoutError:
            raise passing(too_slow(self._subgraph, timeout_s)) from None
        except SocketClosed as closed:
            raise broken_off(self._subgraph, closed.code, str(closed)) from None
        if message["type"] != "connection_ack":
            raise not_graphql(self._subgraph, f"{message['type']} came before connection_ack")
        self._reading = asyncio.create_task(self._read())

    @asynccontextmanager
    async def operation(self, request: SubgraphRequest) -> AsyncIterator[AsyncGenerator[SubgraphResponse, None]]:
        """Subscribe, and unsubscribe on the way out. The events end or raise SubgraphFailure as the subgraph says."""
        if self.failure is not None:
            raise again(self.failure)
        operation, operation_id = Operation(), str(next(self._ids))
        self._operations[operation_id] = operation
        try:
            await self._socket.send({"id": operation_id, "type": "subscribe", "payload": request.payload})
            async with aclosing(operation.events()) as events:
                yield events
        except SocketClosed as closed:
            raise broken_off(self._subgraph, closed.code, str(closed)) from None
        finally:
            await self._leave(operation_id)

    async def close(self) -> None:
        """Stop reading. What is still subscribed fails."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading])
        self._fail(unreachable(self._subgraph, "the router has closed the connection"))

    # ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _read(self) -> None:
        try:
            while True:
                await self._hand_out(await self._receive())
        except SocketClosed as closed:
            self._fail(broken_off(self._subgraph, closed.code, str(closed)))
        except SubgraphFailure as failure:
            self._fail(failure)
        except Exception as error:  # a fault of ours must not leave anybody waiting
            self._fail(broken_off(self._subgraph, None, repr(error)))

    def _fail(self, failure: SubgraphFailure) -> None:
        self.failure = failure
        operations, self._operations = self._operations, {}
        for operation in operations.values():
            operation.tell(again(failure))

    async def _receive(self) -> dict[str, Any]:
        """The next message that is not about keeping the connection alive. Pings are answered."""
        while True:
            message = await self._socket.receive()
            match message:
                case {"type": "ping"}:
                    await self._socket.send({"type": "pong"})
                case {"type": "pong"}:
                    pass
                case {"type": "connection_ack"} | {"type": "next" | "error" | "complete", "id": str()}:
                    return dict(message)
                case _:
                    raise not_graphql(self._subgraph, "the message is none of graphql-transport-ws")

    async def _hand_out(self, message: dict[str, Any]) -> None:
        operation = self._operations.get(message.get("id", ""))
        if operation is None:
            return  # it crossed our `complete`
        if not await operation.room():
            operation.tell(broken_off(self._subgraph, None, f"nobody read its events for {SUBSCRIPTION_STALL_S:g} s"))
            await self._leave(message["id"])
            return
        if message["type"] != "complete":
            operation.tell(self._response(message))
        if message["type"] in ("complete", "error"):
            self._operations.pop(message["id"], None)
            operation.tell(None)

    def _response(self, message: dict[str, Any]) -> SubgraphResponse | SubgraphFailure:
        try:
            match message:
                case {"type": "next", "payload": payload}:
                    return read_response(self._subgraph, payload)
                case {"type": "error", "payload": payload} if are_errors(payload):
                    return SubgraphResponse(None, tuple(payload))
                case _:
                    return not_graphql(self._subgraph, f"{message['type']} came without what it must carry")
        except SubgraphFailure as failure:
            return failure

    async def _leave(self, operation_id: str) -> None:
        """Tell the subgraph that nobody listens any more, unless it has ended the operation itself."""
        if self._operations.pop(operation_id, None) is not None:
            with suppress(SocketClosed):
                await self._socket.send({"id": operation_id, "type": "complete"})


async def subscription(
    socket: Socket, request: SubgraphRequest, *, init_timeout_s: float
) -> AsyncGenerator[SubgraphResponse, None]:
    """One subscription on a socket of its own: initialise the connection, subscribe, and yield every event to the end.

    An operation that the subgraph refuses yields one response with its errors, and ends. Raises SubgraphFailure when the
    connection is not acknowledged in time, breaks, or carries something else. Closing the generator early sends `complete`;
    the socket is the caller's to close.
    """
    connection = Connection(socket, request.subgraph)
    try:
        await connection.initialise(request.headers, timeout_s=init_timeout_s)
        async with connection.operation(request) as events:
            async for event in events:
                yield event
    finally:
        await connection.close()
