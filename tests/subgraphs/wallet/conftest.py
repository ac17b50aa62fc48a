"""Migrated wallet databases, and worlds over them.

Most tests share a database, since each makes wallets of its own; those that damage or count everything have one to themselves.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from payflow.dev.testing import DatabaseFactory
from payflow.kernel.db import Database
from payflow.kernel.hints import MemoryHints
from payflow.kernel.settings import Settings
from subgraphs.wallet.app import create_app
from tests.subgraphs.conftest import MakeSettings, migration_of
from tests.subgraphs.harness import Client, Keys, running
from tests.subgraphs.wallet.people import People
from tests.subgraphs.wallet.world import World


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_url(database_factory: DatabaseFactory) -> str:
    """The URL of the database that the tests share."""
    return await database_factory.make("wallet", prepare=migration_of("wallet"))


@pytest.fixture
async def world(shared_url: str, database_factory: DatabaseFactory) -> AsyncIterator[World]:
    """A world among others."""
    world = World.over(Database(shared_url), owner_url=database_factory.owner_url(shared_url))
    yield world
    await world.close()


@pytest.fixture
async def own_settings(make_settings: MakeSettings) -> Settings:
    """Settings with a database for this test alone."""
    return await make_settings("wallet")


@pytest.fixture
async def database(own_settings: Settings) -> AsyncIterator[Database]:
    """A database for this test alone, as the service sees it."""
    database = Database(own_settings.database_url("wallet"))
    yield database
    await database.close()


@pytest.fixture
async def owner_database(own_settings: Settings) -> AsyncIterator[Database]:
    """The same database, as its owner sees it."""
    database = Database(own_settings.owner_database_url("wallet"))
    yield database
    await database.close()


@pytest.fixture
async def own_world(database: Database, own_settings: Settings) -> AsyncIterator[World]:
    """A world that nobody else is in."""
    world = World.over(database, owner_url=own_settings.owner_database_url("wallet"))
    yield world
    await world.ledger.close()


@pytest.fixture
def settings(shared_url: str, keys: Keys) -> Settings:
    return Settings(
        wallet_database_url=shared_url, jwks_url=keys.jwks_url, service_jwks_file=keys.folder / "service-jwks.json"
    )


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[Client]:
    async with running(create_app(settings, hints=MemoryHints())) as client:
        yield client


@pytest.fixture
def people(client: Client, keys: Keys) -> People:
    return People(client, keys)
