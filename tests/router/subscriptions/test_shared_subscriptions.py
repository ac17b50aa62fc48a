"""Subscriptions on subgraphs by way of the hub: who shares a connection, and who must not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, cast

import pytest

from router.errors import SubgraphFailure
from router.subscriptions import Hub, SharedSubscriptions, subgraph_hub
from router.transport import FakeTransport, SubgraphRequest, SubgraphResponse
from router.transport.body import encode_request
from tests.router.subscriptions.springs import Spring

ASKED = SubgraphRequest("fleet", encode_request("subscription { ships { id } }"), {"authorization": "Bearer ann"})


class World:
    """A subgraph whose events are poured, behind generations of transports that share one hub."""

    def __init__(self) -> None:
        self.hub: Hub[SubgraphResponse] = subgraph_hub()
        self.spring = Spring()
        self.fakes: list[FakeTransport] = []

    def generation(self, address: str = "http://fleet") -> SharedSubscriptions:
        """A transport as a new configuration would make it."""
        self.fakes.append(FakeTransport(events={"fleet": lambda _: self.spring.start()}))
        return SharedSubscriptions(self.fakes[-1], self.hub, address=lambda _: address)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A fresh one; nothing may be left open in it."""
    world = World()
    yield world
    await world.hub.close()
    assert world.spring.open == 0


def event(number: int) -> SubgraphResponse:
    """An event with a tree that can be changed."""
    return SubgraphResponse({"ships": [{"id": number}]})


async def first(events: AsyncIterator[SubgraphResponse]) -> Any:
    """The data of the next event."""
    return (await asyncio.wait_for(anext(events), 5)).data


def changed(**parts: Any) -> SubgraphRequest:
    """The request with other parts."""
    return ASKED._replace(**parts)


async def test_equal_requests_share_a_subscription(world: World) -> None:
    """Headers that name a call, and the order of headers, make no difference."""
    transport = world.generation()
    streams = [
        transport.subscribe(changed(headers={"authorization": "Bearer ann", "x-region": "eu", "x-request-id": "1"})),
        transport.subscribe(changed(headers={"x-region": "eu", "authorization": "Bearer ann", "traceparent": "00-1"})),
    ]
    await world.spring.pour(event(7))

    assert [await first(each) for each in streams] == [{"ships": [{"id": 7}]}] * 2
    assert len(world.fakes[0].subscriptions) == 1


@pytest.mark.parametrize(
    "parts",
    [
        {"headers": {"authorization": "Bearer bob"}},
        {"headers": {}},
        {"headers": {"authorization": "Bearer ann", "cookie": "session=1"}},
        {"body": encode_request("subscription { ships { id name } }")},
        {"body": encode_request("subscription { ships { id } }", variables={"port": 1})},
    ],
)
async def test_what_differs_is_not_shared(world: World, parts: dict[str, Any]) -> None:
    """Another caller, another header or another body is another subscription: identity is never shared."""
    transport = world.generation()
    transport.subscribe(ASKED)
    transport.subscribe(changed(**parts))
    await world.spring.pour()

    assert len(world.fakes[0].subscriptions) == 2


async def test_nobody_sees_what_another_does_to_an_event(world: World) -> None:
    """The executor completes the tree of an event in place."""
    transport = world.generation()
    ann, bob = transport.subscribe(ASKED), transport.subscribe(ASKED)
    await world.spring.pour(event(7))

    data = await first(ann)
    data["ships"][0]["name"] = "only ann asked for it"

    assert await first(bob) == {"ships": [{"id": 7}]}


async def test_a_new_generation_finds_the_subscription_again(world: World) -> None:
    """Where the subgraph is reached as before, the new generation joins what the old one opened, without a gap."""
    old, new = world.generation(), world.generation()
    before = old.subscribe(ASKED)
    await world.spring.pour(event(1))

    after = new.subscribe(ASKED)
    cast("Any", before).stop()
    await old.close()
    await world.spring.pour(event(2))

    assert [one.data async for one in before] == [event(1).data]
    assert await first(after) == event(2).data
    assert world.spring.opened == 1
    assert world.fakes[0].closed


async def test_a_subgraph_that_moved_is_asked_anew(world: World) -> None:
    """Another address is another subscription, whatever its name."""
    world.generation("http://fleet").subscribe(ASKED)
    world.generation("http://fleet-2").subscribe(ASKED)
    await world.spring.pour()

    assert world.spring.opened == 2


async def test_each_raises_a_failure_of_its_own(world: World) -> None:
    """With the subgraph, the sentence and the detail of the one that happened."""
    transport = world.generation()
    streams = [transport.subscribe(ASKED) for _ in range(2)]
    sunk = SubgraphFailure("fleet", "Sunk.", "1011")
    await world.spring.pour(sunk)

    for stream in streams:
        with pytest.raises(SubgraphFailure, match="Sunk") as caught:
            await anext(stream)
        assert caught.value is not sunk
        assert (caught.value.subgraph, caught.value.detail) == ("fleet", "1011")


async def test_closing_the_iterator_of_the_last_one_ends_it_in_the_subgraph(world: World) -> None:
    """As every transport promises."""
    transport = world.generation()
    async with aclosing(cast("AsyncGenerator[SubgraphResponse, None]", transport.subscribe(ASKED))) as events:
        await world.spring.pour(event(1))
        await first(events)

    assert world.fakes[0].open_subscriptions == 0


async def test_requests_go_straight_through() -> None:
    """The hub is about subscriptions only."""
    inner = FakeTransport(answers={"fleet": [{"data": {"ok": True}}]})
    transport = SharedSubscriptions(inner, subgraph_hub(), address=lambda _: 0)

    assert (await transport.send(ASKED)).body == b'{"data":{"ok":true}}'
