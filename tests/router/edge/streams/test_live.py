"""A live stream where two things happen at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator

import pytest

from router.config import RouterConfig
from router.edge.gate import Gate
from router.edge.streams import live as module
from router.edge.streams.live import Live
from router.edge.streams.outbox import Outbox
from router.exchange import ClientRequest, ClientResponse
from router.pipeline import RouterState, Subscription, ready
from router.pipeline.handed_on import Planned
from router.security.authenticator import EverybodyAnonymous
from router.subscriptions import Subscriber, SubscriberTooSlow
from router.supergraph import load_supergraph
from router.transport.base import SubgraphRequest, SubgraphResponse
from router.transport.fake import FakeTransport
from tests.router.blog import supergraph_sdl


class Silent(FakeTransport):
    """Subgraphs that tell nothing, until they fail."""

    def __init__(self) -> None:
        super().__init__({})
        self.failure: asyncio.Future[SubgraphResponse] = asyncio.get_running_loop().create_future()

        self.row: Subscriber[SubgraphResponse] | None = None

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        return self._failing() if self.row is None else self.row

    async def _failing(self) -> AsyncGenerator[SubgraphResponse, None]:
        yield await self.failure


def gate_of(transport: Silent) -> Gate:
    router = RouterState(load_supergraph(supergraph_sdl()), transport)
    return Gate(router, EverybodyAnonymous(), RouterConfig())


async def begun(gate: Gate) -> Subscription:
    request = ClientRequest("subscription { published { title } }")
    return Subscription(await ready(request, gate.router), request, gate.router)


async def test_a_stream_that_ends_while_it_would_move_stays_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each gate is let go of once, whatever is waited for."""
    before, after = gate_of(Silent()), gate_of(Silent())
    going_on = asyncio.Event()

    async def slowly(request: ClientRequest, router: RouterState) -> Planned:
        await going_on.wait()
        return await ready(request, router)

    monkeypatch.setattr(module, "ready", slowly)
    async with Live(await begun(before), before, Outbox()) as live:
        following = asyncio.create_task(live.follow(after))
        await asyncio.sleep(0)
    going_on.set()
    await following
    assert (before.in_use, after.in_use) == (0, 0)


async def test_a_stream_moves_with_its_hold() -> None:
    """The gate before is free, and the one after is held until the end."""
    transport = Silent()
    before, after = gate_of(transport), gate_of(transport)
    async with Live(await begun(before), before, Outbox()) as live:
        await live.follow(after)
        assert (before.in_use, after.in_use, live.gate) == (0, 1, after)
    assert after.in_use == 0


async def test_events_that_made_room_before_they_were_completed_are_told() -> None:
    """The response that follows them says how many there were, and it alone."""
    transport = Silent()
    transport.row = Subscriber(capacity=2, overflow="drop_oldest", leave=lambda _: None)
    subscription = await begun(gate_of(transport))
    for number in range(5):
        transport.row.offer(SubgraphResponse({"published": {"title": str(number)}}))
    transport.row.end()
    told = [json.loads(response.json()) async for response in subscription.responses()]
    assert told == [
        {"data": {"published": {"title": "3"}}, "extensions": {"dropped": 3}},
        {"data": {"published": {"title": "4"}}},
    ]


async def test_events_that_cannot_be_completed_in_time_end_the_stream() -> None:
    """Where too many wait before the plan has completed them, the client is told the same as where it reads too slowly."""
    transport = Silent()
    gate = gate_of(transport)
    async with Live(await begun(gate), gate, Outbox()) as live:
        transport.failure.set_exception(SubscriberTooSlow())
        last = await live.get()
        assert isinstance(last, ClientResponse)
        assert last.refusal is not None
        assert last.refusal.code == "SUBSCRIPTION_TOO_SLOW"
        assert await live.get() is None
