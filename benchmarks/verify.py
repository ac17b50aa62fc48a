"""How long `payflow ledger verify` takes over a large ledger, all of it and the little that was added since.

    python -m benchmarks.verify --entries 1000000

Makes the ledger by rule (benchmarks/ledgers.py) in a PostgreSQL of its own, with the transfers that it came from.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ledgers import load, make_ledger
from payflow.dev.postgres import PostgresServer
from payflow.dev.testing import DatabaseFactory, running_postgres
from payflow.kernel.audit import Violation
from payflow.kernel.db import Database
from payflow.kernel.migrate import migrate
from subgraphs.transactions import audit as sagas
from subgraphs.wallet import audit as books

REPOSITORY = Path(__file__).parent.parent


@dataclass(frozen=True)
class Timed:
    """A verification: seconds of the books' part and of the sagas', and what was found."""

    books: float
    sagas: float
    violations: list[Violation]

    @property
    def told(self) -> str:
        found = "nothing found" if not self.violations else f"{len(self.violations)} VIOLATIONS: {self.violations[0]}"
        return f"{self.books + self.sagas:6.1f} s  (books {self.books:.1f} s, transfers {self.sagas:.1f} s; {found})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=1_000_000)
    entries = parser.parse_args().entries
    with running_postgres() as server:
        asyncio.run(measure(server, entries))


async def measure(server: PostgresServer, entries: int) -> None:
    """Print the figures."""
    factory = DatabaseFactory(server)
    wallet_url, transactions_url = [
        factory.owner_url(await factory.make(service, prepare=_migration(service)))
        for service in ("wallet", "transactions")
    ]
    made = make_ledger(entries)
    await load(_as_superuser(server, wallet_url), made.books)
    await load(_as_superuser(server, transactions_url), made.sagas)
    wallet, transactions = Database(wallet_url), Database(transactions_url)
    print(
        f"{len(made.books['entry']):,} entries, {len(made.sagas['transfers']):,} transfers; load {os.getloadavg()[0]:.1f}"
    )
    print("everything       ", (await timed(wallet, transactions, full=True)).told)
    print("since the last   ", (await timed(wallet, transactions, full=False)).told)
    for database in (wallet, transactions):
        await database.close()


async def timed(wallet: Database, transactions: Database, *, full: bool) -> Timed:
    """One verification, as the command makes it."""
    async with sagas.opened(transactions) as transfers, books.opened(wallet, full=full) as ledger:
        begun = time.perf_counter()
        violations = await ledger.violations()
        between = time.perf_counter()
        violations += await transfers.violations(ledger, since=ledger.since)
        ended = time.perf_counter()
        await ledger.keep_marks()
    return Timed(between - begun, ended - between, violations)


def _migration(service: str) -> Callable[[str], Awaitable[None]]:
    async def prepare(url: str) -> None:
        database = Database(url)
        await migrate(database, REPOSITORY / "subgraphs" / service / "migrations")
        await database.close()

    return prepare


def _as_superuser(server: PostgresServer, url: str) -> str:
    return server.url(url.partition("?")[0].rpartition("/")[2])


if __name__ == "__main__":
    main()
