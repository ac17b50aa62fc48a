"""Subgraphs without manners: each is a failure in its bound, said in a sentence, and the next subscription is none the worse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from router import limits
from router.errors import SubgraphFailure
from router.transport import SubgraphRequest, SubgraphResponse
from router.transport.body import encode_request
from router.transport.streams import StreamProtocol, SubgraphStreams
from tests.router.transport.streams.harbour import Caller, Manners, harbour, polite

REQUEST = SubgraphRequest("fleet", encode_request("subscription { a }"))
NO_GRAPHQL = 'Subgraph "fleet" did not answer with GraphQL.'
BROKEN_OFF = 'Subgraph "fleet" broke off the subscription.'
TOO_SLOW = 'Subgraph "fleet" did not answer within 0.5 seconds.'
FLOOD = 20_000


@pytest.fixture
async def streams() -> AsyncIterator[SubgraphStreams]:
    """What is under test."""
    streams = SubgraphStreams()
    yield streams
    await streams.close()


async def _never_acknowledges(caller: Caller) -> None:
    await caller.until_closed()


async def _says_nonsense(caller: Caller) -> None:
    await caller.acknowledge()
    await caller.subscribed()
    await caller.socket.send_str("Ahoy!")
    await caller.until_closed()


async def _sends_bytes(caller: Caller) -> None:
    await caller.acknowledge()
    await caller.subscribed()
    await caller.socket.send_bytes(b'{"id":"1","type":"next","payload":{"data":{}}}')
    await caller.until_closed()


async def _nests(caller: Caller) -> None:
    await caller.acknowledge()
    await caller.subscribed()
    await caller.socket.send_str("[" * 100_000)
    await caller.until_closed()


async def _hangs_up(caller: Caller) -> None:
    await caller.acknowledge()
    await caller.subscribed()
    assert caller.socket._req is not None
    assert caller.socket._req.transport is not None
    caller.socket._req.transport.abort()


async def _closes(caller: Caller) -> None:
    await caller.acknowledge()
    await caller.subscribed()
    await caller.socket.close(code=1000)


async def _answers_without_its_payload(caller: Caller) -> None:
    await caller.acknowledge()
    await caller.socket.send_json({"id": await caller.subscribed(), "type": "next"})
    await caller.until_closed()


async def _pings_for_ever(caller: Caller) -> None:
    while True:
        await caller.socket.send_json({"type": "ping"})


SOCKETS: dict[str, tuple[Manners, str]] = {
    "never acknowledges": (_never_acknowledges, TOO_SLOW),
    "pings for ever": (_pings_for_ever, TOO_SLOW),
    "nonsense": (_says_nonsense, NO_GRAPHQL),
    "bytes": (_sends_bytes, NO_GRAPHQL),
    "deep nesting": (_nests, NO_GRAPHQL),
    "no payload": (_answers_without_its_payload, NO_GRAPHQL),
    "hangs up": (_hangs_up, BROKEN_OFF),
    "closes as if all were well": (_closes, BROKEN_OFF),
}


@pytest.mark.parametrize("hostility", SOCKETS)
async def test_a_hostile_socket(hostility: str, streams: SubgraphStreams) -> None:
    """It ends what is on it, and the next subscription has another."""
    manners, sentence = SOCKETS[hostility]
    async with harbour(manners, polite) as server, asyncio.timeout(10):
        target = server.target(timeout_s=0.5)
        with pytest.raises(SubgraphFailure) as caught:
            await anext(streams.subscribe(target, REQUEST))
        assert str(caught.value) == sentence

        again = streams.subscribe(target, REQUEST)
        assert (await anext(again)).data == {"a": "subscription { a }"}
        await again.aclose()
        await server.until(lambda: server.open == 0)


async def test_events_for_nobody_mean_nothing(streams: SubgraphStreams) -> None:
    """They may cross a `complete` of ours; ids that nobody has are passed over."""

    async def mistakes(caller: Caller) -> None:
        await caller.acknowledge()
        operation = await caller.subscribed()
        await caller.tell("4711", 1)
        await caller.socket.send_json({"type": "connection_ack"})
        await caller.tell(operation, 2)
        await caller.complete(operation)
        await caller.until_closed()

    async with harbour(mistakes) as server:
        events = [event.data async for event in streams.subscribe(server.target(), REQUEST)]
        assert events == [{"a": 2}]


async def test_a_flood_waits_in_the_network(streams: SubgraphStreams) -> None:
    """A reader that is slower than its subgraph gets everything; no more is held than is bounded."""

    async def floods(caller: Caller) -> None:
        await caller.acknowledge()
        operation = await caller.subscribed()
        await caller.tell(operation, *range(FLOOD))
        await caller.complete(operation)
        await caller.until_closed()

    async with harbour(floods) as server:
        told = [event.data async for event in streams.subscribe(server.target(), REQUEST)]
        assert told == [{"a": number} for number in range(FLOOD)]


async def test_who_does_not_read_is_left_behind(streams: SubgraphStreams, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds up its neighbours on the socket for a while, then it is ended, and they go on."""
    monkeypatch.setattr("router.transport.graphql_ws.SUBSCRIPTION_STALL_S", 0.1)

    async def floods_the_first(caller: Caller) -> None:
        await caller.acknowledge()
        first, second = await caller.subscribed(), await caller.subscribed()
        await caller.tell(first, *range(limits.SUBSCRIPTION_BUFFER_MAX + 10))
        await caller.tell(second, "heard")
        await caller.until_closed()

    async with harbour(floods_the_first) as server, asyncio.timeout(10):
        stalled, neighbour = (streams.subscribe(server.target(), REQUEST) for _ in range(2))
        first = asyncio.ensure_future(anext(stalled))
        await server.until(lambda: bool(server.callers and server.callers[0].operations))

        assert (await anext(neighbour)).data == {"a": "heard"}
        told: list[Any] = [(await first).data]
        failure = await _rest(stalled, told)

        assert str(failure) == BROKEN_OFF
        assert "nobody read" in failure.detail
        assert told == [{"a": number} for number in range(len(told))]
        await neighbour.aclose()


