"""A stream followed live: everything once, in order, whatever the hints do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel import hints as hints_module
from payflow.kernel.db import Database, counting_statements
from payflow.kernel.errors import InvalidArgument
from payflow.kernel.hints import Hint, MemoryHints, RedisHints
from payflow.kernel.ids import new_id
from subgraphs.notifications import store
from subgraphs.notifications import stream as stream_module
from subgraphs.notifications.domain import Notification, stream_subject
from subgraphs.notifications.store import Position
from subgraphs.notifications.stream import Streams
from tests.subgraphs.notifications.world import tell


async def take(stream: AsyncGenerator[Notification, None], count: int) -> list[int]:
    """The numbers of the next so many."""
    async with asyncio.timeout(30):
        return [(await anext(stream)).seq for _ in range(count)]


@pytest.fixture
def reader() -> UUID:
    return new_id()


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Awaitable[None]]:
    """`await waiting(2)`: until two streams have read all there is and wait for their bells."""
    wait, now = Hint.wait, 0

    async def counted(self: Hint) -> None:
        nonlocal now
        now += 1
        try:
            await wait(self)
        finally:
            now -= 1

    async def until(number: int) -> None:
        async with asyncio.timeout(20):
            while now < number:
                await asyncio.sleep(0.01)

    monkeypatch.setattr(Hint, "wait", counted)
    return until


async def test_from_a_cursor_on_and_then_live(database: Database, hints: MemoryHints, reader: UUID) -> None:
    """First what came since, then what comes."""
    await tell(database, reader, 3)
    stream = Streams(database, hints).follow(reader, after=1)

    assert await take(stream, 2) == [2, 3]
    await tell(database, reader, 2, hints=hints)
    assert await take(stream, 2) == [4, 5]
    await stream.aclose()


async def test_without_a_cursor_only_what_is_new(
    database: Database, hints: MemoryHints, reader: UUID, waiting: Callable[[int], Awaitable[None]]
) -> None:
    """What was there before is not told again."""
    await tell(database, reader, 3)
    stream = Streams(database, hints).follow(reader, after=None)
    first = asyncio.create_task(anext(stream))
    await waiting(1)

    await tell(database, reader, 1, hints=hints)

    assert (await asyncio.wait_for(first, 10)).seq == 4
    await stream.aclose()


async def test_what_falls_between_start_and_listening_is_not_missed(
    database: Database, hints: MemoryHints, reader: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notification committed while the position is taken, or right behind the first read, arrives all the same."""
    original = store.since
    reads = 0

    async def since(
        connection: AsyncConnection, positions: Sequence[Position], *, most: int
    ) -> dict[Position, list[Notification]]:
        nonlocal reads
        reads += 1
        found = await original(connection, positions, most=most)
        if reads == 1:
            await tell(database, reader, 1, hints=hints)  # behind the read, before the wait
        return found

    monkeypatch.setattr(store, "since", since)
    stream = Streams(database, hints).follow(reader, after=None)

    assert await take(stream, 1) == [1]
    await stream.aclose()


