"""The world of the transactions service as fixtures, by itself and behind its application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from payflow.kernel.hints import MemoryHints
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.harness import Keys
from tests.subgraphs.transactions.stage import Stage, staged
from tests.subgraphs.transactions.world import QUICK, World, make_world


@pytest.fixture
async def world(make_settings: MakeSettings) -> AsyncIterator[World]:
    async with make_world((await make_settings("transactions")).database_url("transactions")) as world:
        yield world


@pytest.fixture
async def unhurried(make_settings: MakeSettings) -> AsyncIterator[World]:
    """The world with leases that last, however slow the machine is: nobody takes up what is still being tried, so tries can be counted."""
    url = (await make_settings("transactions")).database_url("transactions")
    async with make_world(url, replace(QUICK, lease=60.0)) as world:
        yield world


@pytest.fixture
async def hasty(make_settings: MakeSettings) -> AsyncIterator[World]:
    """The world with clients who wait too briefly for what does not go at once: they are answered that it is pending."""
    url = (await make_settings("transactions")).database_url("transactions")
    async with make_world(url, replace(QUICK, answer=0.2)) as world:
        yield world


@pytest.fixture
async def stage(make_settings: MakeSettings, keys: Keys) -> AsyncIterator[Stage]:
    async with staged(await make_settings("transactions"), keys, hints=MemoryHints()) as stage:
        yield stage
