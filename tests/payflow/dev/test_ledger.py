"""`payflow ledger verify`: quiet over true books, exit 1 and the offending ids over false ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from uuid import uuid4

import asyncpg
import pytest

from payflow.dev.testing import MakeDatabase
from tests.subgraphs.conftest import migration_of


def verify(url: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "payflow", "ledger", "verify", *options]
    environment = {**os.environ, "PAYFLOW_WALLET_DATABASE_URL": url}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
async def url(make_database: MakeDatabase) -> str:
    """A wallet's database, empty."""
    return await make_database("wallet", prepare=migration_of("wallet"))


def test_true_books(url: str) -> None:
    """One sentence, or for scripts an empty list; exit 0."""
    told, data = verify(url), verify(url, "--json")

    assert (told.returncode, data.returncode) == (0, 0)
    assert "The ledger balances" in told.stdout
    assert json.loads(data.stdout) == {"ok": True, "violations": []}


async def test_money_from_nowhere(url: str) -> None:
    """A balance that no entry explains is found, by the account's id, though it was written behind the triggers' back."""
    account = uuid4()
    owner = await asyncpg.connect(url)
    await owner.execute("ALTER TABLE account DISABLE TRIGGER USER")
    await owner.execute(
        "INSERT INTO account (id, owner_id, kind, currency, posted, floor) VALUES ($1, $2, 'USER', 'USD', 5, 0)",
        account,
        uuid4(),
    )
    await owner.close()

    told, data = verify(url), verify(url, "--json")

    assert (told.returncode, data.returncode) == (1, 1)
    assert str(account) in told.stdout
    found = {(violation["invariant"], violation["subject"]) for violation in json.loads(data.stdout)["violations"]}
    assert {("I1", "USD"), ("I3", str(account))} <= found


def test_no_database() -> None:
    """Where nothing answers, one sentence says what to do."""
    done = verify("postgresql://nobody:secret@127.0.0.1:1/none")

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "payflow up" in done.stderr
    assert "secret" not in done.stderr
