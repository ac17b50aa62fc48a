"""The posting function by itself: deposits, by the very statement that the wallet service sends, on the database of a platform."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from benchmarks.transfers.platform import Platform
from payflow.kernel.db import Database
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.wallet import service
from subgraphs.wallet.commands import Deposit, OpenWallet
from subgraphs.wallet.ledger import BATCH_MAX, LANES
from subgraphs.wallet.posting import POST, Posting, posting_of

WALLETS = 500  # so many that two who post at once rarely meet on one
CURRENCY = "USD"


@dataclass(frozen=True, slots=True)
class Owned:
    """A wallet and whose it is."""

    owner_id: UUID
    wallet_id: UUID


@dataclass(frozen=True, kw_only=True)
class Postings:
    """Postings a second."""

    cold: float  # one a call, anywhere
    hot: float  # one a call, all on one wallet
    hot_batched: float  # as the service sends them where many wait for one wallet


async def measure_postings(platform: Platform, *, clients: int, seconds: float) -> Postings:
    """Each case for so many seconds."""
    database = Database(platform.postgres.url("payflow_wallet"))
    try:
        wallets = [await _open(database) for _ in range(WALLETS)]
        draw = random.Random(7)

        def anywhere() -> Owned:
            return draw.choice(wallets)

        def here() -> Owned:
            return wallets[0]

        return Postings(
            cold=await _rate(database, anywhere, clients=clients, batch=1, seconds=seconds),
            hot=await _rate(database, here, clients=clients, batch=1, seconds=seconds),
            hot_batched=await _rate(database, here, clients=min(clients, LANES), batch=BATCH_MAX, seconds=seconds),
        )
    finally:
        await database.close()


async def _open(database: Database) -> Owned:
    owner_id = new_id()
    async with database.unit_of_work() as work:
        return Owned(owner_id, (await service.open_wallet(OpenWallet(owner_id, CURRENCY), work)).id)


async def _rate(database: Database, which: Callable[[], Owned], *, clients: int, batch: int, seconds: float) -> float:
    start, posted = time.perf_counter(), 0

    async def client() -> None:
        nonlocal posted
        while time.perf_counter() < start + seconds:
            rows = await database.call(POST, [_deposit(which()) for _ in range(batch)])
            _check([row["status"] for row in rows])
            posted += batch

    await asyncio.gather(*(client() for _ in range(clients)))
    return posted / (time.perf_counter() - start)


def _deposit(wallet: Owned) -> Posting:
    command = Deposit(wallet.owner_id, wallet.wallet_id, Money(100, CURRENCY), secrets.token_hex(16))
    return posting_of(command, not_after=None)


def _check(statuses: Sequence[str]) -> None:
    assert set(statuses) == {"OK"}, statuses
