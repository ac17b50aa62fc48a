"""The pool of our own client: who gets which connection, who waits, what is sent again, and when patience ends."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import yarl

from router.errors import SubgraphFailure
from router.transport.base import SubgraphAnswer, SubgraphRequest
from router.transport.http1 import Bounds, Http1Client
from router.transport.http1.pool import Pool
from router.transport.http1.route import HeaderLines, Route
from tests.router.transport.rogue import GOOD, Manners, Peer, Rogue, answer, polite, rogue


def ask(body: bytes = b"{}", *, idempotent: bool = True) -> SubgraphRequest:
    """A request."""
    return SubgraphRequest("fleet", body, {}, idempotent)


@asynccontextmanager
async def before(*manners: Manners, **bounds: Any) -> AsyncIterator[tuple[Http1Client, Rogue]]:
    """A client before a server with these manners. In the end both must agree that nothing is open."""
    async with rogue(*manners) as server:
        bounds = {"timeout_s": 5.0, **bounds}
        client = Http1Client({"fleet": yarl.URL(server.url)}, Bounds(**bounds))
        try:
            yield client, server
        finally:
            await client.close()
            await server.all_closed()


class Turnstile:
    """Manners that answer a request only when told, and keep the order in which bodies came."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.asked: asyncio.Queue[asyncio.Event] = asyncio.Queue()

    async def __call__(self, peer: Peer) -> None:
        while True:
            _, body = await peer.request()
            self.bodies.append(body)
            go = asyncio.Event()
            self.asked.put_nowait(go)
            await peer.unless_closed(go.wait())
            await peer.say(answer(body))

    async def let_one_through(self) -> None:
        (await self.asked.get()).set()


# ── connections ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_one_connection_serves_request_after_request() -> None:
    """It is kept alive."""
    async with before(polite) as (client, server):
        for _ in range(10):
            assert await client.send(ask()) == GOOD

        assert server.opened == 1


async def test_the_latest_used_connection_goes_out_first() -> None:
    """So that those no longer needed grow old and are closed."""
    turnstile = Turnstile()
    async with before(turnstile) as (client, server):
        both = [client.send(ask(b"1")), client.send(ask(b"2"))]
        for _ in both:
            await turnstile.let_one_through()
        await asyncio.gather(*both)
        pool = next(iter(client._pools.values()))
        latest = pool._idle[-1]

        third = client.send(ask(b"3"))
        assert latest.exchange is third
        await turnstile.let_one_through()
        assert (await third).body == b"3"
        assert server.opened == 2


@pytest.mark.parametrize(
    "last",
    [
        answer(b"{}", "connection: close"),
        answer(b"{}", version="HTTP/1.0"),
        b"HTTP/1.1 200 OK\r\n\r\n{}",
        answer(b"{}") + b"HTTP/1.1 200 OK\r\n",
    ],
)
async def test_a_connection_that_is_to_close_is_not_reused(last: bytes) -> None:
    """Because the server says so, or because what it says cannot be told apart from the next answer."""

    async def manners(peer: Peer) -> None:
        await peer.request()
        await peer.say(last)
        if b"length" in last:
            await peer.until_closed()

    async with before(manners) as (client, server):
        for number in (1, 2):
            assert await client.send(ask()) == SubgraphAnswer(200, b"{}")
            assert server.opened == number


async def test_idle_connections_are_closed_in_time() -> None:
    """Before the server does it, and while nothing is asked."""
    async with before(polite, idle_s=0.1, timeout_s=0.5) as (client, server):
        await client.send(ask())
        assert server.open == 1

        await server.all_closed()

        assert await client.send(ask()) == GOOD
        assert server.opened == 2


async def test_the_clock_stops_when_nothing_is_open() -> None:
    """A router at rest is not woken ten times a second."""
    async with before(polite, idle_s=0.05, timeout_s=0.2) as (client, server):
        await client.send(ask())
        await server.all_closed()
        await asyncio.sleep(0.1)

        assert all(pool._timer._handle is None for pool in client._pools.values())


