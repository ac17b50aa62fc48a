"""What readers do with their own stream: read marks and preferences, and a count of what is unread that is never off."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from payflow.kernel.clock import FixedClock
from payflow.kernel.db import Database
from payflow.kernel.errors import InvalidArgument
from payflow.kernel.ids import new_id
from subgraphs.notifications import store
from subgraphs.notifications.domain import (
    Notification,
    NotificationKind,
    Preference,
    on_session_revoked,
    on_transfer_completed,
)
from subgraphs.notifications.service import MARKED_IDS_MAX, Notifications
from subgraphs.notifications.tables import notifications
from tests.subgraphs.notifications.world import NOW, cause, service, tell, transfer

RECEIVED = NotificationKind.TRANSFER_RECEIVED


async def stream(database: Database, reader_id: UUID) -> list[Notification]:
    """The whole of it."""
    start = store.Position(reader_id, 0)
    async with database.read() as connection:
        return (await store.since(connection, [start], most=10_000))[start]


async def unread(database: Database, reader_id: UUID) -> int:
    """The count that is kept; asserts that it is the number of those that are unread."""
    kept = select(func.count()).where(notifications.c.reader_id == reader_id, notifications.c.read_at.is_(None))
    async with database.unit_of_work() as work:
        told = (await store.unread_counts(work.connection, [reader_id])).get(reader_id, 0)
        assert told == await work.connection.scalar(kept)
    return told


async def mark(
    database: Database, reader_id: UUID, ids: Sequence[UUID], *, by: Notifications | None = None
) -> list[Notification]:
    async with database.unit_of_work() as work:
        return await (by or service()).mark_read(reader_id, ids, work)


async def mark_all(database: Database, reader_id: UUID, *, up_to: int) -> int:
    async with database.unit_of_work() as work:
        return await service().mark_oldest_read(reader_id, work, up_to=up_to)


async def prefer(database: Database, reader_id: UUID, *, enabled: bool, clock: FixedClock) -> None:
    async with database.unit_of_work() as work:
        await service(clock=clock).prefer(reader_id, Preference(RECEIVED, enabled), work)


async def test_some_are_marked_read(database: Database) -> None:
    """In the order given, each once; a second time changes nothing, and nobody marks what is another's."""
    ada, bob = new_id(), new_id()
    await tell(database, ada, 4)
    await tell(database, bob, 1)
    first, second, third, fourth = [each.notice.id for each in await stream(database, ada)]
    [bobs] = [each.notice.id for each in await stream(database, bob)]

    marked = await mark(database, ada, [third, first, bobs, third, new_id()])
    later = service(clock=FixedClock(NOW + timedelta(hours=1)))
    again = await mark(database, ada, [first, second], by=later)

    assert [(each.notice.id, each.read_at) for each in marked] == [(third, NOW), (first, NOW)]
    assert [(each.notice.id, each.read_at) for each in again] == [(first, NOW), (second, NOW + timedelta(hours=1))]
    assert [await unread(database, reader) for reader in (ada, bob)] == [1, 1]
    assert [each.notice.id for each in await stream(database, ada) if each.read_at is None] == [fourth]


async def test_too_many_at_once_are_refused(database: Database) -> None:
    """What one request may lock is bounded."""
    with pytest.raises(InvalidArgument, match="100 notifications at a time, got 101"):
        await mark(database, new_id(), [new_id() for _ in range(MARKED_IDS_MAX + 1)])


