"""Bring a service's database to its newest schema: Alembic with one environment and a folder of revisions per service."""

from __future__ import annotations

import importlib.resources
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import Database

# Two processes that start together must not migrate together. Any constant does, as long as nobody else uses it.
_MIGRATION_LOCK = 0x7061_7966


async def migrate(database: Database, revisions: Path, *, application_role: str | None = None) -> bool:
    """Run the revisions of the folder that the database lacks, in one transaction. Answers whether there were any.

    Where the folder has a `sql/rights.sql`, that is run at the end each time, revisions or none, so it must bear repeating. It finds
    `application_role`, the role that serves from the database where that is not the one that migrates, in the setting
    `payflow.application_role`, and grants it what it may do.
    """
    config = Config()
    config.set_main_option("script_location", str(importlib.resources.files("payflow.kernel") / "migrations"))
    config.set_main_option("version_locations", str(revisions))
    config.set_main_option("path_separator", "newline")
    async with database.engine.begin() as connection:
        await connection.execute(text("SET LOCAL lock_timeout = 0"))
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        if application_role is not None:
            setting = text("SELECT set_config('payflow.application_role', :role, true)")
            await connection.execute(setting, {"role": application_role})
        upgraded = await connection.run_sync(_upgrade, config)
        if (rights := revisions / "sql" / "rights.sql").exists():
            await _run(connection, rights.read_text())
        return upgraded


async def _run(connection: AsyncConnection, statements: str) -> None:
    """By the driver, which takes many at once."""
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.execute(statements)


def _upgrade(connection: Connection, config: Config) -> bool:
    current = MigrationContext.configure(connection).get_current_revision()
    if current == ScriptDirectory.from_config(config).get_current_head():
        return False
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return True