async def test_small_writes_are_not_delayed() -> None:
    """Nagle's algorithm is off on the sockets we make: it can hold a request back until the last answer is acknowledged."""
    async with before(polite) as (client, _):
        await client.send(ask())
        (connection,) = next(iter(client._pools.values()))._connections
        assert connection._transport is not None
        connected = connection._transport.get_extra_info("socket")

        assert connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_subgraphs_at_one_origin_share_their_connections() -> None:
    """The bound is for the host, whichever of its paths is asked."""
    async with rogue(polite) as server:
        url = yarl.URL(server.url)
        client = Http1Client({"fleet": url, "dock": url.with_path("/dock")}, Bounds())
        await client.send(ask())
        await client.send(ask()._replace(subgraph="dock"))

        assert server.opened == 1
        await client.close()


# ── the line ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_who_came_first_is_served_first() -> None:
    """Past the bound on connections, requests wait in line."""
    turnstile = Turnstile()
    async with before(turnstile, connections_max=1) as (client, server):
        bodies = [b"%d" % number for number in range(20)]
        asked = [client.send(ask(body)) for body in bodies]
        for _ in bodies:
            await turnstile.let_one_through()

        assert [each.body for each in await asyncio.gather(*asked)] == bodies
        assert turnstile.bodies == bodies
        assert server.opened == 1


async def test_the_line_is_bounded() -> None:
    """One request more than may wait fails at once; those in line are not touched."""
    turnstile = Turnstile()
    async with before(turnstile, connections_max=1, waiting_max=2) as (client, _):
        asked = [client.send(ask(b"%d" % number)) for number in range(3)]

        with pytest.raises(SubgraphFailure, match="cannot be reached") as caught:
            await client.send(ask())
        assert "2 requests wait" in caught.value.detail

        for _ in asked:
            await turnstile.let_one_through()
        assert [each.body for each in await asyncio.gather(*asked)] == [b"0", b"1", b"2"]


async def test_who_gives_up_in_line_is_not_sent() -> None:
    """And leaves its place to the others."""
    turnstile = Turnstile()
    async with before(turnstile, connections_max=1, waiting_max=2) as (client, _):
        first, second, third = (client.send(ask(body)) for body in (b"1", b"2", b"3"))
        second.cancel()
        fourth = client.send(ask(b"4"))
        for _ in range(3):
            await turnstile.let_one_through()

        assert [each.body for each in await asyncio.gather(first, third, fourth)] == [b"1", b"3", b"4"]
        assert turnstile.bodies == [b"1", b"3", b"4"]


async def test_who_gives_up_while_connecting_makes_room() -> None:
    """The connection that was being opened for it is given up too; the next in line gets one of its own."""
    async with before(polite, connections_max=1) as (client, server):
        first, second = client.send(ask()), client.send(ask())
        first.cancel()

        assert await second == GOOD
        assert server.open <= 1


async def test_time_in_line_counts() -> None:
    """A request that never gets a connection fails when its time is over, not later."""
    turnstile = Turnstile()
    async with before(turnstile, connections_max=1, timeout_s=0.2) as (client, _):
        results = await asyncio.gather(*(client.send(ask()) for _ in range(3)), return_exceptions=True)

        assert [str(result) for result in results] == ['Subgraph "fleet" did not answer within 0.2 seconds.'] * 3