async def test_all_are_marked_up_to_a_place(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest first, so many at a time; what lies behind the place stays unread."""
    monkeypatch.setattr("subgraphs.notifications.service.MARKED_MAX", 2)
    ada = new_id()
    await tell(database, ada, 5)

    assert [await mark_all(database, ada, up_to=4) for _ in range(4)] == [2, 2, 0, 0]

    assert [each.seq for each in await stream(database, ada) if each.read_at is None] == [5]
    assert await unread(database, ada) == 1
    assert await mark_all(database, new_id(), up_to=4) == 0


async def test_the_count_is_right_whoever_does_what_at_once(database: Database) -> None:
    """Told, marked by id and marked all at the same time: each is counted once, and what was not marked is what is unread."""
    ada, chance = new_id(), random.Random(5)
    await tell(database, ada, 30)
    ids = [each.notice.id for each in await stream(database, ada)]

    async def mark_some(chosen: Sequence[UUID]) -> int:
        await mark(database, ada, chosen)
        return 0

    told = [tell(database, ada, 3) for _ in range(5)]
    some = [mark_some(chance.sample(ids, 7)) for _ in range(8)]
    everything = [mark_all(database, ada, up_to=chance.randint(1, 45)) for _ in range(8)]
    work = [*told, *some, *everything]
    chance.shuffle(work)
    await asyncio.gather(*work)

    left = [each for each in await stream(database, ada) if each.read_at is None]
    assert await unread(database, ada) == len(left)
    assert [each.seq for each in await stream(database, ada)] == list(range(1, 46))


async def test_of_marks_that_race_each_counts_its_own(database: Database) -> None:
    """Ten who mark everything at once have marked, together, each notification once."""
    ada = new_id()
    await tell(database, ada, 20)

    marked = await asyncio.gather(*(mark_all(database, ada, up_to=20) for _ in range(10)))

    assert sum(marked) == 20
    assert await unread(database, ada) == 0


async def test_what_is_muted_takes_no_place(database: Database) -> None:
    """A kind that a reader has muted is not told; others are, and other readers are, without a gap in anybody's stream."""
    ada, bob, clock = new_id(), new_id(), FixedClock(NOW)
    await tell(database, ada)
    await prefer(database, ada, enabled=False, clock=clock)
    async with database.unit_of_work() as work:
        paid = on_transfer_completed(cause(), transfer(payer_id=bob, payee_id=ada))
        back = on_transfer_completed(cause(), transfer(payer_id=ada, payee_id=bob))
        await service().tell([*paid, *back], work)

    assert [(each.seq, each.notice.kind) for each in await stream(database, ada)] == [
        (1, RECEIVED),
        (2, NotificationKind.TRANSFER_SENT),
    ]
    assert [each.seq for each in await stream(database, bob)] == [1, 2]
    assert await unread(database, ada) == 2


async def test_who_unmutes_is_told_from_then_on(database: Database) -> None:
    """What happened while a kind was muted stays untold, also if its event comes again; what happens from then on is told."""
    ada, clock = new_id(), FixedClock(NOW)
    await prefer(database, ada, enabled=False, clock=clock)
    missed = on_transfer_completed(cause(happened_at=NOW + timedelta(minutes=1)), transfer(payee_id=ada))
    clock.advance(timedelta(hours=1))
    await prefer(database, ada, enabled=True, clock=clock)
    clock.advance(timedelta(hours=1))
    await prefer(database, ada, enabled=True, clock=clock)  # no change, so it began when it began
    news = on_transfer_completed(cause(happened_at=NOW + timedelta(minutes=61)), transfer(900, payee_id=ada))

    async with database.unit_of_work() as work:
        await service().tell([*missed, *news], work)

    assert [each.notice.title for each in await stream(database, ada)] == ["You received $9.00"]


async def test_what_concerns_safety_cannot_be_muted(database: Database) -> None:
    """Whoever is signed in to an account cannot keep its owner from being told of that; to want it is fine."""
    ada = new_id()
    safety = NotificationKind.SESSION_ENDED
    async with database.unit_of_work() as work:
        await service().prefer(ada, Preference(safety, enabled=True), work)
        with pytest.raises(InvalidArgument, match="SESSION_ENDED cannot be muted"):
            await service().prefer(ada, Preference(safety, enabled=False), work)
        await service().tell(on_session_revoked(cause(), ada), work)

    assert [each.notice.kind for each in await stream(database, ada)] == [safety]
    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as work:
            await store.set_preference(work, ada, Preference(safety, enabled=False), now=NOW)


async def test_to_want_what_one_is_told_anyway_changes_nothing(database: Database) -> None:
    """What is on its way reaches who never muted anything."""
    ada, clock = new_id(), FixedClock(NOW + timedelta(hours=1))
    await prefer(database, ada, enabled=True, clock=clock)

    await tell(database, ada)

    assert [each.seq for each in await stream(database, ada)] == [1]
