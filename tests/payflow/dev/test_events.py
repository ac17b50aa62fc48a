"""`payflow events`: dead letters, parked events, lag and replay, as an operator types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import select

from consumers import replaying
from consumers.broker import Message
from consumers.delivery import Delivery
from consumers.handlers import Happened, Listener
from consumers.memory import MemoryBroker, MemoryConsumer, MemoryPublisher
from consumers.redriver import Redriver
from consumers.runner import Runner
from payflow.dev.testing import MakeDatabase
from payflow.events.envelope import EventData
from payflow.events.transfers import TOPIC, TransferCompleted
from payflow.kernel.db import Database, UnitOfWork
from payflow.kernel.errors import DependencyUnavailable, Refusal
from subgraphs.rewards.tables import consuming
from tests.consumers.world import completed, count, record_of
from tests.subgraphs.conftest import migration_of


@dataclass
class Desk:
    """The databases, the command line before them, and a consumer of rewards that refuses everything until told otherwise."""

    environment: dict[str, str]
    database: Database
    error: Exception | None = field(default_factory=lambda: Refusal("The wallet is closed."))
    told: list[EventData] = field(default_factory=list)

    @property
    def delivery(self) -> Delivery:
        listener = Listener(events=[TransferCompleted], handle=self._handle)
        return Delivery(consumer="rewards", database=self.database, tables=consuming, listener=listener)

    def events(self, *words: str, **others: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "payflow", "events", *words]
        environment = {**self.environment, **others}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    def asked(self, *words: str, **others: str) -> Any:
        done = self.events(*words, "--json", **others)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    async def bury(self) -> tuple[TransferCompleted, str]:
        """An event that became a dead letter, and the letter's id."""
        data = completed()
        record = record_of(data)
        message = Message(TOPIC, 0, 0, record.key, orjson.dumps(record.value))
        await self.delivery.bury(message, Refusal("The wallet is closed."))
        async with self.database.read() as connection:
            query = select(consuming.dead_letters.c.id).where(consuming.dead_letters.c.key == record.key)
            return data, str((await connection.execute(query)).scalar_one())

    async def _handle(self, events: Sequence[Happened], work: UnitOfWork) -> None:
        if self.error is not None:
            raise self.error
        work.after_commit(lambda: self.told.extend(event.data for event in events))


@pytest.fixture
async def desk(make_database: MakeDatabase) -> AsyncIterator[Desk]:
    services = ("rewards", "notifications", "transactions", "users", "wallet")
    urls = {service: await make_database(service, prepare=migration_of(service)) for service in services}
    names = {f"PAYFLOW_{service.upper()}_DATABASE_URL": url for service, url in urls.items()}
    database = Database(urls["rewards"])
    yield Desk({**os.environ, **names, "COLUMNS": "250"}, database)
    await database.close()


async def test_nothing_is_wrong(desk: Desk) -> None:
    """One sentence each, or for scripts an empty list."""
    assert desk.events("dead-letters", "list").stdout.strip() == "There are no dead letters."
    assert desk.events("parked").stdout.strip() == "Nothing is parked."
    assert (desk.asked("dead-letters", "list"), desk.asked("parked")) == ([], [])


async def test_a_letter_from_list_to_handled(desk: Desk) -> None:
    """What is listed can be shown and redriven; the worker handles it, once, and who asked for it is told."""
    data, letter = await desk.bury()
    (listed,) = desk.asked("dead-letters", "list")
    assert (listed["id"], listed["state"], listed["reason"]) == (letter, "DEAD", "Refusal: The wallet is closed.")
    assert str(data.transfer_id) in desk.events("dead-letters", "show", letter).stdout
    desk.error = None

    for _ in range(2):
        shown = desk.asked("dead-letters", "redrive", letter, "--reason", "the wallet is open again")
        while await Redriver(desk.delivery).redrive():
            pass

    assert desk.told == [data]
    assert shown["state"] == "REDRIVEN"
    assert {(done["action"], done["reason"]) for done in shown["interventions"]} == {
        ("REDRIVE", "the wallet is open again")
    }
    assert all(done["actor"].startswith("operator:") for done in shown["interventions"])
    assert desk.asked("dead-letters", "list") == []


async def test_a_redriven_letter_that_fails_is_listed_again(desk: Desk) -> None:
    """Redriven too early, it is dead once more, for the reason that it has now."""
    _, letter = await desk.bury()
    desk.error = Refusal("The wallet is frozen.")
    desk.asked("dead-letters", "redrive", letter)

    await Redriver(desk.delivery).redrive()

    (listed,) = desk.asked("dead-letters", "list", "--consumer", "rewards")
    assert (listed["id"], listed["reason"]) == (letter, "Refusal: The wallet is frozen.")
    assert await count(desk.database, consuming.parked) == 0


