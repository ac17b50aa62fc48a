"""What the rewards tests share: a database, and a world over it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from payflow.kernel import db
from payflow.kernel.db import Database
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.rewards.world import World


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dozens that come at once are not too many for a machine that is only slow: each gets its connection in the end."""
    monkeypatch.setattr(db, "POOL_WAIT_S", 60.0)


@pytest.fixture
async def database(make_settings: MakeSettings) -> AsyncIterator[Database]:
    database = Database((await make_settings("rewards")).database_url("rewards"))
    yield database
    await database.close()


@pytest.fixture
def world(database: Database) -> World:
    return World(database)
