"""What the kernel's tests share: a database with the kernel's own tables."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from sqlalchemy import MetaData, Table

from consumers.memory import MemoryBroker
from payflow.kernel.db import Database
from payflow.kernel.dead_letters import dead_letters_table
from payflow.kernel.inbox import inbox_table
from payflow.kernel.outbox import Outbox, outbox_table
from tests.payflow.kernel.telling import Teller


@dataclass(frozen=True)
class Tables:
    outbox: Table
    inbox: Table
    dead_letters: Table


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
async def tables(database: Database) -> Tables:
    metadata = MetaData()
    made = Tables(outbox_table(metadata), inbox_table(metadata), dead_letters_table(metadata))
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    return made


@pytest.fixture
def teller(database: Database, tables: Tables) -> Teller:
    return Teller(database, Outbox(tables.outbox), MemoryBroker())