async def test_backlogs_are_read_in_bounded_pages(
    database: Database, hints: MemoryHints, reader: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader far behind gets everything, and no read is larger than its bound."""
    monkeypatch.setattr(stream_module, "READ_MAX", 3)
    await tell(database, reader, 10)
    stream = Streams(database, hints).follow(reader, after=0)

    assert await take(stream, 10) == list(range(1, 11))
    await stream.aclose()


async def test_lost_hints_delay_and_lose_nothing(
    database: Database, hints: MemoryHints, reader: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no hint at all the stream looks again by itself."""
    monkeypatch.setattr(hints_module, "REREAD_S", 0.2)
    stream = Streams(database, hints).follow(reader, after=0)
    pending = asyncio.create_task(take(stream, 3))

    await tell(database, reader, 3)  # rings nobody

    assert await pending == [1, 2, 3]
    await stream.aclose()


async def test_superfluous_hints_repeat_nothing(database: Database, hints: MemoryHints, reader: UUID) -> None:
    """Bells that ring for nothing make nothing arrive twice."""
    stream = Streams(database, hints).follow(reader, after=0)

    async def ring() -> None:
        while True:
            hints.publish(stream_subject(reader))
            await asyncio.sleep(0.001)

    ringing = asyncio.create_task(ring())
    await tell(database, reader, 5)
    assert await take(stream, 5) == [1, 2, 3, 4, 5]
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await anext(stream)
    ringing.cancel()


async def test_without_redis_it_still_arrives(
    database: Database, reader: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis away: writers do not fail, and readers are told within REREAD_S."""
    monkeypatch.setattr(hints_module, "REREAD_S", 0.3)
    nobody = RedisHints("redis://127.0.0.1:9/0")
    stream = Streams(database, nobody).follow(reader, after=0)

    await tell(database, reader, 2, hints=nobody)

    assert await take(stream, 2) == [1, 2]
    await stream.aclose()
    await nobody.close()


async def test_a_cursor_ahead_of_the_stream_is_refused(database: Database, hints: MemoryHints, reader: UUID) -> None:
    """A cursor of another stream, or of a database that was reset, would wait past what comes: it is said to be wrong."""
    await tell(database, reader, 2)

    with pytest.raises(InvalidArgument, match="ahead of your notifications"):
        await take(Streams(database, hints).follow(reader, after=3), 1)
    assert hints._listeners == {}


async def test_readers_do_not_hear_each_other(database: Database, hints: MemoryHints, reader: UUID) -> None:
    """Somebody else's notifications neither arrive nor wake."""
    stream = Streams(database, hints).follow(reader, after=0)
    first = asyncio.create_task(take(stream, 1))

    await tell(database, new_id(), 3, hints=hints)
    await asyncio.sleep(0.1)
    assert not first.done()
    await tell(database, reader, 1, hints=hints)

    assert await first == [1]
    await stream.aclose()


async def test_closing_a_stream_stops_listening(database: Database, hints: MemoryHints, reader: UUID) -> None:
    """Nothing is left of a subscription that ended."""
    await tell(database, reader, 1)
    stream = Streams(database, hints).follow(reader, after=0)
    await take(stream, 1)
    assert isinstance(next(iter(hints._listeners[stream_subject(reader)])), Hint)

    await stream.aclose()

    assert hints._listeners == {}


async def test_streams_whose_bells_ring_at_once_are_read_together(
    database: Database, hints: MemoryHints, waiting: Callable[[int], Awaitable[None]]
) -> None:
    """A hundred subscriptions, two of each reader, that are woken together cost a statement or two, and each gets its own."""
    readers = [new_id() for _ in range(50)]
    await asyncio.gather(*(tell(database, each, 2) for each in readers))
    streams = Streams(database, hints)
    following = [streams.follow(each, after=after) for each in readers for after in (0, 1)]

    assert [await anext(each) for each in following]
    taking = [asyncio.create_task(take(each, 1)) for each in following[1::2]]
    await waiting(50)
    await asyncio.gather(*(tell(database, each, 1) for each in readers))
    async with counting_statements(database.engine) as statements:
        for each in readers:
            hints.publish(stream_subject(each))
        assert await asyncio.gather(*taking) == [[3]] * 50

    assert 1 <= len([statement for statement in statements if "LATERAL" in statement]) <= 2
    for stream in following:
        await stream.aclose()


async def test_a_client_that_takes_nothing_costs_one_page(
    database: Database, hints: MemoryHints, reader: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes while nobody takes it stays in the database."""
    monkeypatch.setattr(stream_module, "READ_MAX", 3)
    await tell(database, reader, 10)
    following = Streams(database, hints).follow(reader, after=0)
    assert (await anext(following)).seq == 1

    async with counting_statements(database.engine) as statements:
        await tell(database, reader, 5, hints=hints)
        await asyncio.sleep(0.1)

    assert [statement for statement in statements if "LATERAL" in statement] == []
    assert await take(following, 14) == list(range(2, 16))
    await following.aclose()
