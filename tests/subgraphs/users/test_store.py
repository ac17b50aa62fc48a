"""What users writes is read back equal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from payflow.kernel.db import Database
from payflow.kernel.ids import new_id
from subgraphs.users import store
from subgraphs.users.domain import User
from subgraphs.users.errors import EmailTaken, HandleTaken
from tests.subgraphs.conftest import MakeSettings


@pytest.fixture
async def database(make_settings: MakeSettings) -> AsyncIterator[Database]:
    database = Database((await make_settings("users")).database_url("users"))
    yield database
    await database.close()


def person(name: str) -> User:
    return User(new_id(), f"{name}@example.com", name, name.title(), datetime(2026, 11, 22, tzinfo=UTC))


async def add(database: Database, user: User) -> None:
    async with database.unit_of_work() as work:
        await store.add_user(work, user, password_hash="$argon2id$")


async def test_batch_reads_mark_the_missing(database: Database) -> None:
    """by_ids and by_handles answer those that exist, under the key they were asked by."""
    ada, bob = person("ada"), person("bob")
    await add(database, ada)
    await add(database, bob)

    async with database.read() as connection:
        assert await store.by_ids(connection, [bob.id, new_id(), ada.id]) == {ada.id: ada, bob.id: bob}
        assert await store.by_handles(connection, ["ada", "nobody"]) == {"ada": ada}


async def test_taken_names_are_refused(database: Database) -> None:
    """The unique constraints speak as EmailTaken and HandleTaken."""
    ada = person("ada")
    await add(database, ada)

    with pytest.raises(EmailTaken):
        await add(database, User(new_id(), ada.email, "other", "Other", ada.created_at))
    with pytest.raises(HandleTaken, match="ada"):
        await add(database, User(new_id(), "other@example.com", "ada", "Other", ada.created_at))


async def test_the_database_refuses_what_the_code_should_not_send(database: Database) -> None:
    """A handle or address that is not in normal form violates a CHECK, whoever writes it."""
    for email, handle in (("Ada@example.com", "ada"), ("ada@example.com", "Ada")):
        with pytest.raises(IntegrityError):
            await add(database, User(new_id(), email, handle, "Ada", datetime.now(UTC)))


async def test_migrations_match_the_tables(database: Database) -> None:
    """What Alembic made is what tables.py declares."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from subgraphs.users.tables import metadata

    async with database.engine.connect() as connection:
        difference = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), metadata)
        )
        await connection.execute(text("SELECT 1"))

    assert difference == []
