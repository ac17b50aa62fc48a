"""POST over HTTP/1.1 on kept connections: the little that a call to another service needs of HTTP, on httptools.

A general client library takes longer for such a call than the call itself. No redirects, cookies, proxies or compression.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import cast

import httptools
import yarl

CONNECTIONS_MAX = 50  # at a time; past it a call waits for one to be free, on its own clock
IDLE_MAX_S = 4.0  # servers close what is idle for longer, uvicorn after 5 s; a call on its way then would be lost
ANSWER_BYTES_MAX = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


class Http1Pool:
    """Connections to one address. Raises OSError (ConnectionError, or what connecting raises) where no whole answer comes."""

    def __init__(self, url: str) -> None:
        address = yarl.URL(url)
        self._host, self._port = address.host or "", address.port or 80
        self._tls = True if address.scheme == "https" else None
        self._head = f"POST {address.raw_path_qs} HTTP/1.1\r\nhost: {address.raw_authority}\r\n"
        self._idle: deque[_Connection] = deque()
        self._room = asyncio.Semaphore(CONNECTIONS_MAX)

    async def post(self, body: bytes, headers: dict[str, str]) -> Answer:
        """Send, and wait for the whole answer. Whoever is cancelled meanwhile leaves the connection closed."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        request = f"{self._head}{lines}content-length: {len(body)}\r\n\r\n".encode("latin-1") + body
        async with self._room:
            connection = self._kept() or await self._connect()
            try:
                answer = await connection.ask(request)
            except BaseException:
                connection.close()
                raise
            if connection.lives:
                self._idle.append(connection)
            return answer

    def close(self) -> None:
        """Close what is kept. Idempotent."""
        while self._idle:
            self._idle.pop().close()

    def _kept(self) -> _Connection | None:
        """The connection used last, if it is still good: the others then grow old, and are closed."""
        now = asyncio.get_running_loop().time()
        while self._idle and self._idle[0].idle_since < now - IDLE_MAX_S:
            self._idle.popleft().close()
        while self._idle:
            connection = self._idle.pop()
            if connection.lives:
                return connection
        return None

    async def _connect(self) -> _Connection:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(_Connection, self._host, self._port, ssl=self._tls)
        return connection


class _Connection(asyncio.Protocol):
    """One connection, with one call under way at most."""

    def __init__(self) -> None:
        self.lives = True
        self.idle_since = 0.0
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpResponseParser(self)
        self._waiting: asyncio.Future[Answer] | None = None
        self._parts: list[bytes] = []
        self._size = 0

    async def ask(self, request: bytes) -> Answer:
        self._waiting = self._loop.create_future()
        self._transport.write(request)
        try:
            return await self._waiting
        finally:
            self._waiting = None

    def close(self) -> None:
        self.lives = False
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none by class

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(error or ConnectionResetError("the connection was closed before the answer was whole"))

    def data_received(self, data: bytes) -> None:
        if self._waiting is None:  # nobody has asked: what this is answers nothing
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(ConnectionError(f"no HTTP: {error}"))
            self.close()

    def on_body(self, part: bytes) -> None:
        self._parts.append(part)
        self._size += len(part)
        if self._size > ANSWER_BYTES_MAX:
            raise ConnectionError(f"the answer is larger than {ANSWER_BYTES_MAX} bytes")

    def on_message_complete(self) -> None:
        answer = Answer(self._parser.get_status_code(), b"".join(self._parts))
        self._parts, self._size = [], 0
        self.lives, self.idle_since = self.lives and self._parser.should_keep_alive(), self._loop.time()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(answer)
        if not self.lives:
            self._transport.close()

    def _fail(self, error: Exception) -> None:
        self.lives = False
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)
