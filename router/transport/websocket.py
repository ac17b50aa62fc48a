"""Connects to a subgraph's WebSocket with aiohttp."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson

from router.limits import SUBGRAPH_RESPONSE_BYTES_MAX, WEBSOCKET_PING_INTERVAL_S
from router.transport.base import SubgraphRequest
from router.transport.body import not_graphql, refused, too_slow, unreachable
from router.transport.graphql_ws import SUBPROTOCOL, SocketClosed
from router.transport.headers import forwarded

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
        raise SocketClosed(f"close code {self._websocket.close_code}: {message.extra or self._websocket.exception()}")


@asynccontextmanager
async def connected(
    session: aiohttp.ClientSession, url: str, request: SubgraphRequest, *, timeout_s: float
) -> AsyncIterator[AiohttpSocket]:
    """A socket that speaks graphql-transport-ws, closed on the way out. Raises SubgraphFailure."""
    websocket = await _connect(session, url, request, timeout_s)
    try:
        if websocket.protocol != SUBPROTOCOL:
            raise not_graphql(request.subgraph, f"the WebSocket does not speak {SUBPROTOCOL}")
        yield AiohttpSocket(websocket)
    finally:
        await websocket.close()


async def _connect(
    session: aiohttp.ClientSession, url: str, request: SubgraphRequest, timeout_s: float
) -> aiohttp.ClientWebSocketResponse:
    try:
        async with asyncio.timeout(timeout_s):
            return await session.ws_connect(
                url,
                protocols=(SUBPROTOCOL,),
                headers=forwarded(request.headers),
                heartbeat=WEBSOCKET_PING_INTERVAL_S,
                max_msg_size=SUBGRAPH_RESPONSE_BYTES_MAX,
                timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_TIMEOUT_S),
            )
    except TimeoutError:
        raise too_slow(request.subgraph, timeout_s) from None
    except aiohttp.WSServerHandshakeError as error:
        raise refused(request.subgraph, error.status, error.message) from None
    except (aiohttp.ClientError, OSError) as error:
        raise unreachable(request.subgraph, str(error)) from None
