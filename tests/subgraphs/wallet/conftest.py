"""A migrated wallet database, and a world over it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from payflow.kernel.db import Database
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.wallet.world import World


@pytest.fixture
async def database(make_settings: MakeSettings) -> AsyncIterator[Database]:
    database = Database((await make_settings("wallet")).database_url("wallet"))
    yield database
    await database.close()


@pytest.fixture
def world(database: Database) -> World:
    return World(database)
