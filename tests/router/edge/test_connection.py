"""What a client may send before it is hung up on: sizes and numbers of a head, and the time that it takes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from router.app import create_app
from router.config import HttpSettings, RouterConfig
from tests.router.blog import Blog
from tests.router.serving import serving

BODY = b'{"query": "{ hello }"}'
HELLO = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 22\r\n\r\n" + BODY
SETTINGS = HttpSettings(url_bytes=200, header_bytes=1_000, headers_max=10, head_timeout_s=0.3, body_timeout_s=0.3)
UNHURRIED = SETTINGS.model_copy(update={"head_timeout_s": 30.0, "body_timeout_s": 30.0})
PATIENCE_S = 10


@pytest.fixture
async def address(config: RouterConfig) -> AsyncIterator[str]:
    """A router with narrow bounds."""
    async with serving(create_app(config, transport=Blog().transport()), http=SETTINGS) as address:
        yield address


class Connection:
    """A client that sends what it likes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, data: bytes) -> None:
        """Bytes, as they are."""
        self._writer.write(data)
        await self._writer.drain()

    async def answer(self) -> tuple[int, Any]:
        """Status and JSON body of the next answer."""
        async with asyncio.timeout(PATIENCE_S):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = next(
                int(line.partition(":")[2]) for line in head.splitlines() if line.startswith("content-length")
            )
            return int(head.split()[1]), json.loads(await self._reader.readexactly(length))

    async def rest(self) -> bytes:
        """What comes until the router hangs up."""
        async with asyncio.timeout(PATIENCE_S):
            return await self._reader.read()


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[Connection]:
    """A connection, closed at the end."""
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()


async def test_within_the_bounds_a_connection_serves_again_and_again(config: RouterConfig) -> None:
    """Request after request, in one packet or in many, and two in one packet."""
    async with (
        serving(create_app(config, transport=Blog().transport()), http=UNHURRIED) as address,
        connected(address) as connection,
    ):
        await connection.send(HELLO)
        assert await connection.answer() == (200, {"data": {"hello": "Hello you"}})
        for byte in HELLO:
            await connection.send(bytes([byte]))
        assert await connection.answer() == (200, {"data": {"hello": "Hello you"}})
        await connection.send(HELLO + HELLO)
        assert [(await connection.answer())[0] for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(
    ("head", "status", "message"),
    [
        (b"GET /graphql?query=" + b"x" * 200 + b" HTTP/1.1\r\nhost: x\r\n\r\n", 414, "URL is longer than 200 bytes"),
        (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 11 + b"\r\n", 431, "has 11 headers, more than 10"),
        (b"GET / HTTP/1.1\r\na: " + b"b" * 1_000 + b"\r\n\r\n", 431, "headers are larger than 1000 bytes"),
        (b"nonsense\r\n\r\n", 400, "is not HTTP/1.1 that can be read"),
        (b"GET / HTTP/1.1\r\nhost : x\r\n\r\n", 400, "is not HTTP/1.1 that can be read"),
        (
            b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n",
            400,
            "is not HTTP/1.1 that can be read",
        ),
    ],
)
async def test_a_head_over_a_bound_is_refused(address: str, head: bytes, status: int, message: str) -> None:
    """In the form of every other error, and the connection ends: what follows cannot be told apart."""
    async with connected(address) as connection:
        await connection.send(head)
        got, body = await connection.answer()

        assert got == status
        assert message in body["errors"][0]["message"]
        assert body["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
        assert await connection.rest() == b""


@pytest.mark.parametrize(
    ("beginning", "more", "status"),
    [
        (b"GET /", b"x" * 700, 414),
        (b"GET / HTTP/1.1\r\na: ", b"b" * 700, 431),
        (b"GET / HTTP/1.1\r\n" + b"b" * 100, b"b" * 700, 431),
        (b"\r\n", b"\r\n" * 350, 431),
    ],
)
async def test_a_head_that_does_not_end_is_refused(
    config: RouterConfig, beginning: bytes, more: bytes, status: int
) -> None:
    """Long before it fills the memory, wherever it goes on and on."""
    async with (
        serving(create_app(config, transport=Blog().transport()), http=UNHURRIED) as address,
        connected(address) as connection,
    ):
        for piece in (beginning, more, more):
            await connection.send(piece)
            await asyncio.sleep(0.05)
        assert (await connection.answer())[0] == status


async def test_a_slow_head_is_408(address: str) -> None:
    """A byte now and then does not keep a connection."""
    async with connected(address) as connection:
        started = asyncio.get_running_loop().time()

        async def drip() -> None:
            for byte in HELLO:
                await connection.send(bytes([byte]))
                await asyncio.sleep(0.05)

        dripping = asyncio.create_task(drip())
        status, body = await connection.answer()
        dripping.cancel()

    assert status == 408
    assert body["errors"][0]["message"] == "The request's headers did not arrive within 0.3 s."
    assert asyncio.get_running_loop().time() - started < len(HELLO) * 0.05 / 2


async def test_a_slow_body_is_408(address: str) -> None:
    """The application that waits for it gives up, too."""
    async with connected(address) as connection:
        await connection.send(HELLO[:-5])
        status, body = await connection.answer()

        assert status == 408
        assert body["errors"][0]["message"] == "The request's body did not arrive within 0.3 s."
        assert await connection.rest() == b""


@pytest.mark.parametrize("sent", [b"", HELLO])
async def test_a_silent_connection_is_closed(config: RouterConfig, sent: bytes) -> None:
    """Without a word, for nothing was asked; also where empty lines come after an answer."""
    async with (
        serving(create_app(config, transport=Blog().transport()), http=SETTINGS) as address,
        connected(address) as connection,
    ):
        if sent:
            await connection.send(sent)
            await connection.answer()
            await connection.send(b"\r\n")
        assert b"200" not in await connection.rest()


async def test_a_slow_answer_is_no_slow_request(config: RouterConfig) -> None:
    """Once a request is whole the deadlines are met, however long its subgraphs take."""
    blog = Blog()
    async with (
        serving(create_app(config, transport=blog.transport()), http=SETTINGS) as address,
        connected(address) as connection,
    ):
        await connection.send(HELLO.replace(b"hello", b"slow ", 1))
        await asyncio.wait_for(blog.slow_begun.wait(), PATIENCE_S)
        await asyncio.sleep(2 * SETTINGS.body_timeout_s)
        blog.slow_goes_on.set()

        assert await connection.answer() == (200, {"data": {"slow": "at last"}})


async def test_a_socket_outlives_the_deadlines(config: RouterConfig) -> None:
    """What becomes a WebSocket is no longer a request of HTTP."""
    upgrade = (
        b"GET /graphql HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n"
        b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n"
    )
    async with (
        serving(create_app(config, transport=Blog().transport()), http=SETTINGS) as address,
        connected(address) as connection,
    ):
        await connection.send(upgrade)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3 * SETTINGS.body_timeout_s):
                await connection.rest()


async def test_nobody_fills_the_log(address: str, caplog: pytest.LogCaptureFixture) -> None:
    """Malformed requests are answered, and leave no line."""
    for _ in range(3):
        async with connected(address) as connection:
            await connection.send(b"nonsense\r\n\r\n")
            assert (await connection.answer())[0] == 400

    assert not caplog.records
