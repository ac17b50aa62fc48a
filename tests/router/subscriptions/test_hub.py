"""What the hub promises: one source per key, everything to everybody from the moment they join, and nobody harms another."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from router.subscriptions import Hub, Subscriber, SubscriberTooSlow
from tests.router.subscriptions.springs import Spring, settled


@pytest.fixture
def hub() -> Hub[Any]:
    """An empty hub."""
    return Hub()


@pytest.fixture
def spring() -> Spring:
    """A source to be fed."""
    return Spring()


async def read(subscriber: Subscriber[Any], most: int) -> list[Any]:
    """The next events, which must be there or come soon."""
    async with asyncio.timeout(5):
        return [await anext(subscriber) for _ in range(most)]


async def rest(subscriber: Subscriber[Any]) -> list[Any]:
    """All events to the end."""
    async with asyncio.timeout(5):
        return [event async for event in subscriber]


async def test_equal_subscriptions_share_one_source(hub: Hub[Any], spring: Spring) -> None:
    """Two subscribers of one key open one source, and both read each event in order."""
    ann, bob = hub.join("k", spring.start), hub.join("k", spring.start)

    await spring.pour(1, 2, 3, None)

    assert (await rest(ann), await rest(bob)) == ([1, 2, 3], [1, 2, 3])
    assert (spring.opened, spring.closed) == (1, 1)


async def test_keys_are_compared_by_value(hub: Hub[Any], spring: Spring) -> None:
    """An equal key made elsewhere finds the source; a different one has its own."""
    hub.join(("fleet", b"{}", (("a", "1"),)), spring.start)
    hub.join(("fleet", b"{}", (("a", "1"),)), spring.start)
    hub.join(("fleet", b"{}", (("a", "2"),)), spring.start)
    await settled()

    assert spring.opened == 2
    assert (len(hub), hub.subscribers) == (2, 3)


async def test_a_late_joiner_is_told_what_comes_after(hub: Hub[Any], spring: Spring) -> None:
    """No event from before it joined reaches it, and none after is lost, even before its first read."""
    early = hub.join("k", spring.start)
    await spring.pour(1)
    late = hub.join("k", spring.start)
    await spring.pour(2, None)

    assert (await rest(early), await rest(late)) == ([1, 2], [2])


async def test_who_must_not_miss_the_start_does_not_join_late(hub: Hub[Any], spring: Spring) -> None:
    """With `at_start`, those who come before the first event share a source, and those after it get the next one."""
    first, second = (hub.join("k", spring.start, share="at_start") for _ in range(2))
    await spring.pour("state")
    third, fourth = (hub.join("k", spring.start, share="at_start") for _ in range(2))
    await spring.pour("change")

    assert spring.opened == 2
    assert [await read(each, 2) for each in (first, second)] == [["state", "change"]] * 2
    assert [await read(each, 1) for each in (third, fourth)] == [["change"]] * 2


async def test_who_shares_with_nobody_has_a_source_of_its_own(hub: Hub[Any], spring: Spring) -> None:
    """With `never`, equal keys are two sources, and neither may be joined."""
    hub.join("k", spring.start, share="never")
    hub.join("k", spring.start, share="never")
    hub.join("k", spring.start)
    await settled()

    assert spring.opened == 3


async def test_the_last_to_leave_ends_the_source(hub: Hub[Any], spring: Spring) -> None:
    """The first subscriber's departure harms nobody; when `aclose` of the last one returns, the source is closed."""
    leader, other = hub.join("k", spring.start), hub.join("k", spring.start)
    await spring.pour(1)

    await leader.aclose()
    await spring.pour(2)
    assert await read(other, 2) == [1, 2]
    assert spring.open == 1

    await other.aclose()
    assert (spring.open, len(hub), hub.subscribers) == (0, 0, 0)


async def test_cancelling_the_leader_harms_nobody(hub: Hub[Any], spring: Spring) -> None:
    """A task that is cancelled while it waits has left; the others read on, and the source is theirs."""
    leader = asyncio.create_task(rest(hub.join("k", spring.start)))
    other = hub.join("k", spring.start)
    await spring.pour(1)

    leader.cancel()
    await asyncio.gather(leader, return_exceptions=True)
    await spring.pour(2)

    assert await read(other, 2) == [1, 2]
    assert (spring.opened, spring.open, hub.subscribers) == (1, 1, 1)


async def test_cancelling_the_last_one_ends_the_source(hub: Hub[Any], spring: Spring) -> None:
    """Nobody needs to close what was cancelled."""
    reading = asyncio.create_task(rest(hub.join("k", spring.start)))
    await settled()

    reading.cancel()
    await settled()

    assert (spring.opened, spring.open, len(hub)) == (1, 0, 0)


