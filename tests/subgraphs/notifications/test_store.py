"""What notifications writes is read back equal, and what it should not write is refused."""

from __future__ import annotations

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from payflow.kernel.db import Database
from payflow.kernel.ids import new_id
from subgraphs.notifications import store
from subgraphs.notifications.domain import Notification, Stream, on_reward_issued
from subgraphs.notifications.store import Position
from subgraphs.notifications.tables import notifications
from tests.subgraphs.notifications.world import NOW, cause, reward, tell


async def test_a_notice_is_read_back_equal(database: Database) -> None:
    """Everything of a notice comes back, with its place and its instant."""
    (notice,) = on_reward_issued(cause(), reward())
    async with database.unit_of_work() as work:
        assert await store.append(work, [notice], now=NOW) == {notice.reader_id}
        found = await store.by_ids(work.connection, [notice.id, new_id()])

    assert found == {notice.id: Notification(notice=notice, seq=1, created_at=NOW, read_at=None)}


async def test_many_notices_are_appended_in_their_order(database: Database) -> None:
    """Those of several readers in one go: each stream grows by its own, in the order given, and what is known changes nothing."""
    ada, bob = new_id(), new_id()
    first, *others = [on_reward_issued(cause(), reward(user_id=reader))[0] for reader in (ada, bob, ada, ada, bob)]
    async with database.unit_of_work() as work:
        await store.append(work, [first], now=NOW)
    async with database.unit_of_work() as work:
        assert await store.append(work, [first, *others], now=NOW) == {ada, bob}
        assert await store.append(work, [first, *others], now=NOW) == set()

    async with database.read() as connection:
        starts = [Position(reader, 0) for reader in (ada, bob, ada, new_id())]
        found = await store.since(connection, starts, most=10)
        assert found[starts[3]] == []
        streams = [found[start] for start in starts[:2]]
        assert await store.unread_counts(connection, [ada, bob]) == {ada: 3, bob: 2}
    assert [[(each.seq, each.notice.id) for each in stream] for stream in streams] == [
        [(1, first.id), (2, others[1].id), (3, others[2].id)],
        [(1, others[0].id), (2, others[3].id)],
    ]


async def test_pages_go_backwards_and_streams_forwards(database: Database) -> None:
    """Both follow each other without gap or overlap, and stay with their reader."""
    ada = new_id()
    await tell(database, ada, 5)
    await tell(database, new_id(), 2)

    async with database.read() as connection:
        pages = [await store.page(connection, ada, before=before, unread_only=False, most=2) for before in (None, 4, 2)]
        places = [Position(ada, after) for after in (0, 2, 4)]
        ahead = (await store.since(connection, places, most=2)).values()
        assert [await store.stream(connection, reader) for reader in (ada, new_id())] == [Stream(5, 1), Stream(0, 1)]

    assert [[each.seq for each in page] for page in pages] == [[5, 4], [3, 2], [1]]
    assert [[each.seq for each in page] for page in ahead] == [[1, 2], [3, 4], [5]]


async def test_unread_only(database: Database) -> None:
    """What has been read is left out."""
    ada = new_id()
    await tell(database, ada, 3)
    async with database.unit_of_work() as work:
        await work.connection.execute(update(notifications).where(notifications.c.seq == 2).values(read_at=NOW))
        unread = await store.page(work.connection, ada, before=None, unread_only=True, most=10)

    assert [each.seq for each in unread] == [3, 1]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE notifications SET seq = 1",
        "UPDATE notifications SET seq = seq - 1",
        "UPDATE notifications SET reward_id = id",
        "UPDATE readers SET unread = last_seq + 1",
        "UPDATE readers SET unread = -1",
        "UPDATE readers SET kept_from = 2",
        "UPDATE readers SET kept_from = last_seq + 2, unread = 0",
        "UPDATE notifications SET transfer_id = NULL",
        "UPDATE notifications SET payment_request_id = id",
    ],
)
async def test_the_database_refuses_what_the_code_should_not_send(database: Database, change: str) -> None:
    """Places are unique and positive, only rewards name a reward, and nobody has more unread than is kept."""
    await tell(database, new_id(), 2)

    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as work:
            await work.connection.execute(text(change))


async def test_migrations_match_the_tables(database: Database) -> None:
    """What Alembic made is what tables.py declares."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from subgraphs.notifications.tables import metadata

    async with database.engine.connect() as connection:
        difference = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), metadata)
        )

    assert difference == []
