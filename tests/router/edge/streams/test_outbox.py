"""What waits for a client: in order, bounded in number and weight, with a word for what is missing."""

from __future__ import annotations

import asyncio

import pytest

from router.edge.streams.outbox import Outbox, Overflowed
from router.errors import StreamEnded
from router.exchange import ClientResponse, Reply


def event(number: int, size: int = 1) -> ClientResponse:
    return ClientResponse(str(number).encode().rjust(size))


async def drained(outbox: Outbox) -> list[ClientResponse]:
    got = []
    while (response := await outbox.get()) is not None:
        got.append(response)
    return got


async def test_results_come_in_order_and_end() -> None:
    """What was in when the outbox closed can still be got; what comes after is forgotten."""
    outbox = Outbox()
    for number in range(3):
        outbox.put(event(number))
    outbox.close()
    outbox.put(event(3))
    assert [response.data for response in await drained(outbox)] == [b"0", b"1", b"2"]


async def test_who_waits_is_woken() -> None:
    """By a result, and by the end."""
    outbox = Outbox()
    one = event(1)
    waiting = asyncio.create_task(outbox.get())
    await asyncio.sleep(0)
    outbox.put(one)
    assert (await waiting) is one

    waiting = asyncio.create_task(outbox.get())
    await asyncio.sleep(0)
    outbox.close()
    assert await waiting is None


async def test_who_gave_up_loses_nothing() -> None:
    """A wait that was cancelled, by a heartbeat say, leaves the next result to the next."""
    outbox = Outbox()
    one = event(1)
    waiting = asyncio.create_task(outbox.get())
    await asyncio.sleep(0)
    outbox.put(one)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert (await outbox.get()) is one


async def test_one_too_many_overflows() -> None:
    """In number or in weight; what is in stays."""
    by_number = Outbox(events_max=2)
    by_weight = Outbox(events_max=10, bytes_max=100)
    for outbox, size in ((by_number, 1), (by_weight, 50)):
        outbox.put(event(1, size))
        outbox.put(event(2, size))
        with pytest.raises(Overflowed):
            outbox.put(event(3, size))
        assert len(outbox) == 2


async def test_a_result_over_the_weight_waits_alone() -> None:
    """Whatever the bound, what a subgraph may answer can be sent."""
    outbox = Outbox(bytes_max=10)
    outbox.put(event(1, 1_000))
    with pytest.raises(Overflowed):
        outbox.put(event(2))


async def test_the_oldest_make_room_and_are_counted() -> None:
    """The next result says how many are missing before it, and it alone."""
    outbox = Outbox(events_max=2, overflow="drop_oldest")
    for number in range(5):
        outbox.put(event(number))
    outbox.close()
    first, second = await drained(outbox)
    assert (first.data, first.reply.extensions) == (b"3", {"dropped": 3})
    assert (second.data, second.reply.extensions) == (b"4", {})


async def test_what_was_missing_before_stays_counted() -> None:
    """Events may have had to make room before they came this far."""
    outbox = Outbox(events_max=1, overflow="drop_oldest")
    for number in range(3):
        reply = Reply()
        reply.extensions["dropped"] = 10
        outbox.put(ClientResponse(str(number).encode(), reply=reply))
    outbox.close()
    [last] = await drained(outbox)
    assert (last.data, last.reply.extensions) == (b"2", {"dropped": 32})


async def test_the_last_word_needs_no_room() -> None:
    """Why a stream ended is told behind all that waits."""
    outbox = Outbox(events_max=1)
    one = event(1)
    outbox.put(one)
    last = ClientResponse(refusal=StreamEnded("Gone.", "SUBSCRIPTION_TOO_SLOW"))
    outbox.close(last)
    outbox.close()
    assert await drained(outbox) == [one, last]