async def test_a_key_can_be_joined_again_after_the_last_has_left(hub: Hub[Any], spring: Spring) -> None:
    """Whoever joins while the source is being closed gets a new one."""
    first = hub.join("k", spring.start)
    await spring.pour(1)
    leaving = asyncio.create_task(first.aclose())
    await asyncio.sleep(0)
    second = hub.join("k", spring.start)
    await leaving
    await spring.pour(2)

    assert await read(second, 1) == [2]
    assert (spring.opened, spring.open) == (2, 1)


async def test_a_failure_reaches_everybody(spring: Spring) -> None:
    """After the events before it, and to each as an exception of its own; then the iterator is over."""
    hub: Hub[Any] = Hub(own=lambda error: ValueError(*error.args))
    subscribers = [hub.join("k", spring.start) for _ in range(3)]
    await spring.pour(1, ValueError("sunk"))

    failures = []
    for each in subscribers:
        assert await anext(each) == 1
        with pytest.raises(ValueError, match="sunk") as caught:
            await anext(each)
        failures.append(caught.value)
        assert await rest(each) == []

    assert len({id(failure) for failure in failures}) == 3
    assert (spring.open, len(hub)) == (0, 0)


async def test_a_source_that_cannot_be_opened_is_a_failure_and_is_tried_anew(hub: Hub[Any], spring: Spring) -> None:
    """What failed is not joined."""

    def broken() -> Any:
        raise OSError("no way")

    with pytest.raises(OSError, match="no way"):
        await anext(hub.join("k", broken))

    again = hub.join("k", spring.start)
    await spring.pour(1)
    assert await read(again, 1) == [1]


async def test_a_slow_subscriber_fails_and_the_others_do_not(hub: Hub[Any], spring: Spring) -> None:
    """With `close`, whoever's row is full is out, at once; the source waits for nobody."""
    slow = hub.join("k", spring.start, capacity=2)
    quick = hub.join("k", spring.start, capacity=10)
    await spring.pour(1, 2, 3, 4, None)

    with pytest.raises(SubscriberTooSlow, match="faster than they are read") as caught:
        await anext(slow)
    assert caught.value.code == "SUBSCRIPTION_TOO_SLOW"

    assert await rest(slow) == []
    assert await rest(quick) == [1, 2, 3, 4]
    assert (slow.dropped, hub.dropped) == (3, 3)


async def test_the_oldest_make_room(hub: Hub[Any], spring: Spring) -> None:
    """With `drop_oldest`, a slow subscriber reads the newest events, and what it lost is counted."""
    slow = hub.join("k", spring.start, capacity=2, overflow="drop_oldest")
    await spring.pour(1, 2, 3, 4, None)

    assert await rest(slow) == [3, 4]
    assert (slow.dropped, hub.dropped) == (2, 2)


async def test_a_burst_overflows_nobody_who_reads(hub: Hub[Any], spring: Spring) -> None:
    """A thousand events that are ready at once reach a reader with room for three."""
    reading = asyncio.create_task(rest(hub.join("k", spring.start, capacity=3)))
    await spring.pour(*range(1, 1001), None)

    assert await reading == list(range(1, 1001))


async def test_hands_over_without_a_gap(hub: Hub[Any], spring: Spring) -> None:
    """`stop` and `join` in the same breath: what waits is read from the old subscriber, what comes from the new one."""
    old = hub.join("k", spring.start)
    await spring.pour(1, 2)
    new = hub.join("k", spring.start)
    old.stop()
    await spring.pour(3, None)

    assert await rest(old) + await rest(new) == [1, 2, 3]
    assert spring.opened == 1


async def test_closing_the_hub_ends_everything(hub: Hub[Any], spring: Spring) -> None:
    """Sources are closed and subscribers come to their end."""
    subscribers = [hub.join(key, spring.start) for key in "aab"]
    await spring.pour(1)

    await hub.close()
    await hub.close()

    assert [await rest(each) for each in subscribers] == [[1], [1], [1]]
    assert (spring.open, len(hub)) == (0, 0)


async def test_two_thousand_subscribers_read_everything(hub: Hub[Any], spring: Spring) -> None:
    """In order, each event to each, over one source."""
    readers = [asyncio.create_task(rest(hub.join("k", spring.start))) for _ in range(2_000)]
    await spring.pour(*range(1, 21), None)

    assert await asyncio.gather(*readers) == [list(range(1, 21))] * 2_000
    assert spring.opened == 1
