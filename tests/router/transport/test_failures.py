"""Every way in which a subgraph may fail to answer over HTTP: a failure in time, said in a sentence, and no connection left behind.

Our own client and the library's stand before the same server without manners.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from dataclasses import replace
from time import perf_counter
from typing import Any, Protocol

import pytest
import yarl

from payflow.dev.testing import free_port
from router.errors import SubgraphFailure
from router.transport.base import SubgraphAnswer, SubgraphRequest
from router.transport.http import Client
from router.transport.http1 import Bounds, Http1Client
from router.transport.reqwest import ReqwestClient
from tests.router.transport.rogue import GOOD, Manners, Peer, answer, once, polite, rogue, then_silent

TIMEOUT_S = 0.8
SLACK_S = 10.0  # the machine may be busy
ANSWER_BYTES_MAX = 200_000
BOUNDS = Bounds(timeout_s=TIMEOUT_S, response_bytes_max=ANSWER_BYTES_MAX, head_bytes_max=16_384, idle_s=0.2)
UNHURRIED = replace(BOUNDS, timeout_s=3 * SLACK_S)


class Make(Protocol):
    """Makes a client for one subgraph, "fleet"."""

    def __call__(self, url: str, bounds: Bounds = ...) -> Client: ...


@pytest.fixture(params=[Http1Client, ReqwestClient], ids=["own", "library"])
async def make(request: pytest.FixtureRequest) -> AsyncIterator[Make]:
    """Each kind of client in turn; what is made is closed in the end."""
    made: list[Client] = []

    def client(url: str, bounds: Bounds = BOUNDS) -> Client:
        made.append(request.param({"fleet": yarl.URL(url)}, bounds, compressed=True))
        return made[-1]

    yield client
    for each in made:
        await each.close()


def ask(*, idempotent: bool = True) -> SubgraphRequest:
    """A request."""
    return SubgraphRequest("fleet", b'{"query":"{ok}"}', {"x-request-id": "1"}, idempotent)


async def failure_of(client: Client) -> SubgraphFailure:
    """How the request fails."""
    with pytest.raises(SubgraphFailure) as caught:
        await client.send(ask(idempotent=False))
    return caught.value


async def _reset(peer: Peer) -> None:
    await peer.request()
    await peer.say(answer()[:60])
    peer.reset()


async def _drip(peer: Peer) -> None:
    await peer.request()
    for byte in answer(b" " * 1_000):
        await peer.say(bytes([byte]))
        await asyncio.sleep(0.02)


async def _pour(peer: Peer) -> None:
    await peer.request()
    await peer.say(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        await peer.say(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


async def _pour_headers(peer: Peer) -> None:
    await peer.request()
    await peer.say(b"HTTP/1.1 200 OK\r\n")
    while True:
        await peer.say(b"x-a: " + b"y" * 65_536 + b"\r\n")


async def _hang_up(peer: Peer) -> None:
    peer.close()


UNREACHABLE = 'Subgraph "fleet" cannot be reached.'
TOO_SLOW = f'Subgraph "fleet" did not answer within {TIMEOUT_S:g} seconds.'
TOO_LARGE = 'Subgraph "fleet" answered more than 200000 bytes.'
NO_GRAPHQL = 'Subgraph "fleet" did not answer with GraphQL.'

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n"
BOMB = answer(gzip.compress(bytes(10_000_000)), "content-encoding: gzip")

MISBEHAVIOURS: dict[str, tuple[Manners, str]] = {
    "closes at once": (_hang_up, UNREACHABLE),
    "closes before its answer": (once(), UNREACHABLE),
    "half a head": (once(answer()[:20]), UNREACHABLE),
    "half a body": (once(HEAD + b'{"da'), UNREACHABLE),
    "half a chunk": (once(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{"), UNREACHABLE),
    "resets": (_reset, UNREACHABLE),
    "another protocol": (once(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), NO_GRAPHQL),
    "silent": (then_silent(), TOO_SLOW),
    "silent after half a body": (then_silent(HEAD + b"{"), TOO_SLOW),
    "byte by byte": (_drip, TOO_SLOW),
    "an endless body": (_pour, TOO_LARGE),
    "a bomb": (then_silent(BOMB), TOO_LARGE),
}


@pytest.mark.parametrize("misbehaviour", MISBEHAVIOURS)
async def test_misbehaviour_is_a_failure_and_the_next_request_is_none(make: Make, misbehaviour: str) -> None:
    """A sentence for clients, in time; the connection is closed; and when the subgraph is well again it is asked again."""
    manners, sentence = MISBEHAVIOURS[misbehaviour]
    async with rogue(manners, polite) as server:
        client = make(server.url, BOUNDS if sentence == TOO_SLOW else UNHURRIED)
        begun = perf_counter()

        failure = await failure_of(client)

        assert str(failure) == sentence
        assert failure.detail or sentence in (TOO_SLOW, TOO_LARGE), "the log is told what happened"
        assert perf_counter() - begun < SLACK_S
        await server.all_closed()
        assert await client.send(ask()) == GOOD
        await client.close()


async def test_an_endless_head_is_a_failure(make: Make) -> None:
    """Headers are not collected without end; which sentence tells it is up to the client."""
    async with rogue(_pour_headers, polite) as server:
        client = make(server.url)

        await failure_of(client)

        await server.all_closed()
        assert await client.send(ask()) == GOOD
        await client.close()


async def test_a_large_answer_that_was_announced_is_not_awaited() -> None:
    """50 MB are refused by their announcement."""
    async with rogue(then_silent(b"HTTP/1.1 200 OK\r\ncontent-length: 50000000\r\n\r\n")) as server:
        client = Http1Client({"fleet": yarl.URL(server.url)}, BOUNDS)
        assert str(await failure_of(client)) == TOO_LARGE
        await client.close()


async def test_nobody_listens(make: Make) -> None:
    """A refused connection."""
    failure = await failure_of(make(f"http://127.0.0.1:{free_port()}/graphql"))

    assert str(failure) == UNREACHABLE
    assert "refused" in failure.detail.lower() or "connect call failed" in failure.detail.lower()


@pytest.mark.parametrize("host", ["subgraph.invalid", f"{'a' * 64}.test"])
async def test_a_name_that_nobody_has(make: Make, host: str) -> None:
    """A name that does not resolve (RFC 6761: `.invalid` never does), and one that cannot."""
    failure = await failure_of(make(f"http://{host}/graphql"))

    assert str(failure) == UNREACHABLE
    assert host in failure.detail


@pytest.mark.parametrize("headers", [{"x-a": "1\r\nx-b: 2"}, {"x-a": "€\n"}])
async def test_a_header_that_cannot_be_sent(make: Make, headers: dict[str, str]) -> None:
    """It fails like an unreachable subgraph; nothing is sent."""
    async with rogue(polite) as server:
        client = make(server.url)
        with pytest.raises(SubgraphFailure, match=UNREACHABLE):
            await client.send(ask()._replace(headers=headers))
        assert server.opened == 0


async def test_a_redirect_is_an_answer(make: Make) -> None:
    """It is not followed: the status goes to the caller, who finds no GraphQL in it."""
    async with rogue(once(answer(b"", "location: /elsewhere", status="307 Temporary Redirect"))) as server:
        assert await make(server.url).send(ask()) == SubgraphAnswer(307, b"")


async def test_compressed_answers(make: Make) -> None:
    """Asked for when configured, and undone."""

    async def squeeze(peer: Peer) -> None:
        head, _ = await peer.request()
        assert b"accept-encoding: " in head.lower()
        await peer.say(answer(gzip.compress(GOOD.body), "content-encoding: gzip"))

    async with rogue(squeeze) as server:
        assert await make(server.url).send(ask()) == GOOD


async def test_cancelling_closes_the_connection(make: Make) -> None:
    """Half an answer is never left on a connection that somebody else may get."""
    begun = asyncio.Event()

    async def hang(peer: Peer) -> None:
        await peer.request()
        begun.set()
        await peer.until_closed()

    async with rogue(hang, polite) as server:
        client = make(server.url)
        asked: asyncio.Future[Any] = asyncio.ensure_future(client.send(ask()))
        await begun.wait()

        asked.cancel()

        with pytest.raises(asyncio.CancelledError):
            await asked
        await server.all_closed()
        assert await client.send(ask()) == GOOD
        await client.close()


async def test_thousands_of_requests_on_few_connections(make: Make) -> None:
    """All are answered, and no more connections are opened than allowed."""
    async with rogue(polite) as server:
        client = make(server.url, Bounds(timeout_s=20, connections_max=10, idle_s=0.2))
        answers = await asyncio.gather(*(client.send(ask()) for _ in range(2_000)))

        assert answers == [GOOD] * 2_000
        assert server.opened <= 10
        await client.close()
        await server.all_closed()
