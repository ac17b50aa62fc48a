"""Sessions from before refresh tokens rotated go on."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from payflow.dev.testing import MakeDatabase
from payflow.kernel.db import Database

REPOSITORY = Path(__file__).parents[3]


def configured(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(REPOSITORY / "payflow" / "kernel" / "migrations"))
    config.set_main_option("version_locations", str(REPOSITORY / "subgraphs" / "users" / "migrations"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    return config


async def test_a_token_of_old_begins_its_family(make_database: MakeDatabase) -> None:
    """Its hash moves to the table of tokens, unused; the way back keeps it, too."""
    database = Database(await make_database("users"))
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(configured(sync), "0001"))
        await connection.execute(
            text("INSERT INTO users VALUES (gen_random_uuid(), 'a@b.c', 'ada', 'Ada', 'x', now());")
        )
        await connection.execute(
            text(
                "INSERT INTO sessions SELECT gen_random_uuid(), id, sha256('token'), now(), now() + interval '90 days' FROM users"
            )
        )
        await connection.run_sync(lambda sync: command.upgrade(configured(sync), "0002"))
        row = (
            await connection.execute(
                text(
                    "SELECT *, token_hash = sha256('token') AS same, expires_at - created_at AS idle FROM refresh_tokens"
                )
            )
        ).one()
        assert (row.same, row.used_at, row.parent_hash, row.idle.days) == (True, None, None, 14)
        await connection.run_sync(lambda sync: command.downgrade(configured(sync), "0001"))
        kept = await connection.scalar(text("SELECT refresh_token_hash = sha256('token') FROM sessions"))
        assert kept is True
    await database.close()
