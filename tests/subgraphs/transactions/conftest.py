"""The world of the transactions service as a fixture."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.transactions.world import World, make_world


@pytest.fixture
async def world(make_settings: MakeSettings) -> AsyncIterator[World]:
    async with make_world((await make_settings("transactions")).database_url("transactions")) as world:
        yield world
