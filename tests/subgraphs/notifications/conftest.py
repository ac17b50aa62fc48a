"""What the notifications tests share: a database, and a service that writes into it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from payflow.kernel import db
from payflow.kernel.db import Database
from payflow.kernel.hints import MemoryHints
from tests.subgraphs.conftest import MakeSettings


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dozens that come at once are not too many for a machine that is only slow: each gets its connection in the end."""
    monkeypatch.setattr(db, "POOL_WAIT_S", 60.0)


@pytest.fixture
async def database(make_settings: MakeSettings) -> AsyncIterator[Database]:
    database = Database((await make_settings("notifications")).database_url("notifications"))
    yield database
    await database.close()


@pytest.fixture
def hints() -> MemoryHints:
    return MemoryHints()
