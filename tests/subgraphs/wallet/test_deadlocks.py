"""Money both ways between wallets, through several processes' worth of ledgers, never runs in a circle."""

from __future__ import annotations

from payflow.dev.testing import DatabaseFactory
from tests.subgraphs.conftest import migration_of
from tests.subgraphs.wallet import deadlocks

SECONDS = 6  # each thousand transfers and more


async def test_no_deadlock_in_random_transfers(database_factory: DatabaseFactory) -> None:
    """Holds, captures, releases, deposits and withdrawals over twenty wallets: no error comes out, PostgreSQL breaks no deadlock."""
    url = await database_factory.make("wallet", prepare=migration_of("wallet"))

    tally = await deadlocks.run(url, seconds=SECONDS, seed=1)

    assert not tally.surfaced, tally
    assert tally.deadlocks == 0, tally
    assert tally.retries["40P01"] == 0, tally
    assert tally.transfers > 100, tally
