"""`payflow transfers review`: list, show, resume, cancel, as an operator types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from payflow.dev.testing import MakeDatabase
from payflow.dev.wallet_desk import operator
from payflow.kernel.ids import new_id
from subgraphs.transactions import store
from subgraphs.transactions.domain import Step, Transfer
from subgraphs.transactions.fake_gateways import Fault
from tests.subgraphs.conftest import migration_of
from tests.subgraphs.transactions.world import World, make_world


@dataclass(frozen=True)
class Desk:
    """A database with a world in it, and the command line before it."""

    url: str
    world: World

    def review(self, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "payflow", "transfers", "review", *words]
        environment = {**os.environ, "PAYFLOW_TRANSACTIONS_DATABASE_URL": self.url, "COLUMNS": "200", **environ}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    async def escalated(self) -> Transfer:
        """A transfer whose capture was handed to a person."""
        self.world.network.disturb(Step.CAPTURE, Fault.LOSE_REQUEST)
        transfer = await self.world.transfers.send(self.world.order())
        transfer = await self.read(transfer)
        assert await store.escalate(
            self.world.database,
            transfer,
            error="No answer.",
            reason="no answer from the wallet",
            now=transfer.created_at,
        )
        return await self.read(transfer)

    async def read(self, transfer: Transfer) -> Transfer:
        async with self.world.database.read() as connection:
            return (await store.by_ids(connection, [transfer.id]))[transfer.id]


@pytest.fixture
async def desk(make_database: MakeDatabase) -> AsyncIterator[Desk]:
    url = await make_database("transactions", prepare=migration_of("transactions"))
    async with make_world(url) as world:
        yield Desk(url, world)


async def test_nothing_waits(desk: Desk) -> None:
    """One sentence, or for scripts an empty list."""
    told, data = desk.review("list"), desk.review("list", "--json")

    assert (told.returncode, told.stdout.strip()) == (0, "Nothing waits for a decision.")
    assert json.loads(data.stdout) == []


async def test_a_decision_from_list_to_end(desk: Desk) -> None:
    """What is listed can be shown and resumed, says so, is gone from the list, and to repeat it changes nothing."""
    transfer = await desk.escalated()
    (listed,) = json.loads(desk.review("list", "--json").stdout)
    assert (listed["id"], listed["state"], listed["escalatedFrom"]) == (str(transfer.id), "REVIEW", "CAPTURING")
    assert str(transfer.id) in desk.review("list").stdout
    assert "no answer from the wallet" in desk.review("show", listed["id"]).stdout

    words = ("resume", listed["id"], "--reason", "the wallet is back", "--by", "Grace", "--json")
    first, again = desk.review(*words), desk.review(*words)

    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert json.loads(first.stdout) == json.loads(again.stdout)
    assert json.loads(first.stdout)["state"] == "CAPTURING"
    reviews = [(line["event"], line["actor"], line["reason"]) for line in json.loads(first.stdout)["reviews"]]
    assert reviews == [
        ("ESCALATED", "saga", "no answer from the wallet"),
        ("RESUMED", f"Grace ({operator()})", "the wallet is back"),
    ]
    assert json.loads(desk.review("list", "--json").stdout) == []


async def test_what_cannot_be_decided_is_said_in_one_sentence(desk: Desk) -> None:
    """Another decision than the one taken, an unknown transfer, and no reason: exit 1 or 2, and no stack trace."""
    transfer = await desk.escalated()
    pretended = {"LOGNAME": "somebody-else", "USER": "somebody-else"}  # the environment could name anybody
    assert desk.review("cancel", str(transfer.id), "--reason", "the payer called", **pretended).returncode == 0

    otherwise = desk.review("resume", str(transfer.id), "--reason", "changed my mind")
    unknown = desk.review("cancel", str(new_id()), "--reason", "why not")
    speechless = desk.review("cancel", str(transfer.id))

    assert (otherwise.returncode, unknown.returncode, speechless.returncode) == (1, 1, 2)
    assert f"was cancelled by {operator()}" in otherwise.stderr
    assert "There is no transfer" in unknown.stderr
    assert "--reason" in speechless.stderr
    assert "Traceback" not in otherwise.stderr + unknown.stderr + speechless.stderr


def test_no_database() -> None:
    """Where nothing answers, one sentence says what to do, and tells no password."""
    environment = {**os.environ, "PAYFLOW_TRANSACTIONS_DATABASE_URL": "postgresql://nobody:secret@127.0.0.1:1/none"}
    command = [sys.executable, "-m", "payflow", "transfers", "review", "list"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "payflow up" in done.stderr
    assert "secret" not in done.stderr
