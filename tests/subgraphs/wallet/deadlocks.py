"""`python -m tests.subgraphs.wallet.deadlocks --minutes 5`: money goes both ways between twenty wallets through several ledgers at once.

Locks are taken in one order everywhere, so PostgreSQL must never find a circle. It is asked itself (pg_stat_database), besides what the
ledgers saw: a deadlock that a retry has hidden counts.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from payflow.dev.testing import DatabaseFactory, running_postgres
from payflow.kernel.db import Database
from payflow.kernel.errors import Refusal
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.wallet.commands import CaptureHold, Deposit, PlaceHold, ReleaseHold, Withdraw
from subgraphs.wallet.domain import Wallet
from subgraphs.wallet.ledger import Ledger
from tests.subgraphs.conftest import migration_of
from tests.subgraphs.wallet.world import World

WALLETS = 20
LEDGERS = 4  # each with connections of its own, as a process has
PAYERS = 32  # at once, over all ledgers
_DEADLOCKS = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
STATISTICS_S = 1.2  # the server tells its statistics at least every second


@dataclass
class Tally:
    """What happened."""

    transfers: int = 0
    direct: int = 0
    refused: int = 0
    retries: Counter[str] = field(default_factory=Counter)  # calls that failed inside a ledger, by SQLSTATE
    surfaced: Counter[str] = field(default_factory=Counter)  # errors that a caller saw
    deadlocks: int = 0  # that PostgreSQL has broken

    def __str__(self) -> str:
        seen = f"retries inside {dict(self.retries)}, errors surfaced {dict(self.surfaced)}, deadlocks {self.deadlocks}"
        return f"transfers {self.transfers}, direct commands {self.direct}, refused {self.refused}, {seen}"


class Watched(Database):
    """Counts the calls that fail, by what the server says."""

    def __init__(self, url: str, tally: Tally) -> None:
        super().__init__(url)
        self.tally = tally

    async def call(self, statement: str, *arguments: object) -> list[Any]:
        try:
            return await super().call(statement, *arguments)
        except Exception as error:
            cause = getattr(error, "orig", None) or getattr(error.__cause__, "orig", None) or error
            self.tally.retries[getattr(cause, "sqlstate", None) or type(cause).__name__] += 1
            raise


async def run(url: str, *, seconds: float, seed: int) -> Tally:
    """Pay at random for so long; what came of it. Leaves books that are true."""
    tally = Tally()
    async with AsyncExitStack() as stack:
        worlds = [World.over(Watched(url, tally)) for _ in range(LEDGERS)]
        for world in worlds:
            stack.push_async_callback(world.close)
        wallets = [await worlds[0].open(holding=10_000) for _ in range(WALLETS)]
        before = await _deadlocks(worlds[0])
        until = time.monotonic() + seconds
        payers = [
            _pay(random.Random(f"{seed} {number}"), worlds[number % LEDGERS].ledger, wallets, tally, until)
            for number in range(PAYERS)
        ]
        await asyncio.gather(*payers)
        await asyncio.sleep(STATISTICS_S)
        tally.deadlocks = await _deadlocks(worlds[0]) - before
        await worlds[0].assert_true()
    return tally


async def _deadlocks(world: World) -> int:
    async with world.database.read() as connection:
        return int((await connection.execute(_DEADLOCKS)).scalar_one())


async def _pay(chance: random.Random, ledger: Ledger, wallets: Sequence[Wallet], tally: Tally, until: float) -> None:
    while time.monotonic() < until:
        payer, payee = chance.sample(wallets, 2)
        try:
            if chance.random() < 0.75:
                await _transfer(chance, ledger, payer, payee)
                tally.transfers += 1
            else:
                command = chance.choice((Deposit, Withdraw))
                await ledger.post(command(payer.owner_id, payer.id, Money(chance.randint(1, 99), "USD"), new_id().hex))
                tally.direct += 1
        except Refusal:
            tally.refused += 1
        except Exception as error:  # whatever a caller sees is what is looked for here
            tally.surfaced[f"{type(error).__name__}: {error}"[:200]] += 1


async def _transfer(chance: random.Random, ledger: Ledger, payer: Wallet, payee: Wallet) -> None:
    hold = PlaceHold(
        id=new_id(),
        payer_id=payer.owner_id,
        from_wallet_id=payer.id,
        to_wallet_id=payee.id,
        amount=Money(chance.randint(1, 500), "USD"),
        transfer_id=new_id(),
        expires_in_s=3600,
    )
    await ledger.post(hold)
    await ledger.post(CaptureHold(hold_id=hold.id) if chance.random() < 0.9 else ReleaseHold(hold_id=hold.id))


def main() -> int:
    """Exit code 1 where there was a deadlock or an error."""
    parser = argparse.ArgumentParser(prog="python -m tests.subgraphs.wallet.deadlocks", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with running_postgres() as server, asyncio.Runner() as runner:
        url = runner.run(DatabaseFactory(server).make("wallet", prepare=migration_of("wallet")))
        tally = runner.run(run(url, seconds=options.minutes * 60, seed=options.seed))
    sys.stdout.write(f"{tally}\n")
    return 1 if tally.deadlocks or tally.surfaced else 0


if __name__ == "__main__":
    sys.exit(main())
