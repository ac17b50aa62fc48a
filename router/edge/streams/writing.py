"""Writes a stream into an HTTP response, piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from starlette.types import Send

from router.edge.streams.framing import Framing
from router.edge.streams.live import Live
from router.exchange import ClientResponse

Pieces: TypeAlias = Callable[[], Awaitable[ClientResponse | None]]
"""Gives the next piece of an answer each time it is called, None when there is none."""

# A proxy that gathers an answer before it passes it on would hold back every event; nginx is told by a header of its own.
UNBUFFERED: Final = ((b"cache-control", b"no-cache"), (b"x-accel-buffering", b"no"), (b"vary", b"accept"))


class Response(Protocol):
    """What writes itself, and may take as long as its client listens."""

    async def write(self, send: Send) -> None:
        """Write it to its end."""
        ...


@dataclass(frozen=True, slots=True)
class Brief:
    """A response of a line or of nothing."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    async def write(self, send: Send) -> None:
        """Write it."""
        await send(response_start(self.status, b"text/plain; charset=utf-8", self.headers))
        await send({"type": "http.response.body", "body": self.body})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A response that is ready to be written: from a live stream, or of one piece. `headers` are added to those of streams."""

    framing: Framing
    headers: Mapping[str, str]
    source: Live | ClientResponse

    async def write(self, send: Send) -> None:
        """Write it to its end. Of a client that does not read, the connection is cut."""
        if isinstance(self.source, ClientResponse):
            cookies = self.source.reply.cookies
            await _Writer(self.framing, send).write(_lone(self.source), self.headers, cookies)
            return
        with suppress(TimeoutError):
            async with self.source as live, live.within_patience():
                await _Writer(self.framing, send).write(live.get, self.headers)


class _Writer:
    """One response under way, with a heartbeat wherever nothing else is said for a while."""

    def __init__(self, framing: Framing, send: Send) -> None:
        self._framing = framing
        self._send = send
        self._unsent = framing.opening

    async def write(self, next_piece: Pieces, headers: Mapping[str, str], cookies: Sequence[str] = ()) -> None:
        await self._send(response_start(200, self._framing.content_type, headers, cookies))
        if self._framing.heartbeat_s is not None:
            await self._body(b"")
        while (piece := await self._next(next_piece)) is not None:
            await self._body(self._framing.result(piece))
        await self._body(self._framing.closing, more=False)

    async def _next(self, next_piece: Pieces) -> ClientResponse | None:
        while True:
            try:
                async with asyncio.timeout(self._framing.heartbeat_s):
                    return await next_piece()
            except TimeoutError:
                await self._body(self._framing.heartbeat)

    async def _body(self, body: bytes, *, more: bool = True) -> None:
        unsent, self._unsent = self._unsent, b""
        await self._send({"type": "http.response.body", "body": unsent + body, "more_body": more})


def response_start(
    status: int, content_type: bytes, added: Mapping[str, str], cookies: Sequence[str] = ()
) -> dict[str, object]:
    """The head of a response that is not to be gathered on its way."""
    headers = [
        (b"content-type", content_type),
        *UNBUFFERED,
        *((name.encode("latin-1"), value.encode("latin-1")) for name, value in added.items()),
        *((b"set-cookie", cookie.encode("latin-1")) for cookie in cookies),
    ]
    return {"type": "http.response.start", "status": status, "headers": headers}


def _lone(piece: ClientResponse) -> Pieces:
    pieces = iter((piece, None))

    async def next_piece() -> ClientResponse | None:
        return next(pieces)

    return next_piece
