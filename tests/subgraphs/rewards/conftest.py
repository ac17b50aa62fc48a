"""What the rewards tests share: a database, and a world over it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from payflow.kernel.db import Database
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.rewards.world import World


@pytest.fixture
async def database(make_settings: MakeSettings) -> AsyncIterator[Database]:
    database = Database((await make_settings("rewards")).database_url("rewards"))
    yield database
    await database.close()


@pytest.fixture
def world(database: Database) -> World:
    return World(database)
