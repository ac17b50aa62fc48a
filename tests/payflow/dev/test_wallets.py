"""`payflow wallets …`, `payflow ledger reverse` and `payflow ledger history`: an operator's acts are the ledger's, with name and reason."""

from __future__ import annotations

import asyncio
import json
import os
import pwd
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from typer.testing import CliRunner

from payflow.cli import app
from payflow.dev.testing import DatabaseFactory, MakeDatabase
from payflow.kernel.db import Database
from payflow.kernel.errors import PayflowError
from subgraphs.wallet.domain import Wallet
from tests.subgraphs.conftest import migration_of
from tests.subgraphs.wallet.world import World

OPERATOR = f"operator:{pwd.getpwuid(os.getuid()).pw_name}"


@pytest.fixture
async def url(make_database: MakeDatabase) -> str:
    """A wallet's database, empty."""
    return await make_database("wallet", prepare=migration_of("wallet"))


@pytest.fixture
async def world(url: str) -> AsyncIterator[World]:
    """A world in it."""
    world = World.over(Database(url))
    yield world
    await world.close()


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


async def payflow(url: str, *arguments: str) -> Done:
    """Run the command as `payflow.cli.main` does, in a thread, since it has a loop of its own; wide enough for every id."""
    environment = {"PAYFLOW_WALLET_DATABASE_URL": url, "COLUMNS": "300"}
    result = await asyncio.to_thread(CliRunner().invoke, app, arguments, env=environment)
    if isinstance(result.exception, PayflowError):
        return Done(1, result.stdout, f"{result.exception}\n")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Done(result.exit_code, result.stdout, result.stderr)


