"""One event for several: a tree for each, and what they all make of it made once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from router.subscriptions import SharedEvent
from router.transport import SubgraphResponse
from tests.router.subscriptions.springs import settled


@pytest.fixture
def event() -> SharedEvent:
    """An event with data and an error."""
    return SharedEvent(SubgraphResponse({"ships": [{"id": 7}]}, ({"message": "fog", "path": ["ships"]},), {"at": 1}))


class Maker:
    """Makes something of an event, when told to, and counts."""

    def __init__(self) -> None:
        self.made = 0
        self.go = asyncio.Event()

    def make(self, outcome: Any) -> Callable[[], Awaitable[Any]]:
        """Gives the outcome, or raises it."""

        async def made() -> Any:
            self.made += 1
            await self.go.wait()
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        return made


def test_everybody_may_change_what_they_take(event: SharedEvent) -> None:
    """Data and errors are copies to any depth; the event stays equal to what it was made from."""
    data = event.data
    assert data is not None
    data["ships"][0]["id"] = 8
    event.errors[0]["path"].append(0)

    assert event == SubgraphResponse({"ships": [{"id": 7}]}, ({"message": "fog", "path": ["ships"]},), {"at": 1})
    assert event.extensions == {"at": 1}
    assert SharedEvent(SubgraphResponse(None)).data is None


async def test_made_once_for_equal_keys(event: SharedEvent) -> None:
    """Those who ask while it is being made wait for it, those who ask later find it; another key is another matter."""
    maker = Maker()
    asking = [asyncio.create_task(event.once(("plan", b"{}"), maker.make("bytes"))) for _ in range(3)]
    other = asyncio.create_task(event.once(("plan", b'{"id":1}'), maker.make("others")))
    await settled()
    assert maker.made == 2
    maker.go.set()

    assert await asyncio.gather(*asking) == ["bytes"] * 3
    assert await event.once(("plan", b"{}"), maker.make("again")) == "bytes"
    assert await other == "others"
    assert maker.made == 2


async def test_what_takes_no_waiting_is_there_at_once(event: SharedEvent) -> None:
    """Nobody waits for a turn of the event loop."""
    maker = Maker()
    maker.go.set()

    with pytest.raises(StopIteration) as caught:
        event.once("key", maker.make("bytes")).send(None)

    assert caught.value.value == "bytes"


async def test_another_goes_on_where_the_first_gives_up(event: SharedEvent) -> None:
    """The leader's client leaves: the next who waits makes it."""
    maker = Maker()
    leader = asyncio.create_task(event.once("key", maker.make("leader's")))
    others = [asyncio.create_task(event.once("key", maker.make("other's"))) for _ in range(3)]
    await settled()

    leader.cancel()
    await settled()
    maker.go.set()

    assert await asyncio.gather(*others) == ["other's"] * 3
    assert maker.made == 2


async def test_one_who_waits_may_leave(event: SharedEvent) -> None:
    """It takes nothing along."""
    maker = Maker()
    leader = asyncio.create_task(event.once("key", maker.make("bytes")))
    other = asyncio.create_task(event.once("key", maker.make("")))
    await settled()

    other.cancel()
    await settled()
    maker.go.set()

    assert await leader == "bytes"


async def test_a_failure_is_not_kept(event: SharedEvent) -> None:
    """Each finds out for themselves."""
    maker = Maker()
    maker.go.set()

    with pytest.raises(ValueError, match="no"):
        await event.once("key", maker.make(ValueError("no")))

    assert await event.once("key", maker.make("yes")) == "yes"
