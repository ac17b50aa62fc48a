"""Letting go of what is old: from the start of each stream on, and nobody who follows one is left to believe it was whole."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from payflow.kernel.background import running
from payflow.kernel.clock import FixedClock
from payflow.kernel.db import Database
from payflow.kernel.hints import MemoryHints
from payflow.kernel.ids import new_id
from subgraphs.notifications import retention as module
from subgraphs.notifications import store
from subgraphs.notifications.domain import RETENTION, Stream, on_transfer_completed
from subgraphs.notifications.errors import CursorExpired
from subgraphs.notifications.retention import Retention
from subgraphs.notifications.stream import Streams
from tests.subgraphs.notifications.test_reading import mark, stream, unread
from tests.subgraphs.notifications.world import NOW, cause, service, tell, transfer

AFTERWARDS = NOW + RETENTION + timedelta(minutes=1)


@pytest.fixture
async def ada(database: Database) -> UUID:
    """Somebody with four old notifications, of which they have read the second, and two new ones."""
    reader = new_id()
    await tell(database, reader, 4)
    await mark(database, reader, [(await stream(database, reader))[1].notice.id])
    for number in (5, 6):
        async with database.unit_of_work() as work:
            notices = on_transfer_completed(cause(), transfer(number * 100, payee_id=reader))
            await service(clock=FixedClock(AFTERWARDS)).tell(notices, work)
    return reader


def retention(database: Database) -> Retention:
    return Retention(database=database, clock=FixedClock(AFTERWARDS))


async def state(database: Database, reader_id: UUID) -> Stream:
    async with database.read() as connection:
        return await store.stream(connection, reader_id)


async def test_the_old_ones_go(database: Database, ada: UUID) -> None:
    """What is left is still numbered as before, the next one goes on from there, and unread is what is left unread."""
    gone = await retention(database).sweep()

    assert gone >= 4
    assert [each.seq for each in await stream(database, ada)] == [5, 6]
    assert await state(database, ada) == Stream(last_seq=6, kept_from=5)
    assert await unread(database, ada) == 2
    await tell(database, ada)
    assert [each.seq for each in await stream(database, ada)] == [5, 6, 7]


async def test_a_sweep_takes_the_oldest_and_only_so_many(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much is due, a commit deletes a bounded part of it, from the start."""
    monkeypatch.setattr(module, "SWEEP_MAX", 3)
    ada = new_id()
    for number in range(1, 6):
        async with database.unit_of_work() as work:
            paid = transfer(number * 100, payee_id=ada, payer_id=ada)
            at = FixedClock(NOW - timedelta(minutes=10 - number))
            await service(clock=at).tell(on_transfer_completed(cause(), paid)[1:], work)

    assert await retention(database).sweep() == 3
    assert [each.seq for each in await stream(database, ada)] == [4, 5]
    assert await retention(database).sweep() == 2
    assert await retention(database).sweep() == 0
    assert await state(database, ada) == Stream(last_seq=5, kept_from=6)


async def test_who_is_writing_is_not_waited_for(database: Database, ada: UUID) -> None:
    """A stream that somebody has locked comes with the next sweep."""
    async with database.unit_of_work() as work:
        now = FixedClock(AFTERWARDS)
        await service(clock=now).tell(on_transfer_completed(cause(), transfer(payee_id=ada)), work)
        await retention(database).sweep()  # the database would refuse one that waits for the lock
        assert (await state(database, ada)).kept_from == 1

    await retention(database).sweep()
    assert (await state(database, ada)).kept_from == 5


@pytest.mark.parametrize("after", [0, 3])
async def test_a_cursor_from_before_is_said_to_have_expired(database: Database, ada: UUID, after: int) -> None:
    """Going on from it would miss something; from the end of what is gone nothing would."""
    await retention(database).sweep()
    streams = Streams(database, MemoryHints())

    with pytest.raises(CursorExpired, match="subscribe again with the newest cursor"):
        await anext(streams.follow(ada, after=after))

    following = streams.follow(ada, after=4)
    assert (await anext(following)).seq == 5
    await following.aclose()


async def test_who_falls_behind_while_following_is_told(
    database: Database, ada: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is deleted before a slow client takes it is not passed over in silence."""
    monkeypatch.setattr("subgraphs.notifications.stream.READ_MAX", 1)
    following = Streams(database, MemoryHints()).follow(ada, after=0)
    assert (await anext(following)).seq == 1

    await retention(database).sweep()

    with pytest.raises(CursorExpired):
        await anext(following)


async def test_it_goes_on_by_itself(database: Database, ada: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run beside the service, it comes again and again, also after a failure."""
    monkeypatch.setattr(module, "SWEEP_PAUSE_S", 0.02)
    monkeypatch.setattr(module, "PAUSE_AFTER_FAILURE_S", 0.02)
    original, failures = store.let_go, iter([RuntimeError("a bug"), OSError("the database is away")])

    async def let_go(*arguments: object, **named: object) -> int:
        if (failure := next(failures, None)) is not None:
            raise failure
        return await original(*arguments, **named)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(store, "let_go", let_go)
    async with running(retention(database).run(), name="retention"), asyncio.timeout(10):
        while (await state(database, ada)).kept_from == 1:
            await asyncio.sleep(0.02)