async def told(url: str, *arguments: str) -> Any:
    """What the command answers with --json; it must succeed."""
    done = await payflow(url, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


async def pair(world: World) -> tuple[Wallet, Wallet]:
    return await world.open(holding=1250), await world.open()


async def test_show(url: str, world: World) -> None:
    """Owner, status, what is in the wallet and what is on hold."""
    ada, bob = await pair(world)
    hold = await world.placed(ada, bob, 250)

    shown, said = await told(url, "wallets", "show", str(ada.id)), await payflow(url, "wallets", "show", str(ada.id))

    assert (shown["id"], shown["owner"], shown["status"]) == (str(ada.id), str(ada.owner_id), "OPEN")
    assert (shown["posted"], shown["held"], shown["available"]) == (1250, 250, 1000)
    assert [(one["id"], one["remaining"]) for one in shown["holds"]] == [(str(hold.id), 250)]
    assert "available $10.00 + held $2.50 = $12.50" in said.stdout
    assert str(hold.id) in said.stdout


async def test_freeze_unfreeze_close(url: str, world: World) -> None:
    """Each is done at once, and kept with who did it and why; what a wallet's state forbids is refused as it is to services."""
    ada, bob = await pair(world)

    frozen = await payflow(url, "wallets", "freeze", str(ada.id), "--reason", "case 4711")
    assert (frozen.returncode, frozen.stdout) == (0, f"Wallet {ada.id} is FROZEN, by {OPERATOR}.\n")
    full = await payflow(url, "wallets", "close", str(ada.id), "--reason", "asked for by letter")
    assert (full.returncode, "Only an empty wallet can be closed" in full.stderr) == (1, True)
    assert (await told(url, "wallets", "unfreeze", str(ada.id), "--reason", "all is well"))["status"] == "OPEN"
    assert (await told(url, "wallets", "close", str(bob.id), "--reason", "asked for by letter"))["status"] == "CLOSED"
    for verb in ("freeze", "unfreeze"):
        refused = await payflow(url, "wallets", verb, str(bob.id), "--reason", "too late")
        assert (refused.returncode, refused.stderr) == (
            1,
            "The wallet is closed, for ever: no money moves in or out.\n",
        )

    changes = (await told(url, "wallets", "show", str(ada.id)))["statusChanges"]
    assert [(one["from"], one["to"], one["actor"], one["reason"]) for one in changes] == [
        ("FROZEN", "OPEN", OPERATOR, "all is well"),
        ("OPEN", "FROZEN", OPERATOR, "case 4711"),
    ]
    said = (await payflow(url, "wallets", "show", str(ada.id))).stdout
    assert "case 4711" in said
    await world.assert_true()


async def test_doing_it_again_is_no_second_act(url: str, world: World) -> None:
    """A frozen wallet that is frozen again stays as it was, and so does the record of it."""
    ada, _ = await pair(world)

    for reason in ("once", "twice"):
        assert (await told(url, "wallets", "freeze", str(ada.id), "--reason", reason))["status"] == "FROZEN"

    assert [one["reason"] for one in (await told(url, "wallets", "show", str(ada.id)))["statusChanges"]] == ["once"]


async def test_reverse(url: str, world: World) -> None:
    """A deposit paid in twice is taken back once: by a journal that names it, the operator and the reason."""
    ada, _ = await pair(world)
    journal = str(await world.journal_of(ada))

    done = await payflow(url, "ledger", "reverse", journal, "--reason", "paid in twice")
    again = await payflow(url, "ledger", "reverse", journal, "--reason", "paid in twice")

    assert done.returncode == 0, done.stderr
    assert (again.returncode, "was reversed before" in again.stderr) == (1, True)
    newest = (await told(url, "ledger", "history", str(ada.id)))["entries"][0]
    assert (newest["kind"], newest["posted"], newest["postedAfter"]) == ("REVERSAL", -1250, 0)
    assert (newest["reverses"], newest["actor"], newest["reason"]) == (journal, OPERATOR, "paid in twice")
    assert newest["journal"] in done.stdout
    await world.assert_true()


async def test_a_reversal_takes_no_wallet_below_zero(url: str, world: World) -> None:
    """What has been spent cannot be taken back: both sums are told, and nothing has changed."""
    ada, _ = await pair(world)
    journal = str(await world.journal_of(ada))
    await world.withdraw(ada, 1000)

    refused = await payflow(url, "ledger", "reverse", journal, "--reason", "paid in twice")

    assert (refused.returncode, refused.stderr.strip()) == (
        1,
        "$12.50 is more than the $2.50 that is available.",
    )
    assert (await world.now(ada)).posted == 250


async def test_history(url: str, world: World) -> None:
    """Every change, holds included, newest first, a piece at a time; and the audit chain is whole."""
    ada, bob = await pair(world)
    hold = await world.placed(ada, bob, 250)
    await world.capture(hold.id)

    whole = await told(url, "ledger", "history", str(ada.id))
    older = await told(url, "ledger", "history", str(ada.id), "--last", "1", "--before", "3")
    said = await payflow(url, "ledger", "history", str(ada.id))

    assert whole["chainIsWhole"]
    assert [(one["seq"], one["kind"], one["posted"], one["held"]) for one in whole["entries"]] == [
        (3, "CAPTURE", -250, -250),
        (2, "HOLD", 0, 250),
        (1, "DEPOSIT", 1250, 0),
    ]
    assert [one["seq"] for one in older["entries"]] == [2]
    assert "The audit chain is whole" in said.stdout
    assert str(hold.transfer_id) in said.stdout


@pytest.mark.parametrize(
    ("forgery", "broken"),
    [
        ("UPDATE entry SET at = at - interval '1 s' WHERE account_id = $1 AND seq = 1", [1]),
        ("UPDATE entry SET chain = sha256(chain) WHERE account_id = $1 AND seq = 2", [3, 2]),
        ("UPDATE account SET chain = sha256(chain) WHERE id = $1", []),
    ],
)
async def test_history_tells_a_forgery(
    url: str, world: World, database_factory: DatabaseFactory, forgery: str, broken: list[int]
) -> None:
    """What was rewritten behind the triggers' back is told where it stands, with exit code 1."""
    ada, bob = await pair(world)
    await world.capture((await world.placed(ada, bob, 250)).id)
    owner = await asyncpg.connect(database_factory.owner_url(url))
    await owner.execute("ALTER TABLE entry DISABLE TRIGGER USER; ALTER TABLE account DISABLE TRIGGER USER")
    await owner.execute(forgery, ada.id)
    await owner.close()

    data = await payflow(url, "ledger", "history", str(ada.id), "--json")
    said = await payflow(url, "ledger", "history", str(ada.id))

    assert (data.returncode, said.returncode) == (1, 1)
    found = json.loads(data.stdout)
    assert not found["chainIsWhole"]
    assert [one["seq"] for one in found["entries"] if not one["chained"]] == broken
    assert "The audit chain is broken" in said.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("wallets", "show", str(UUID(int=7))), "There is no wallet with this id"),
        (("wallets", "freeze", str(UUID(int=7)), "--reason", "x"), "There is no wallet with this id"),
        (("wallets", "freeze", str(UUID(int=7)), "--reason", " "), "reason must have 1 to 500 characters"),
        (("ledger", "history", str(UUID(int=7))), "There is no wallet with this id"),
        (("ledger", "reverse", str(UUID(int=7)), "--reason", "x"), "There is no journal with this id"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
async def test_what_cannot_be_done_is_told_in_a_sentence(url: str, arguments: tuple[str, ...], sentence: str) -> None:
    """Exit 1, one line that says what is wrong."""
    done = await payflow(url, *arguments)

    assert done.returncode == 1
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


async def test_a_reason_is_required(url: str) -> None:
    """Nobody changes anything without saying why."""
    for arguments in (("wallets", "freeze", str(UUID(int=7))), ("ledger", "reverse", str(UUID(int=7)))):
        done = await payflow(url, *arguments)
        assert done.returncode == 2
        assert "--reason" in done.stderr


async def test_an_id_is_a_uuid(url: str) -> None:
    """What is none is refused before anybody is asked."""
    for arguments in (
        ("wallets", "show", "x"),
        ("ledger", "history", "x"),
        ("ledger", "reverse", "x", "--reason", "x"),
    ):
        done = await payflow(url, *arguments)
        assert done.returncode == 2
        assert "Input should be a valid UUID" in done.stderr


def test_no_database() -> None:
    """Where nothing answers, the program says in one sentence what to do, without the password."""
    url = "postgresql://nobody:secret@127.0.0.1:1/none"
    command = [sys.executable, "-m", "payflow", "wallets", "show", str(UUID(int=7))]
    environment = {**os.environ, "PAYFLOW_WALLET_DATABASE_URL": url}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 1
    assert "payflow up" in done.stderr
    assert done.stderr.count("\n") == 1
    assert "secret" not in done.stderr
