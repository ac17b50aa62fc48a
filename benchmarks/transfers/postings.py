"""The posting function by itself: deposits, one a call by pgbench as its own transactions are, and batched as the wallet service does.

They go to a database of their own, where nobody sequences what they mark: what that costs is in the whole transfers. tpcb and postings
take turns, and each counts by its median, since a machine is not equally fast for long.
"""

from __future__ import annotations

import asyncio
import secrets
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from benchmarks.transfers.platform import Platform
from benchmarks.transfers.tpcb import make_database, pgbench_rate, prepare_tpcb, tpcb_rate
from payflow.kernel.db import Database
from payflow.kernel.migrate import migrate
from payflow.kernel.money import Money
from subgraphs import wallet
from subgraphs.wallet.commands import Deposit
from subgraphs.wallet.ledger import BATCH_MAX, LANES
from subgraphs.wallet.posting import POST, Posting, posting_of

DATABASE = "postings"
MIGRATIONS = Path(wallet.__file__).parent / "migrations"
ROUNDS = 5
WALLETS = 10_000  # so many that two who post at once rarely meet on one
CURRENCY = "USD"

# A wallet's id, and its owner's, follow from its number.
_ID = "('00000000-0000-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"
_OPEN = "SELECT open_wallet(id, id, $1) FROM generate_series(1, $2::int) AS number, LATERAL (SELECT {id}) AS named (id)"
_DEPOSIT = """\
\\set number random(1, {wallets})
\\set key random(1, 9000000000000000000)
SELECT status FROM post(ARRAY[posting_of(
    'DEPOSIT', journal_id => uuidv7(), scope => 'benchmark', key => (:key)::text, fingerprint => '',
    wallet_id => {id}, owner_id => {id}, currency => '{currency}', amount => 100
)]);
"""


@dataclass(frozen=True, kw_only=True)
class Postings:
    """Postings a second, and beside them what pgbench's tpcb-like came to."""

    tpcb: float
    cold: float  # one a call, anywhere
    hot: float  # one a call, all on one wallet
    hot_batched: float  # as the service sends them where many wait for one wallet


async def measure_postings(platform: Platform, *, clients: int, seconds: float) -> Postings:
    """Each case for so many seconds in all."""
    await prepare_tpcb(platform)
    await make_database(platform, DATABASE)
    database = Database(platform.postgres.url(DATABASE))
    try:
        await migrate(database, MIGRATIONS)
        await database.call(_OPEN.format(id=_ID.format(number="number")), CURRENCY, WALLETS)
        tpcb, cold = await _in_turns(platform, clients=clients, seconds=seconds / ROUNDS)
        return Postings(
            tpcb=tpcb,
            cold=cold,
            hot=await _singles(platform, wallets=1, clients=clients, seconds=seconds),
            hot_batched=await _batches(database, clients=min(clients, LANES), seconds=seconds),
        )
    finally:
        await database.close()


async def _in_turns(platform: Platform, *, clients: int, seconds: float) -> tuple[float, float]:
    rounds = [
        (
            await asyncio.to_thread(tpcb_rate, platform, clients=clients, seconds=seconds),
            await _singles(platform, wallets=WALLETS, clients=clients, seconds=seconds),
        )
        for _ in range(ROUNDS)
    ]
    tpcb, cold = (statistics.median(rates) for rates in zip(*rounds, strict=True))
    return tpcb, cold


async def _singles(platform: Platform, *, wallets: int, clients: int, seconds: float) -> float:
    with tempfile.NamedTemporaryFile("w", suffix=".pgbench") as script:
        script.write(_DEPOSIT.format(wallets=wallets, id=_ID.format(number=":number::int"), currency=CURRENCY))
        script.flush()
        return await asyncio.to_thread(
            pgbench_rate, platform, DATABASE, "--file", script.name, clients=clients, seconds=seconds
        )


async def _batches(database: Database, *, clients: int, seconds: float) -> float:
    start, posted = time.perf_counter(), 0

    async def client() -> None:
        nonlocal posted
        while time.perf_counter() < start + seconds:
            rows = await database.call(POST, [_deposit() for _ in range(BATCH_MAX)])
            _check([row["status"] for row in rows])
            posted += BATCH_MAX

    await asyncio.gather(*(client() for _ in range(clients)))
    return posted / (time.perf_counter() - start)


def _deposit() -> Posting:
    first = UUID("00000000-0000-7000-8000-000000000001")
    return posting_of(Deposit(first, first, Money(100, CURRENCY), secrets.token_hex(16)), not_after=None)


def _check(statuses: Sequence[str]) -> None:
    assert set(statuses) == {"OK"}, statuses
