"""Makes large ledgers by rule, the same each time: deposits, then payments by hold and capture between wallets, chained as posting does.

The audit chain is computed here in Python, by the format that `entry_chain` has in SQL, so each checks the other.
"""

from __future__ import annotations

import hashlib
import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from payflow.kernel.ids import derived_id

SEED = 20_261_123
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
STEP = timedelta(milliseconds=20)
LIFETIME = timedelta(days=1)
DEPOSIT = 100_000_000
SHARDS = 16
ENTRIES_PER_WALLET = 50  # on average
ENTRIES_PER_PAYMENT = 3  # one of the hold, two of the capture
_POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

BOOKS = {
    "account": "id owner_id kind currency posted held floor seq last_at created_at shard chain",
    "journal": "id kind transfer_id currency amount at effective_at",
    "entry": "account_id seq journal_id delta_posted delta_held posted_after held_after at chain",
    "hold": "id account_id payee_id transfer_id amount captured expires_at created_at",
    "idempotency": "scope key outcome ref result at",
}
SAGAS = {
    "transfers": "id payer_id payee_id from_wallet_id to_wallet_id amount currency state version attempt created_at ended_at",
    "transfer_steps": "transfer_id name status attempts started_at finished_at",
}
COLUMNS = BOOKS | SAGAS
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(slots=True)
class _Account:
    """An account as it grows."""

    id: UUID
    owner_id: UUID | None
    shard: int = 0
    posted: int = 0
    held: int = 0
    seq: int = 0
    at: datetime | None = None
    chain: bytes = b""

    def post(self, journal: UUID, posted: int, held: int, at: datetime) -> tuple[Any, ...]:
        """Move it; answers the entry's row."""
        self.posted, self.held, self.seq, self.at = self.posted + posted, self.held + held, self.seq + 1, at
        moved = (posted, held, self.posted, self.held, (at - _POSTGRES_EPOCH) // _MICROSECOND)
        content = self.id.bytes + struct.pack(">q", self.seq) + journal.bytes + struct.pack(">5q", *moved)
        self.chain = hashlib.sha256(self.chain + content).digest()
        return (self.id, self.seq, journal, posted, held, self.posted, self.held, at, self.chain)

    @property
    def row(self) -> tuple[Any, ...]:
        kind, floor = ("EXTERNAL", None) if self.owner_id is None else ("USER", 0)
        stands = (self.posted, self.held, floor, self.seq, self.at)
        return (self.id, self.owner_id, kind, "USD", *stands, BEGINNING, self.shard, self.chain)


@dataclass(slots=True)
class MadeLedger:
    """Rows by table, of the wallet's database and of the transactions'."""

    books: Rows = field(default_factory=lambda: {table: [] for table in BOOKS})
    sagas: Rows = field(default_factory=lambda: {table: [] for table in SAGAS})


def make_ledger(entries: int) -> MadeLedger:
    """A true ledger of at least so many entries, in whole payments. Same number, same ledger."""
    chance = random.Random(SEED)
    made, clock = MadeLedger(), _clock()
    wallets = [_Account(_id(chance), _id(chance)) for _ in range(max(2, entries // ENTRIES_PER_WALLET))]
    outside = [_Account(_id(chance), None, shard) for shard in range(SHARDS)]
    for wallet in wallets:
        _deposit(made, wallet, chance.choice(outside), _id(chance), next(clock))
    while len(made.books["entry"]) < entries:
        payer, payee = chance.sample(wallets, 2)
        _payment(made, payer, payee, chance.randint(1, 5_000), _id(chance), (next(clock), next(clock)))
    made.books["account"] = [account.row for account in (*wallets, *outside)]
    return made


async def load(url: str, tables: Rows) -> None:
    """Copy them into an empty, migrated database, whose triggers look away meanwhile: `url` is the superuser's."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET session_replication_role = replica")
        for table, rows in tables.items():
            await connection.copy_records_to_table(table, columns=COLUMNS[table].split(), records=rows)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


def _deposit(made: MadeLedger, wallet: _Account, outside: _Account, journal: UUID, at: datetime) -> None:
    made.books["journal"].append((journal, "DEPOSIT", None, "USD", DEPOSIT, at, at))
    made.books["entry"] += [outside.post(journal, -DEPOSIT, 0, at), wallet.post(journal, DEPOSIT, 0, at)]
    made.books["idempotency"].append((f"deposit:{wallet.owner_id}", "first", "OK", journal, "{}", at))


def _payment(
    made: MadeLedger, payer: _Account, payee: _Account, amount: int, transfer: UUID, at: tuple[datetime, datetime]
) -> None:
    placed, captured = at
    hold, placing, capture = (derived_id(transfer, name) for name in ("HOLD", "placing", "capturing"))
    made.books["hold"].append((hold, payer.id, payee.id, transfer, amount, amount, placed + LIFETIME, placed))
    made.books["journal"] += [
        (placing, "HOLD", transfer, "USD", amount, placed, placed),
        (capture, "CAPTURE", transfer, "USD", amount, captured, captured),
    ]
    made.books["entry"] += [
        payer.post(placing, 0, amount, placed),
        payer.post(capture, -amount, -amount, captured),
        payee.post(capture, amount, 0, captured),
    ]
    made.books["idempotency"] += [
        ("hold", str(hold), "OK", hold, "{}", placed),
        ("capture", str(hold), "OK", capture, "{}", captured),
    ]
    parties = (payer.owner_id, payee.owner_id, payer.id, payee.id)
    made.sagas["transfers"].append((transfer, *parties, amount, "USD", "COMPLETED", 3, 1, placed, captured))
    made.sagas["transfer_steps"] += [
        (transfer, "HOLD", "DONE", 1, placed, placed),
        (transfer, "CAPTURE", "DONE", 1, placed, captured),
    ]


def _clock() -> Iterator[datetime]:
    at = BEGINNING
    while True:
        at += STEP
        yield at


def _id(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)