async def test_time_to_connect_counts() -> None:
    """A host that does not answer the connection attempt holds nobody longer than allowed."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        fillers = [_half_open(port) for _ in range(4)]  # the kernel now leaves further attempts unanswered
        client = Http1Client({"fleet": yarl.URL(f"http://127.0.0.1:{port}")}, Bounds(timeout_s=0.2))
        results = await asyncio.gather(*(client.send(ask()) for _ in range(3)), return_exceptions=True)
        await client.close()
        for filler in fillers:
            filler.close()

    assert {str(result) for result in results} == {'Subgraph "fleet" did not answer within 0.2 seconds.'}


def _half_open(port: int) -> socket.socket:
    filler = socket.socket()
    filler.setblocking(False)
    filler.connect_ex(("127.0.0.1", port))
    return filler


# ── sending again ───────────────────────────────────────────────────────────────────────────────────────────────────


class Stale:
    """Manners of a server that closes a kept connection just when the next request comes."""

    def __init__(self, last_words: bytes = b"") -> None:
        self.seen = 0
        self._last_words = last_words

    async def __call__(self, peer: Peer) -> None:
        await peer.request()
        await peer.say(answer())
        await peer.request()
        self.seen += 1
        await peer.say(self._last_words)
        peer.close()


async def test_a_query_on_a_connection_that_turns_out_closed_is_sent_again() -> None:
    """Once, on a new connection."""
    stale = Stale()
    async with before(stale, polite) as (client, server):
        await client.send(ask())

        assert await client.send(ask()) == GOOD
        assert (stale.seen, server.opened) == (1, 2)


async def test_a_mutation_is_never_sent_again() -> None:
    """The server may have acted on it before it closed."""
    async with before(Stale(), polite) as (client, server):
        await client.send(ask())

        with pytest.raises(SubgraphFailure, match="cannot be reached") as caught:
            await client.send(ask(idempotent=False))
        assert "before its answer" in caught.value.detail
        assert server.opened == 1


async def test_a_query_is_not_sent_again_once_its_answer_has_begun() -> None:
    """A byte of it shows that the connection was not stale: the subgraph broke."""
    async with before(Stale(b"HTTP/1.1 200 OK\r\n"), polite) as (client, server):
        await client.send(ask())

        with pytest.raises(SubgraphFailure, match="cannot be reached") as caught:
            await client.send(ask())
        assert "in the middle of its answer" in caught.value.detail
        assert server.opened == 1


async def test_a_query_is_not_sent_again_on_a_new_connection() -> None:
    """A server that closes new connections is down; hammering it helps nobody. Nor is anything sent a third time."""

    async def hang_up(peer: Peer) -> None:
        await peer.request()

    async with before(hang_up) as (client, server):
        with pytest.raises(SubgraphFailure, match="cannot be reached"):
            await client.send(ask())
        assert server.opened == 1

    async with before(Stale(), hang_up) as (client, server):
        await client.send(ask())
        with pytest.raises(SubgraphFailure, match="cannot be reached"):
            await client.send(ask())
        assert server.opened == 2


async def test_a_connection_known_to_be_closed_is_not_used() -> None:
    """Neither for a mutation: nothing has been sent yet, so it goes out on a new one."""

    async def once_only(peer: Peer) -> None:
        await peer.request()
        await peer.say(answer())

    async with before(once_only) as (client, server):
        await client.send(ask())
        await server.all_closed()
        await asyncio.sleep(0.01)

        assert await client.send(ask(idempotent=False)) == GOOD
        assert server.opened == 2


async def test_words_that_nobody_asked_for_close_the_connection() -> None:
    """Some servers say 408 before they close an idle connection; it is no answer to the next request."""

    async def chatty(peer: Peer) -> None:
        await peer.request()
        await peer.say(answer())
        await asyncio.sleep(0.02)
        await peer.say(answer(b"", status="408 Request Timeout"))
        await peer.until_closed()

    async with before(chatty, polite) as (client, server):
        await client.send(ask())
        await server.all_closed()

        assert await client.send(ask(idempotent=False)) == GOOD


# ── the end ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_closing_fails_what_is_under_way() -> None:
    """On a connection, while connecting, and in line: nobody is left to wait."""
    turnstile = Turnstile()
    async with before(turnstile, connections_max=2) as (client, server):
        carried = client.send(ask())
        await turnstile.asked.get()
        connecting, waiting = client.send(ask()), client.send(ask())

        await client.close()

        for each in (carried, connecting, waiting):
            with pytest.raises(SubgraphFailure, match="cannot be reached") as caught:
                await each
            assert "was closed" in caught.value.detail
        await server.all_closed()


async def test_says_what_it_holds() -> None:
    """Its repr counts the connections and those who wait: a state diagram for debuggers and tests."""
    async with rogue(polite) as server:
        route = Route(yarl.URL(server.url))
        pool = Pool(route.origin, Bounds(connections_max=1), HeaderLines())
        first, second = pool.send(ask(), route), pool.send(ask(), route)
        assert repr(pool) == "<Pool busy=0 idle=0 opening=1 waiting=1>"

        await asyncio.gather(first, second)
        assert repr(pool) == "<Pool busy=0 idle=1 opening=0 waiting=0>"
        await pool.close()
