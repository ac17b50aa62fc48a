"""The place where the matrix runs: one pair of databases, one broker and one nursery for all cells of a worker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from payflow.dev.postgres import PostgresServer
from payflow.dev.testing import DatabaseFactory
from tests.failpoints import nursery as nurseries
from tests.failpoints.case import BALANCE
from tests.failpoints.cell import run
from tests.failpoints.checks import HISTORY, assert_audit
from tests.failpoints.matrix import Cell
from tests.failpoints.nursery import Nursery
from tests.failpoints.people import Couple, couples
from tests.failpoints.process import Place, connected
from tests.subgraphs.conftest import keys, migration_of
from tests.subgraphs.harness import Keys

__all__ = ["keys"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def place(
    database_factory: DatabaseFactory,
    postgres_server: PostgresServer,
    keys: Keys,
    tmp_path_factory: pytest.TempPathFactory,
) -> Place:
    """Migrated databases, transactions' with a memory of every state."""
    wallet = await database_factory.make("wallet", prepare=migration_of("wallet"))
    transactions = await database_factory.make("transactions", prepare=migration_of("transactions"))
    place = Place(
        wallet_url=wallet,
        transactions_url=transactions,
        superuser_wallet_url=postgres_server.url(_name(wallet)),
        superuser_transactions_url=postgres_server.url(_name(transactions)),
        jwks_url=keys.jwks_url,
        keys=str(keys.folder),
        broker=str(tmp_path_factory.mktemp("broker")),
    )
    async with connected(place.superuser_transactions_url) as database:
        await database.execute(HISTORY)
    return place


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """The process whose children are killed."""
    with (tmp_path_factory.mktemp("nursery") / "log").open("ab") as log:
        nursery = nurseries.start(log)
        yield nursery
        nursery.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def pairs(request: pytest.FixtureRequest, place: Place, keys: Keys) -> Iterator[Couple]:
    """Two people for each test of the file; they are opened together, since that takes a wallet service."""
    tests = sum(item.getparent(pytest.Module) is request.node for item in request.session.items)
    return iter(await couples(place, keys, tests, balance=BALANCE))


@dataclass(frozen=True, slots=True)
class Matrix:
    """Runs cells."""

    place: Place
    couple: Couple
    nursery: Nursery
    folder: Path

    async def run(self, cell: Cell) -> None:
        await run(cell, self.place, self.couple, self.nursery, self.folder)

    async def audit(self) -> None:
        """Raises AssertionError where the books are wrong."""
        await assert_audit(self.place)


@pytest.fixture
def matrix(place: Place, pairs: Iterator[Couple], nursery: Nursery, tmp_path: Path) -> Matrix:
    """The matrix, ready to run a cell."""
    return Matrix(place, next(pairs), nursery, tmp_path)


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")
