"""A server without manners: it does to each connection what a test says, and counts those that are open."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias

from router.transport.base import SubgraphAnswer

GOOD_BODY = b'{"data":{"ok":true}}'
GOOD = SubgraphAnswer(200, GOOD_BODY)


def answer(body: bytes = GOOD_BODY, *headers: str, status: str = "200 OK", version: str = "HTTP/1.1") -> bytes:
    """A well-formed answer."""
    lines = [f"{version} {status}", f"content-length: {len(body)}", "content-type: application/json", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Peer:
    """The server's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def request(self) -> tuple[bytes, bytes]:
        """Read one request: its head and its body. Raises IncompleteReadError when the client closes."""
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]
        return head, await self._reader.readexactly(int(length))

    async def say(self, *pieces: bytes) -> None:
        """Send the pieces, each in a packet of its own as far as that can be had."""
        for piece in pieces:
            self._writer.write(piece)
            await self._writer.drain()
            await asyncio.sleep(0)

    async def until_closed(self) -> None:
        """Say nothing more until the client closes."""
        await self._reader.read()

    async def unless_closed(self, event: Coroutine[Any, Any, object]) -> None:
        """Wait for something, but not for longer than the client stays."""
        waiting, closing = asyncio.create_task(event), asyncio.create_task(self._reader.read(1))
        await asyncio.wait({waiting, closing}, return_when=asyncio.FIRST_COMPLETED)
        closed = closing.done()
        for task in (waiting, closing):
            task.cancel()
        await asyncio.gather(waiting, closing, return_exceptions=True)
        if closed:
            raise ConnectionResetError("the client has gone")

    def close(self) -> None:
        """Close in an orderly way."""
        self._writer.close()

    def reset(self) -> None:
        """Close with a reset instead of an end: what was sent and not yet read is lost to the client."""
        connection: socket.socket = self._writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


Manners: TypeAlias = Callable[[Peer], Awaitable[None]]


class Rogue:
    """Treats each new connection by the next of its manners, the last of which serves all that follow."""

    def __init__(self, manners: Iterable[Manners]) -> None:
        self.url = ""
        self.opened = 0
        self.open = 0
        self.requests: list[bytes] = []
        self._manners = list(manners)

    async def treat(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        manners = self._manners[min(self.opened, len(self._manners) - 1)]
        self.opened += 1
        self.open += 1
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await manners(Peer(reader, writer))
        finally:
            writer.close()
            self.open -= 1

    async def all_closed(self) -> None:
        """Wait until no connection is open any more."""
        async with asyncio.timeout(5):
            while self.open:
                await asyncio.sleep(0.005)


@asynccontextmanager
async def rogue(*manners: Manners) -> AsyncIterator[Rogue]:
    """Run the server on a free port."""
    server = Rogue(manners)
    listener = await asyncio.start_server(server.treat, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/graphql"
    try:
        yield server
    finally:
        listener.close()
        await server.all_closed()


async def polite(peer: Peer) -> None:
    """Answer every request, one after another, until the client closes."""
    while True:
        await peer.request()
        await peer.say(answer())


def once(*pieces: bytes) -> Manners:
    """Read a request, say the pieces, close."""

    async def manners(peer: Peer) -> None:
        await peer.request()
        await peer.say(*pieces)
        peer.close()

    return manners


def then_silent(*pieces: bytes) -> Manners:
    """Read a request, say the pieces, and nothing more."""

    async def manners(peer: Peer) -> None:
        await peer.request()
        await peer.say(*pieces)
        await peer.until_closed()

    return manners
