"""Units of work commit as one, and what waits for the commit runs after it and only then."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from payflow.kernel.db import Database
from payflow.kernel.errors import SettingsError


async def test_a_unit_of_work_commits_or_leaves_nothing(database: Database) -> None:
    """What raises inside the block takes everything back, callbacks included."""
    called: list[str] = []
    async with database.unit_of_work() as work:
        await work.connection.execute(text("CREATE TABLE things (name text)"))
        work.after_commit(lambda: called.append("made"))
        assert called == []

    async def fails() -> None:
        async with database.unit_of_work() as work:
            await work.connection.execute(text("INSERT INTO things VALUES ('a')"))
            work.after_commit(lambda: called.append("never"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails()

    assert called == ["made"]
    async with database.read() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM things")) == 0


async def test_sessions_have_limits_and_speak_utc(database: Database) -> None:
    """The server ends what a bug would leave running."""
    async with database.read() as connection:
        shown = {
            name: await connection.scalar(text(f"SHOW {name}"))
            for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "timezone")
        }

    assert shown == {
        "lock_timeout": "2s",
        "statement_timeout": "5s",
        "idle_in_transaction_session_timeout": "5s",
        "timezone": "UTC",
    }


@pytest.mark.parametrize("url", ["nonsense", "sqlite:///x.db", ""])
def test_a_wrong_url_is_a_setting(url: str) -> None:
    """What is no PostgreSQL URL is said in one sentence, without the URL: it may hold a password."""
    with pytest.raises(SettingsError, match=r"^A database URL "):
        Database(url)


async def test_ping_raises_where_nobody_answers(database: Database, database_url: str) -> None:
    """Ready while the database answers, and not otherwise."""
    await database.ping()
    away = Database(
        f"{database_url}_that_is_not_there" if "?" not in database_url else "postgresql://a:b@127.0.0.1:9/c"
    )

    with pytest.raises((DBAPIError, OSError)):
        await away.ping()
    await away.close()
