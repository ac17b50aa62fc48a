"""`payflow ledger verify`: quiet over true books, exit 1 and the offending ids over false ones, 2 where nobody answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from payflow.dev.testing import DatabaseFactory, MakeDatabase
from payflow.kernel.ids import new_id
from tests.subgraphs.conftest import migration_of
from tests.subgraphs.wallet.bookkeeper import Bookkeeper


def verify(databases: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "payflow", "ledger", "verify", *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAYFLOW_")}
    return subprocess.run(command, env=environment | databases, capture_output=True, text=True, check=False)


def told(databases: dict[str, str], *options: str) -> dict[str, Any]:
    """What the command says to scripts; its exit code agrees with it."""
    done = verify(databases, "--json", *options)
    said: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if said["ok"] else 1), done.stderr
    return said


@pytest.fixture
async def databases(make_database: MakeDatabase, database_factory: DatabaseFactory) -> dict[str, str]:
    """The variables that name the databases of a wallet and of its transactions, both empty."""
    wallet, transactions = [
        await make_database(service, prepare=migration_of(service)) for service in ("wallet", "transactions")
    ]
    return {
        "PAYFLOW_WALLET_DATABASE_URL": wallet,
        "PAYFLOW_WALLET_OWNER_DATABASE_URL": database_factory.owner_url(wallet),
        "PAYFLOW_TRANSACTIONS_DATABASE_URL": transactions,
    }


@pytest.fixture
def owner_url(databases: dict[str, str]) -> str:
    return databases["PAYFLOW_WALLET_OWNER_DATABASE_URL"]


async def a_wallet(owner_url: str) -> UUID:
    """One that 1000 were paid into."""
    connection = await asyncpg.connect(owner_url)
    wallet = await Bookkeeper(connection).open(holding=1000)
    await connection.close()
    return wallet


async def tamper(owner_url: str, statements: str, **known: object) -> None:
    connection = await asyncpg.connect(owner_url)
    await Bookkeeper(connection).tamper(statements, **known)
    await connection.close()


async def test_true_books(databases: dict[str, str], owner_url: str) -> None:
    """Every invariant is named with what it says, and for scripts it is said what was read; exit 0."""
    await a_wallet(owner_url)

    shown, said = verify(databases, "--full"), told(databases, "--full")

    assert shown.returncode == 0
    assert "The ledger balances" in shown.stdout
    assert all(f"│ {invariant} " in shown.stdout for invariant in ("I1", "I13", "S1", "S4"))
    assert said.pop("seconds") > 0
    accounts = 1 + 64  # the wallet, and the shards of what stands opposite
    checked = {"accounts": accounts, "journals": 1, "entries": 2, "holds": 0, "keys": 1, "transfers": 0}
    assert said == {"ok": True, "since": None, "checked": checked, "violations": []}


async def test_money_from_nowhere(databases: dict[str, str], owner_url: str) -> None:
    """A balance that no entry explains is found, by the account's id, each time until it is put right."""
    wallet = await a_wallet(owner_url)
    await tamper(owner_url, "UPDATE account SET posted = posted + 5 WHERE id = {wallet}", wallet=wallet)

    shown = verify(databases)
    for _ in range(2):
        found = told(databases)["violations"]
        assert [set(violation) for violation in found] == [{"invariant", "subject", "message"}] * 3
        assert {("I1", "USD"), ("I3", str(wallet))} <= {(one["invariant"], one["subject"]) for one in found}

    assert shown.returncode == 1
    assert str(wallet) in shown.stdout
    assert "I1" in shown.stdout


async def test_it_reads_on_from_where_it_found_nothing(databases: dict[str, str], owner_url: str) -> None:
    """The second run reads what came since, and says so; --full reads everything, --since from a moment on."""
    wallet = await a_wallet(owner_url)
    assert told(databases)["since"] is None
    await tamper(owner_url, "UPDATE account SET posted = posted + 5 WHERE id = {wallet}", wallet=wallet)

    second, full, moment = told(databases), told(databases, "--full"), told(databases, "--since", "2026-01-01T00:00:00")

    assert second["since"] is not None
    assert full["since"] is None
    assert moment["since"] == "2026-01-01T00:00:00+00:00"
    assert not second["ok"] | full["ok"] | moment["ok"]
    both = verify(databases, "--full", "--since", "2026-01-01T00:00:00")
    assert (both.returncode, both.stderr.count("\n")) == (1, 1)


async def test_a_hold_without_a_transfer(databases: dict[str, str], owner_url: str) -> None:
    """The books alone are true; beside the transfers, a hold that no saga has placed is found."""
    connection = await asyncpg.connect(owner_url)
    bookkeeper = Bookkeeper(connection)
    payer, payee = await bookkeeper.open(holding=100), await bookkeeper.open()
    hold = await bookkeeper.hold(payer, payee, 60, transfer=new_id())
    await connection.close()
    alone = {name: url for name, url in databases.items() if "TRANSACTIONS" not in name}

    assert [(one["invariant"], one["subject"]) for one in told(databases)["violations"]] == [("S2", str(hold))]
    without = told({**alone, "PAYFLOW_DATA_DIR": f"/nonexistent/{uuid4()}"})
    assert (without["ok"], without["checked"]["transfers"]) == (True, None)


def test_no_database() -> None:
    """Where nothing answers, one sentence says what to do, and the exit code is not that of false books."""
    done = verify({"PAYFLOW_WALLET_DATABASE_URL": "postgresql://nobody:secret@127.0.0.1:1/none"})

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "payflow up" in done.stderr
    assert "secret" not in done.stderr