async def _rest(events: AsyncIterator[SubgraphResponse], told: list[Any]) -> SubgraphFailure:
    """Add all that is told to the list, and return how it ends."""
    try:
        async for event in events:
            told.append(event.data)
    except SubgraphFailure as failure:
        return failure
    raise AssertionError("it must fail")


# ── over HTTP ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _pour(*chunks: bytes, times: int = 1) -> Callable[[web.StreamResponse], Awaitable[None]]:
    async def pour(answer: web.StreamResponse) -> None:
        for _ in range(times):
            for chunk in chunks:
                await answer.write(chunk)

    return pour


STREAMS: dict[str, tuple[StreamProtocol, Callable[[web.StreamResponse], Awaitable[None]], str]] = {
    "sse: nonsense": ("sse", _pour(b"data: Ahoy!\n\n"), NO_GRAPHQL),
    "sse: nothing": ("sse", _pour(), BROKEN_OFF),
    "sse: half an event": ("sse", _pour(b'event: next\ndata: {"data":{"a":1}}\n'), BROKEN_OFF),
    "sse: a line without end": ("sse", _pour(b"x" * 100_000, times=20), "more than 1000000 bytes"),
    "sse: an event without end": ("sse", _pour(b"data: 1\n" * 10_000, times=100), "more than 1000000 bytes"),
    "sse: comments without end": ("sse", _pour(b": ping\n" * 1_000, times=500), BROKEN_OFF),
    "multipart: nonsense": ("multipart", _pour(b"---\r\n\r\nAhoy!\r\n---"), NO_GRAPHQL),
    "multipart: nothing": ("multipart", _pour(), BROKEN_OFF),
    "multipart: no delimiter": ("multipart", _pour(b"x" * 100_000, times=20), "more than 1000000 bytes"),
    "multipart: a part without end": (
        "multipart",
        _pour(b"---\r\n\r\n", *[b"x" * 100_000] * 20),
        "more than 1000000 bytes",
    ),
    "multipart: heartbeats without end": ("multipart", _pour(b"\r\n---\r\n\r\n{}" * 1_000, times=200), BROKEN_OFF),
}


@pytest.mark.parametrize("hostility", STREAMS)
async def test_a_hostile_stream(hostility: str, streams: SubgraphStreams, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a failure, and its connection is closed."""
    for media in ("sse.EventStreamFormat", "multipart.MultipartFormat"):
        monkeypatch.setitem(_defaults(media), "bytes_max", 1_000_000)
    protocol, stream, sentence = STREAMS[hostility]
    async with harbour(polite) as server, asyncio.timeout(20):
        server.streams = [stream]
        with pytest.raises(SubgraphFailure) as caught:
            await anext(streams.subscribe(server.target(protocol), REQUEST))
        assert sentence in str(caught.value)


def _defaults(media: str) -> dict[str, Any]:
    from importlib import import_module

    module, name = media.split(".")
    defaults: dict[str, Any] = getattr(
        import_module(f"router.transport.streams.{module}"), name
    ).__init__.__kwdefaults__
    return defaults
