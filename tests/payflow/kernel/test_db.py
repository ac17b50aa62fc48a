"""Units of work: they commit as one, and say so when the database is too busy for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from payflow.kernel.db import Database
from payflow.kernel.errors import DependencyUnavailable, SettingsError


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    async with database.unit_of_work() as work:
        await work.connection.execute(text("CREATE TABLE thing (id int PRIMARY KEY, size int)"))
        await work.connection.execute(text("INSERT INTO thing VALUES (1, 0), (2, 0)"))
    yield database
    await database.close()


async def sizes(database: Database) -> list[int]:
    async with database.read() as connection:
        return list((await connection.execute(text("SELECT size FROM thing ORDER BY id"))).scalars())


async def test_all_or_nothing(database: Database) -> None:
    """A block that raises leaves no trace, and what waits for its commit is not called."""
    called: list[str] = []

    async def interrupted() -> None:
        async with database.unit_of_work() as work:
            work.after_commit(lambda: called.append("lost"))
            await work.connection.execute(text("UPDATE thing SET size = 5"))
            raise KeyError

    with pytest.raises(KeyError):
        await interrupted()
    async with database.unit_of_work() as work:
        work.after_commit(lambda: called.append("kept"))
        await work.connection.execute(text("UPDATE thing SET size = 1 WHERE id = 1"))

    assert await sizes(database) == [1, 0]
    assert called == ["kept"]


async def test_a_deadlock_is_said_to_be_busy(database: Database) -> None:
    """Of two that wait for each other one is rolled back, and told that nothing has happened."""
    both_hold_one = asyncio.Barrier(2)

    async def grow(first: int, second: int) -> None:
        async with database.unit_of_work() as work:
            await work.connection.execute(text("UPDATE thing SET size = size + 1 WHERE id = :id"), {"id": first})
            await both_hold_one.wait()
            await work.connection.execute(text("UPDATE thing SET size = size + 1 WHERE id = :id"), {"id": second})

    outcomes = await asyncio.gather(grow(1, 2), grow(2, 1), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes if outcome] == [DependencyUnavailable]
    assert await sizes(database) == [1, 1]


async def test_a_lock_that_is_not_to_be_had(database: Database) -> None:
    """Who waits too long for a lock is told that the database is busy."""

    async def hasty() -> None:
        async with database.unit_of_work() as work:
            await work.connection.execute(text("SET LOCAL lock_timeout = '50ms'"))
            await work.connection.execute(text("UPDATE thing SET size = 2 WHERE id = 1"))

    async with database.unit_of_work() as holder:
        await holder.connection.execute(text("UPDATE thing SET size = 1 WHERE id = 1"))
        with pytest.raises(DependencyUnavailable, match="too busy"):
            await hasty()


@pytest.mark.parametrize("url", ["not a url", "mysql://root@localhost/x"])
def test_a_wrong_url_is_one_sentence(url: str) -> None:
    """What is no PostgreSQL URL is refused at start, without repeating what may hold a password."""
    with pytest.raises(SettingsError) as refusal:
        Database(url)

    assert "\n" not in str(refusal.value)


async def test_a_call_is_committed(database: Database) -> None:
    """One statement by the driver is a transaction of its own, with arguments and JSON both ways."""
    rows = await database.call("UPDATE thing SET size = $1 WHERE id = $2 RETURNING id, size", 7, 2)

    assert [tuple(row) for row in rows] == [(2, 7)]
    assert await sizes(database) == [0, 7]
    [row] = await database.call("SELECT $1::jsonb AS told", {"name": ["é", 1, None]})
    assert row["told"] == {"name": ["é", 1, None]}


async def test_a_call_that_does_not_get_its_lock(database: Database) -> None:
    """A call is told that the database is busy, as a unit of work is; and it has done nothing."""
    async with database.unit_of_work() as holder:
        await holder.connection.execute(text("UPDATE thing SET size = 1 WHERE id = 1"))
        with pytest.raises(DependencyUnavailable, match="too busy"):
            await database.call("SELECT * FROM thing WHERE id = 1 FOR UPDATE NOWAIT")


async def test_a_call_that_the_database_refuses(database: Database) -> None:
    """Any other error comes as SQLAlchemy's, with the driver's own inside."""
    with pytest.raises(DBAPIError) as refused:
        await database.call("INSERT INTO thing VALUES (1, 0)")

    assert getattr(refused.value.orig, "sqlstate", None) == "23505"


async def test_connections_that_the_server_has_closed(database: Database) -> None:
    """After the server has ended idle connections, work goes on over new ones, and nobody sees an error."""
    await database.call("SELECT 1")
    await sizes(database)
    # Our own: the server may be vacuuming there, too.
    ended = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
    """
    others = ended.replace("pg_terminate_backend(pid)", "pid")

    async def read(statement: str) -> list[object]:
        async with database.read() as connection:
            return list((await connection.execute(text(statement))).all())

    async def end_others(ask: Callable[[str], Awaitable[list[object]]]) -> None:
        await ask(ended)
        async with asyncio.timeout(10):
            while await ask(others):
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)  # for this process to read that they are closed

    await end_others(read)
    await end_others(database.call)

    assert await sizes(database) == [0, 0]
    assert await database.call("SELECT 1")


async def test_an_error_does_not_repeat_what_was_written(database: Database) -> None:
    """What a statement was given may be somebody's name or secret, and errors are logged: they show the statement alone."""
    with pytest.raises(DBAPIError) as failed:
        async with database.unit_of_work() as work:
            await work.connection.execute(
                text("SELECT 1 / (length(:secret) - length(:secret))"), {"secret": "correct horse"}
            )

    assert "SELECT 1 /" in str(failed.value)
    assert "correct horse" not in str(failed.value)
