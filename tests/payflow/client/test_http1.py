"""Calls over kept connections: against servers that answer whole, in pieces, not at all, and too much."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from payflow.client import http1 as module
from payflow.client.http1 import Http1Pool

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


class Server:
    """Counts its connections, and keeps what it was sent. Each request is answered by `answer`."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.connections = 0
        self.requests: list[bytes] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                self.requests.append(head + await reader.readexactly(length))
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                writer.write(answer)
                if b"connection: close" in answer or not answer:
                    break
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def pool_of(server: Server) -> AsyncIterator[Http1Pool]:
    listening = await asyncio.start_server(server.talk, "127.0.0.1", 0)
    host, port = listening.sockets[0].getsockname()
    pool = Http1Pool(f"http://{host}:{port}/graphql?a=1")
    try:
        yield pool
    finally:
        pool.close()
        listening.close()


def whole(body: bytes, more: bytes = b"") -> bytes:
    return HEAD + more + b"content-length: %d\r\n\r\n%b" % (len(body), body)


async def test_a_call_is_a_plain_request() -> None:
    """Path, host, headers and body arrive as they should, and one connection serves one call after the other."""
    server = Server(whole(b"{}"))
    async with pool_of(server) as pool:
        for _ in range(3):
            assert await pool.post(b'{"q": 1}', {"x-request-id": "7"}) == module.Answer(200, b"{}")

    assert server.connections == 1
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /graphql?a=1 HTTP/1.1\r\nhost: 127.0.0.1:")
    assert b"\r\nx-request-id: 7\r\n" in head
    assert body == b'{"q": 1}'


async def test_an_answer_in_chunks_is_put_together() -> None:
    """Chunked answers are whole ones."""
    chunked = HEAD + b'transfer-encoding: chunked\r\n\r\n3\r\n{"a\r\n4\r\n": 1\r\n1\r\n}\r\n0\r\n\r\n'
    async with pool_of(Server(chunked)) as pool:
        assert (await pool.post(b"", {})).body == b'{"a": 1}'


async def test_a_connection_that_the_server_closes_is_not_used_again() -> None:
    """Whether it says so, or closes it while nobody asks: the next call has a new one."""
    server = Server(whole(b"1", b"connection: close\r\n"), whole(b"2"))
    async with pool_of(server) as pool:
        assert [(await pool.post(b"", {})).body for _ in range(3)] == [b"1", b"2", b"2"]
    assert server.connections == 2


async def test_what_was_idle_for_long_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server may be about to close it."""
    monkeypatch.setattr(module, "IDLE_MAX_S", 0.01)
    server = Server(whole(b"{}"))
    async with pool_of(server) as pool:
        await pool.post(b"", {})
        await asyncio.sleep(0.05)
        await pool.post(b"", {})
    assert server.connections == 2


@pytest.mark.parametrize(
    "answer", [b"", HEAD + b"content-length: 9\r\nconnection: close\r\n\r\nhalf", b"SSH-2.0-OpenSSH\r\n\r\n"]
)
async def test_no_whole_answer_is_an_error(answer: bytes) -> None:
    """Nothing, half an answer, and another protocol."""
    async with pool_of(Server(answer)) as pool:
        with pytest.raises(OSError, match=r"closed before the answer|no HTTP|reset"):
            await pool.post(b"", {})


async def test_an_answer_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded, whatever a server sends."""
    monkeypatch.setattr(module, "ANSWER_BYTES_MAX", 10)
    async with pool_of(Server(whole(b"x" * 11))) as pool:
        with pytest.raises(ConnectionError):
            await pool.post(b"", {})


async def test_who_gives_up_leaves_no_answer_to_another() -> None:
    """The answer to a call that was cancelled is never taken for that of the next."""
    server = Server(HEAD + b"content-length: 1\r\n\r\n", whole(b"mine"))
    async with pool_of(server) as pool:
        given_up = asyncio.create_task(pool.post(b"", {}))
        async with asyncio.timeout(10):
            while not server.requests:
                await asyncio.sleep(0.01)
        given_up.cancel()
        await asyncio.wait([given_up])
        assert (await pool.post(b"", {})).body == b"mine"
    assert server.connections == 2


async def test_calls_past_the_bound_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more than CONNECTIONS_MAX connections, however many call."""
    monkeypatch.setattr(module, "CONNECTIONS_MAX", 2)
    server = Server(whole(b"{}"))
    async with pool_of(server) as pool:
        await asyncio.gather(*(pool.post(b"", {}) for _ in range(20)))
    assert (server.connections, len(server.requests)) == (2, 20)
