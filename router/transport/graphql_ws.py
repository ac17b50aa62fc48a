"""The client's half of the graphql-transport-ws protocol, over any socket: one connection carries one subscription.

Source: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any, Final, Protocol

from router.errors import SubgraphFailure
from router.transport.base import SubgraphRequest, SubgraphResponse
from router.transport.body import are_errors, not_graphql, read_response, too_slow

SUBPROTOCOL: Final = "graphql-transport-ws"
OPERATION_ID: Final = "1"  # any text does: it is the only one on its connection


class SocketClosed(Exception):
    """The other side is gone. The message says how, for the log."""


class Socket(Protocol):
    """A connected WebSocket that carries JSON. Both methods raise SocketClosed."""

    async def send(self, message: dict[str, Any]) -> None:
        """Send one message."""
        ...

    async def receive(self) -> Any:
        """Wait for one message; text that is not JSON comes as None."""
        ...


async def subscription(
    socket: Socket, request: SubgraphRequest, *, init_timeout_s: float
) -> AsyncGenerator[SubgraphResponse, None]:
    """Initialise the connection, subscribe, and yield every event until the subgraph completes.

    An operation that the subgraph refuses yields one response with its errors, and ends. Raises SubgraphFailure when the
    connection is not acknowledged in time, breaks, or carries something else. Closing the generator early sends `complete`;
    the socket is the caller's to close.
    """
    ended = False
    try:
        await _initialise(socket, request, init_timeout_s)
        await socket.send({"id": OPERATION_ID, "type": "subscribe", "payload": request.payload})
        while not ended:
            message = await _receive(socket, request.subgraph)
            ended = message["type"] in ("error", "complete")
            if message["type"] != "complete":
                yield _response(request.subgraph, message)
    except SocketClosed as closed:
        ended = True
        raise _broken(request.subgraph, str(closed)) from None
    finally:
        if not ended:
            with suppress(SocketClosed):
                await socket.send({"id": OPERATION_ID, "type": "complete"})


async def _initialise(socket: Socket, request: SubgraphRequest, timeout_s: float) -> None:
    """Say hello and wait for the acknowledgement. The caller's token goes into the payload, where subgraphs look for it."""
    token = request.headers.get("authorization")
    payload = {} if token is None else {"payload": {"authorization": token}}
    try:
        async with asyncio.timeout(timeout_s):
            await socket.send({"type": "connection_init", **payload})
            message = await _receive(socket, request.subgraph)
    except TimeoutError:
        raise too_slow(request.subgraph, timeout_s) from None
    if message["type"] != "connection_ack":
        raise not_graphql(request.subgraph, f"{message['type']} came before connection_ack")


async def _receive(socket: Socket, subgraph: str) -> dict[str, Any]:
    """The next message that is not about keeping the connection alive. Pings are answered."""
    while True:
        message = await socket.receive()
        match message:
            case {"type": "ping"}:
                await socket.send({"type": "pong"})
            case {"type": "pong"}:
                pass
            case {"type": "connection_ack" | "next" | "error" | "complete"}:
                return dict(message)
            case _:
                raise not_graphql(subgraph, "the message is none of graphql-transport-ws")


def _response(subgraph: str, message: dict[str, Any]) -> SubgraphResponse:
    match message:
        case {"type": "next", "payload": payload}:
            return read_response(subgraph, payload)
        case {"type": "error", "payload": payload} if are_errors(payload):
            return SubgraphResponse(None, tuple(payload))
        case _:
            raise not_graphql(subgraph, f"{message['type']} came without what it must carry")


def _broken(subgraph: str, detail: str) -> SubgraphFailure:
    return SubgraphFailure(subgraph, f'Subgraph "{subgraph}" broke off the subscription.', detail)
