"""One socket for many subscriptions of one caller, and never for two callers; lost sockets are replaced."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing
from typing import Any

import pytest

from router.errors import SubgraphFailure
from router.transport import SubgraphRequest, SubgraphResponse
from router.transport.body import encode_request
from router.transport.streams import Reconnect, SubgraphStreams
from tests.router.transport.streams.harbour import Caller, harbour, polite

QUICK = Reconnect(tries=3, first_s=0.01, pause_max_s=0.02)


@pytest.fixture
async def streams() -> AsyncIterator[SubgraphStreams]:
    """What is under test."""
    streams = SubgraphStreams()
    yield streams
    await streams.close()


def ask(query: str = "subscription { a }", **headers: str) -> SubgraphRequest:
    """A request of a caller with these headers."""
    return SubgraphRequest(
        "fleet", encode_request(query), {key.replace("_", "-"): text for key, text in headers.items()}
    )


async def value(events: AsyncGenerator[SubgraphResponse, None]) -> Any:
    """`a` of the next event."""
    event = await asyncio.wait_for(anext(events), 5)
    assert event.data is not None
    return event.data["a"]


async def test_subscriptions_of_one_caller_share_a_socket(streams: SubgraphStreams) -> None:
    """Each gets its own events; headers that name a call make no difference and are not sent; the last to leave closes the socket."""
    async with harbour(polite) as server:
        requests = [
            ask(f"subscription {{ a{number} }}", authorization="Bearer ann", x_request_id=str(number))
            for number in range(20)
        ]
        open_ = [streams.subscribe(server.target(), request) for request in requests]
        told = await asyncio.gather(*map(value, open_))

        assert told == [f"subscription {{ a{number} }}" for number in range(20)]
        assert (len(server.callers), streams.sockets_open) == (1, 1)
        assert server.callers[0].headers["authorization"] == "Bearer ann"
        assert "x-request-id" not in server.callers[0].headers
        assert server.callers[0].inits == [{"authorization": "Bearer ann"}]

        for events in open_[1:]:
            await events.aclose()
        assert (server.open, streams.sockets_open) == (1, 1)
        await open_[0].aclose()
        await server.until(lambda: server.open == 0)
        assert streams.sockets_open == 0


@pytest.mark.parametrize(
    "other",
    [
        {"authorization": "Bearer bob"},
        {},
        {"authorization": "Bearer ann", "cookie": "session=1"},
        {"authorization": "Bearer ann", "x_tenant": "2"},
    ],
)
async def test_callers_never_share_a_socket(streams: SubgraphStreams, other: dict[str, str]) -> None:
    """Whatever tells them apart, a token, a cookie or a tenant."""
    async with harbour(polite) as server, AsyncExitStack() as open_:
        for headers in ({"authorization": "Bearer ann"}, other):
            events = await open_.enter_async_context(aclosing(streams.subscribe(server.target(), ask(**headers))))
            await value(events)

        assert len(server.callers) == 2
        assert server.callers[0].headers.get("authorization") == "Bearer ann"
        assert server.callers[1].headers.get("authorization") == other.get("authorization")


@pytest.mark.parametrize(("most", "on_each"), [(1, [1, 1, 1]), (2, [2, 1]), (3, [3])])
async def test_a_full_socket_gets_a_neighbour(streams: SubgraphStreams, most: int, on_each: list[int]) -> None:
    """No more than so many operations stand on one socket: servers refuse the next."""
    async with harbour(polite) as server:
        open_ = [streams.subscribe(server.target(operations_max=most), ask()) for _ in range(3)]
        await asyncio.gather(*map(value, open_))

        assert [len(caller.operations) for caller in server.callers] == on_each
        await asyncio.gather(*(events.aclose() for events in open_))


async def test_leaving_one_subscription_completes_it_alone(streams: SubgraphStreams) -> None:
    """The subgraph hears that nobody listens any more; the other one goes on."""
    async with harbour(polite) as server:
        leaving, staying = (streams.subscribe(server.target(), ask(query)) for query in ("{ a }", "{ b }"))
        await asyncio.gather(value(leaving), value(staying))

        await leaving.aclose()

        later = streams.subscribe(server.target(), ask("{ c }"))
        assert await value(later) == "{ c }"
        assert sorted(payload["query"] for payload in server.callers[0].operations.values()) == ["{ b }", "{ c }"]
        await asyncio.gather(staying.aclose(), later.aclose())


async def test_cancelling_who_opens_the_socket_harms_nobody(streams: SubgraphStreams) -> None:
    """The one who came second gets it."""
    go = asyncio.Event()

    async def slow(caller: Caller) -> None:
        await go.wait()
        await polite(caller)

    async with harbour(slow) as server:
        first = asyncio.create_task(value(streams.subscribe(server.target(), ask())))
        second_events = streams.subscribe(server.target(), ask())
        second = asyncio.create_task(value(second_events))
        await server.until(lambda: server.open == 1)

        first.cancel()
        await asyncio.wait([first])
        go.set()

        assert await second == "subscription { a }"
        assert len(server.callers) == 1
        await second_events.aclose()


async def test_cancelling_everybody_leaves_nothing_behind(streams: SubgraphStreams) -> None:
    """A socket that is being opened is given up with the last who waited for it."""

    async def silent(caller: Caller) -> None:
        await caller.until_closed()

    async with harbour(silent) as server:
        waiting = [asyncio.create_task(value(streams.subscribe(server.target(), ask()))) for _ in range(3)]
        await server.until(lambda: server.open == 1)

        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)

        await server.until(lambda: server.open == 0)
        assert streams.sockets_open == 0


async def test_a_socket_that_cannot_be_opened_fails_for_all_and_is_tried_anew(streams: SubgraphStreams) -> None:
    """Each gets an exception of its own; the next subscription begins afresh."""

    async def refuse(caller: Caller) -> None:
        await caller.socket.receive_json()
        await caller.socket.close(code=4403, message=b"Forbidden")

    async with harbour(refuse, polite) as server:
        failures = await asyncio.gather(
            *(value(streams.subscribe(server.target(reconnect=QUICK), ask())) for _ in range(3)), return_exceptions=True
        )
        assert {str(failure) for failure in failures} == {
            'Subgraph "fleet" broke off the subscription: it does not accept the caller.'
        }
        assert len({id(failure) for failure in failures}) == 3
        assert isinstance(failures[0], SubgraphFailure)
        assert failures[0].detail == "close code 4403: Forbidden"

        events = streams.subscribe(server.target(), ask())
        assert await value(events) == "subscription { a }"
        await events.aclose()


async def test_live_subscriptions_are_subscribed_again(streams: SubgraphStreams) -> None:
    """A subgraph that restarts gets them all back, on one new socket."""
    restarted = 0

    async def restarts(caller: Caller) -> None:
        nonlocal restarted
        await caller.acknowledge()
        for operation in [await caller.subscribed() for _ in range(5)]:
            await caller.tell(operation, "before")
        restarted += 1
        await caller.socket.close(code=1012, message=b"restart")

    async with harbour(restarts, polite) as server:
        open_ = [streams.subscribe(server.target(reconnect=QUICK), ask(f"{{ a{number} }}")) for number in range(5)]

        assert await asyncio.gather(*map(value, open_)) == ["before"] * 5
        assert await asyncio.gather(*map(value, open_)) == [f"{{ a{number} }}" for number in range(5)]
        assert restarted == 1
        assert len(server.callers) == 2
        assert streams.sockets_open == 1
        await asyncio.gather(*(events.aclose() for events in open_))


async def test_a_subgraph_that_stays_away_is_given_up(streams: SubgraphStreams) -> None:
    """After as many tries as allowed, with the failure of the last one."""

    async def leaves(caller: Caller) -> None:
        await caller.acknowledge()
        await caller.tell(await caller.subscribed(), 1)
        await caller.socket.close(code=1013)

    async with harbour(leaves) as server:
        events = streams.subscribe(server.target(reconnect=QUICK), ask())
        told = [await value(events) for _ in range(4)]
        with pytest.raises(SubgraphFailure, match="broke off the subscription"):
            await value(events)

        assert told == [1] * 4
        assert len(server.callers) == 4


@pytest.mark.parametrize("protocol", ["sse", "multipart"])
async def test_streams_over_http_are_opened_again_too(streams: SubgraphStreams, protocol: Any) -> None:
    """The same holds for a stream that stops before it is complete, or falls silent."""
    events = {
        "sse": 'event: next\ndata: {{"data":{{"a":{}}}}}\n\n',
        "multipart": '\r\n---\r\n\r\n{{"payload":{{"data":{{"a":{}}}}}}}\r\n---',
    }

    async def stops(answer: Any) -> None:
        await answer.write(events[protocol].format(1).encode())

    async def falls_silent(answer: Any) -> None:
        await answer.write(events[protocol].format(2).encode())
        await asyncio.sleep(5)

    async with harbour(polite) as server:
        server.streams = [stops, falls_silent, stops]
        target = server.target(protocol, reconnect=Reconnect(tries=2, first_s=0.01), silence_s=0.4)
        subscription = streams.subscribe(target, ask(authorization="Bearer ann"))
        assert [await value(subscription) for _ in range(3)] == [1, 2, 1]
        with pytest.raises(SubgraphFailure, match="broke off the subscription") as caught:
            await value(subscription)

        assert caught.value.detail == "the stream ended before it was complete"
        assert [post["authorization"] for post in server.posts] == ["Bearer ann"] * 3


async def test_closing_the_streams_ends_what_is_open(streams: SubgraphStreams) -> None:
    """Whoever waits is told, even where it would be opened again."""
    async with harbour(polite) as server:
        events = streams.subscribe(server.target(reconnect=QUICK), ask())
        await value(events)
        waiting = asyncio.create_task(value(events))
        await asyncio.sleep(0.01)

        await streams.close()

        with pytest.raises(SubgraphFailure, match="cannot be reached"):
            await waiting
        await server.until(lambda: server.open == 0)


async def test_pings_are_answered(streams: SubgraphStreams) -> None:
    """The protocol's own, on an open socket."""
    answers: list[Any] = []

    async def pings(caller: Caller) -> None:
        await caller.acknowledge()
        operation = await caller.subscribed()
        await caller.socket.send_json({"type": "ping", "payload": {"at": 1}})
        answers.append(await caller.socket.receive_json())
        await caller.tell(operation, 1)
        await caller.until_closed()

    async with harbour(pings) as server:
        events = streams.subscribe(server.target(), ask())
        assert await value(events) == 1
        assert answers == [{"type": "pong"}]
        await events.aclose()