async def test_what_is_discarded_never_takes_effect(desk: Desk) -> None:
    """It cannot be redriven any more, a replay passes it over, and it stays to be seen with who and why."""
    data, letter = await desk.bury()
    shown = desk.asked("dead-letters", "discard", letter, "--reason", "a test account")
    assert (shown["state"], shown["interventions"][0]["reason"]) == ("DISCARDED", "a test account")
    desk.error = None

    record = record_of(data)
    outcome = await desk.delivery.deliver(Message(TOPIC, 0, 0, record.key, orjson.dumps(record.value)))
    again = desk.events("dead-letters", "redrive", letter)

    assert (outcome, desk.told) == ("repeated", [])
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)
    assert "was discarded" in again.stderr
    assert [each["state"] for each in desk.asked("dead-letters", "list", "--all")] == ["DISCARDED"]


async def test_what_waits_is_shown(desk: Desk) -> None:
    """A parked event with its tries and its reason."""
    record = record_of(completed())
    message = Message(TOPIC, 3, 7, record.key, orjson.dumps(record.value))
    await desk.delivery.park(message, DependencyUnavailable("The wallet is away."))

    (waiting,) = desk.asked("parked")

    assert (waiting["consumer"], waiting["key"], waiting["attempts"]) == ("rewards", record.key, 0)
    assert waiting["error"] == "DependencyUnavailable: The wallet is away."
    assert "The wallet is away." in desk.events("parked").stdout


async def test_a_replay_is_obeyed_and_changes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Consumers that read the topic go back, members each with their own partitions; the inbox knows what they read."""
    monkeypatch.setattr(replaying, "LOOK_EVERY_S", 0.0)
    desk.error = None
    broker = MemoryBroker()
    runners = [Runner(MemoryConsumer(broker, group="g", topics=[TOPIC]), desk.delivery) for _ in range(2)]
    sent = [completed() for _ in range(30)]
    for runner in runners:
        await runner.run_once()
    await MemoryPublisher(broker).publish([record_of(each) for each in sent])
    assert sum([await runner.run_once() for runner in [*runners, *runners]]) == 30

    asked = desk.asked("replay", "--topic", TOPIC, "--reason", "a look at the inbox", "--consumer", "rewards")

    assert asked == {"topic": TOPIC, "since": None, "consumers": ["rewards"]}
    assert sum([await runner.run_once() for runner in [*runners, *runners]]) == 30, "read again, and only once"
    assert len(desk.told) == 30
    async with desk.database.read() as connection:
        replay = (await connection.execute(select(consuming.replays))).one()
        noted = (await connection.execute(select(consuming.interventions))).one()
    assert replay.done_at is not None
    assert (noted.action, noted.subject, noted.reason) == ("REPLAY", TOPIC, "a look at the inbox")


async def test_lag_is_told_by_partition_and_outbox(desk: Desk, kafka_bootstrap: str) -> None:
    """Every partition that a consumer reads, and the outbox of every service that has one."""
    told = desk.asked("lag", "--consumer", "rewards", PAYFLOW_KAFKA_BOOTSTRAP_SERVERS=kafka_bootstrap)

    assert {each["topic"] for each in told["consumers"]} >= {TOPIC}
    assert all(each["records"] >= 0 and each["seconds"] >= 0 for each in told["consumers"])
    assert {each["service"] for each in told["outboxes"]} >= {"rewards", "transactions", "users", "wallet"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("dead-letters", "show", str(UUID(int=7))), "There is no dead letter"),
        (("replay", "--topic", "weather.v1"), "choose one of"),
        (("replay", "--topic", TOPIC, "--since", "2999-01-01"), "in the future"),
        (
            ("replay", "--topic", TOPIC, "--since", "2020-01-01"),
            "would take effect twice",
        ),
    ],
    ids=["unknown letter", "unknown topic", "future", "too old"],
)
async def test_what_makes_no_sense_is_said_in_one_sentence(desk: Desk, words: tuple[str, ...], said: str) -> None:
    """Exit 1, what is wrong and the way out, and no stack trace."""
    done = desk.events(*words)

    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert said in done.stderr


async def test_discarding_needs_a_reason(desk: Desk) -> None:
    """Without one, or with an empty one, nothing is given up."""
    _, letter = await desk.bury()

    assert desk.events("dead-letters", "discard", letter).returncode == 2
    empty = desk.events("dead-letters", "discard", letter, "--reason", " ")

    assert (empty.returncode, "--reason is empty" in empty.stderr) == (1, True)
    assert [each["state"] for each in desk.asked("dead-letters", "list")] == ["DEAD"]


def test_no_database() -> None:
    """Where nothing answers, one sentence says what to do, and tells no password."""
    nowhere = "postgresql://nobody:secret@127.0.0.1:1/none"
    environment = {**os.environ, "PAYFLOW_REWARDS_DATABASE_URL": nowhere, "PAYFLOW_NOTIFICATIONS_DATABASE_URL": nowhere}
    command = [sys.executable, "-m", "payflow", "events", "dead-letters", "list"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "payflow up" in done.stderr
    assert "secret" not in done.stderr
