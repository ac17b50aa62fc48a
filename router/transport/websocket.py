"""Connects to a subgraph's WebSocket with aiohttp."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import aiohttp
import orjson

from router.limits import SUBGRAPH_RESPONSE_BYTES_MAX, WEBSOCKET_PING_INTERVAL_S
from router.transport.body import not_graphql, refused, too_slow, unreachable
from router.transport.graphql_ws import SUBPROTOCOL, SocketClosed
from router.transport.interruption import passing

CLOSE_TIMEOUT_S = 1.0  # how long a subgraph may take to say goodbye before the connection is dropped


class AiohttpSocket:
    """aiohttp's client WebSocket as a `graphql_ws.Socket`."""

    def __init__(self, websocket: aiohttp.ClientWebSocketResponse) -> None:
        self._websocket = websocket

    async def send(self, message: dict[str, Any]) -> None:
        """Send one message. Raises SocketClosed."""
        try:
            await self._websocket.send_str(orjson.dumps(message).decode())
        except (ConnectionError, aiohttp.ClientError) as error:
            raise SocketClosed(str(error)) from None

    async def receive(self) -> Any:
        """Wait for one message. Raises SocketClosed; a lost connection shows by its missing pongs."""
        message = await self._websocket.receive()
        if message.type is aiohttp.WSMsgType.TEXT:
            try:
                return orjson.loads(message.data)
            except orjson.JSONDecodeError:
                return None
        if message.type is aiohttp.WSMsgType.BINARY:
            return None
        raise SocketClosed(str(message.extra or self._websocket.exception() or ""), self._websocket.close_code)

    async def close(self) -> None:
        """Say goodbye. Idempotent."""
        await self._websocket.close()


async def connect(
    session: aiohttp.ClientSession, url: str, *, subgraph: str, headers: Mapping[str, str], timeout_s: float
) -> AiohttpSocket:
    """A socket that speaks graphql-transport-ws, to be closed by the caller. Raises SubgraphFailure."""
    try:
        async with asyncio.timeout(timeout_s):
            websocket = await session.ws_connect(
                url,
                protocols=(SUBPROTOCOL,),
                headers=headers,
                heartbeat=WEBSOCKET_PING_INTERVAL_S,
                max_msg_size=SUBGRAPH_RESPONSE_BYTES_MAX,
                timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_TIMEOUT_S),
            )
    except TimeoutError:
        raise passing(too_slow(subgraph, timeout_s)) from None
    except aiohttp.WSServerHandshakeError as error:
        failure = refused(subgraph, error.status, error.message)
        raise passing(failure) if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR else failure from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise passing(unreachable(subgraph, str(error))) from None
    if websocket.protocol != SUBPROTOCOL:
        await websocket.close()
        raise not_graphql(subgraph, f"the WebSocket does not speak {SUBPROTOCOL}")
    return AiohttpSocket(websocket)
