"""Parking against a real database: the log goes on, each key stays in order, and what waits is handled or given up in the end."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from structlog.testing import capture_logs

from consumers import lanes as lanes_module
from consumers import redriver as redriver_module
from consumers import runner as runner_module
from consumers.delivery import Delivery
from consumers.handlers import Happened, Listener
from consumers.memory import MemoryBroker, MemoryConsumer, MemoryPublisher
from consumers.redriver import Redriver
from consumers.runner import Runner
from payflow.events.envelope import EventData
from payflow.events.transfers import TOPIC, TransferCompleted
from payflow.kernel import inbox as inbox_module
from payflow.kernel import metrics, parking
from payflow.kernel.background import running
from payflow.kernel.db import Database, UnitOfWork
from payflow.kernel.dead_letters import State, change_state
from payflow.kernel.errors import DependencyUnavailable, Refusal
from payflow.kernel.ids import new_id
from subgraphs.rewards.tables import consuming
from tests.consumers.world import completed, count, eventually, record_of
from tests.subgraphs.conftest import MakeSettings


class World:
    """One consumer over a broker in memory; `trouble` is what befalls the transfers of a key."""

    def __init__(self, database: Database) -> None:
        self.broker = MemoryBroker()
        self.database = database
        self.told: dict[UUID, list[int]] = defaultdict(list)
        self.trouble: dict[UUID, Exception] = {}
        listener = Listener(events=[TransferCompleted], handle=self._handle)
        self.delivery = Delivery(consumer="rewards", database=database, tables=consuming, listener=listener)
        self.redriver = Redriver(self.delivery)

    def runner(self) -> Runner:
        return Runner(MemoryConsumer(self.broker, group="rewards", topics=[TOPIC]), self.delivery)

    async def publish(self, key: UUID, *amounts: int) -> None:
        """Several events of one transfer, told apart by their amounts."""
        data = [completed(transfer_id=key, amount=amount) for amount in amounts]
        await MemoryPublisher(self.broker).publish([record_of(each, event_id=new_id()) for each in data])

    async def parked(self) -> int:
        return await count(self.database, consuming.parked)

    async def make_due(self) -> None:
        """Let the pauses of what is parked be over."""
        async with self.database.unit_of_work() as work:
            await work.connection.execute(update(consuming.parked).values(next_at=func.now()))

    async def redrive_all(self) -> None:
        """Until nothing is due."""
        await self.make_due()
        while await self.redriver.redrive():
            pass

    async def _handle(self, events: Sequence[Happened], work: UnitOfWork) -> None:
        for event in events:
            if error := self.trouble.get(key_of(event.data)):
                raise error
        for event in events:
            assert isinstance(event.data, TransferCompleted)
            work.after_commit(partial(self.told[event.data.transfer_id].append, event.data.amount))


def key_of(data: EventData) -> UUID:
    return UUID(data.subject)


@pytest.fixture
async def world(make_settings: MakeSettings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr(runner_module, "POLL_WAIT_S", 0.1)
    monkeypatch.setattr(lanes_module, "BACKOFF_BASE_S", 0.001)
    monkeypatch.setattr(lanes_module, "BACKOFF_MAX_S", 0.02)
    monkeypatch.setattr(redriver_module, "POLL_S", 0.05)
    database = Database((await make_settings("rewards")).database_url("rewards"))
    yield World(database)
    await database.close()


AWAY = DependencyUnavailable("The wallet is away.")


async def test_the_log_goes_on_and_the_key_waits_in_order(world: World) -> None:
    """What fails is parked, what comes later of its key stands behind it, others pass; in the end all are handled, in order."""
    stuck, free = new_id(), new_id()
    world.trouble[stuck] = AWAY
    runner = world.runner()
    await world.publish(stuck, 1, 2)
    await world.publish(free, 1, 2)
    assert await runner.run_once() == 4
    del world.trouble[stuck]
    await world.publish(stuck, 3)
    await world.publish(free, 3)

    assert await runner.run_once() == 2

    assert (await world.parked(), dict(world.told)) == (3, {free: [1, 2, 3]})
    assert sum(world.broker.group("rewards").committed.values()) == 6
    await world.redrive_all()
    assert (await world.parked(), world.told[stuck]) == (0, [1, 2, 3])
    await world.publish(stuck, 4)
    await runner.run_once()
    assert world.told[stuck] == [1, 2, 3, 4]


async def test_only_the_head_of_a_key_is_tried(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the first fails, those behind it are not touched; each failure puts it off for longer."""
    monkeypatch.setattr(redriver_module, "BACKOFF_BASE_S", 50)
    stuck = new_id()
    world.trouble[stuck] = AWAY
    await world.publish(stuck, 1, 2, 3)
    await world.runner().run_once()

    for _ in range(3):
        await world.make_due()
        assert await world.redriver.redrive() == 1

    table = consuming.parked
    wait = func.extract("epoch", table.c.next_at - func.now())
    async with world.database.read() as connection:
        rows = (await connection.execute(select(table.c.attempts, table.c.error, wait).order_by(table.c.id))).all()
    assert [row.attempts for row in rows] == [3, 0, 0]
    assert rows[0].error == "DependencyUnavailable: The wallet is away."
    assert 100 < rows[0][2] <= 400


async def test_what_is_taken_is_not_taken_twice(world: World) -> None:
    """Two workers at once try different keys, or nothing."""
    keys = [new_id() for _ in range(3)]
    world.trouble = dict.fromkeys(keys, AWAY)
    for key in keys:
        await world.publish(key, 1)
    await world.runner().run_once()
    await world.make_due()

    async with world.database.unit_of_work() as one, world.database.unit_of_work() as two:
        first = await parking.take_due(one, consuming.parked, consumer="rewards", most=2)
        second = await parking.take_due(two, consuming.parked, consumer="rewards", most=2)

    assert {UUID(parked.key) for parked in [*first, *second]} == set(keys)
    assert len(first) == 2


async def test_what_is_given_up_is_buried_and_the_next_has_its_turn(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After so many tries an event is a dead letter with the last reason; one that turns out permanent is one at once."""
    monkeypatch.setattr(redriver_module, "ATTEMPTS_MAX", 2)
    given_up, refused = new_id(), new_id()
    world.trouble = dict.fromkeys([given_up, refused], AWAY)
    await world.publish(given_up, 1)
    await world.publish(refused, 1)
    await world.runner().run_once()
    world.trouble[refused] = Refusal("never")

    for _ in range(2):
        await world.make_due()
        await world.redriver.redrive()

    table = consuming.dead_letters
    async with world.database.read() as connection:
        reasons = {row.key: row.reason for row in await connection.execute(select(table))}
    assert reasons == {
        str(given_up): "DependencyUnavailable: The wallet is away.",
        str(refused): "Refusal: never",
    }
    assert await world.parked() == 0


async def test_a_repeat_of_what_is_parked_is_parked_once(world: World) -> None:
    """A crash between parking and commit, or a replay, delivers again; the event keeps its place."""
    stuck = new_id()
    world.trouble[stuck] = AWAY
    await world.publish(stuck, 1, 2)
    await world.runner().run_once()

    world.broker.group("rewards").forget()
    await world.runner().run_once()

    assert await world.parked() == 2
    world.trouble.clear()
    await world.redrive_all()
    assert world.told[stuck] == [1, 2]


async def test_what_was_handled_does_not_queue_up(world: World) -> None:
    """A replay of events that were handled adds nothing to the queue of their key, however long."""
    key = new_id()
    runner = world.runner()
    await world.publish(key, 1, 2)
    await runner.run_once()
    world.trouble[key] = AWAY
    await world.publish(key, 3)
    await runner.run_once()

    world.broker.group("rewards").forget()
    await world.runner().run_once()

    assert (await world.parked(), world.told[key]) == (1, [1, 2])


async def test_where_too_much_is_parked_the_log_waits(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the bound nothing more is parked: the consumer tries in place until there is room, or what was away is back."""
    monkeypatch.setattr(parking, "PARKED_MAX", 1)
    world.broker = MemoryBroker(partitions=1)
    keys = [new_id(), new_id()]
    world.trouble = dict.fromkeys(keys, AWAY)
    for key in keys:
        await world.publish(key, 1)

    async def one_parked() -> bool:
        return await world.parked() == 1

    async with running(world.runner().run(), name="runner"):
        await eventually(one_parked)
        assert world.broker.group("rewards").committed == {}
        world.trouble.clear()

        async def one_told() -> bool:
            return len(world.told) == 1

        await eventually(one_told)
    await world.redrive_all()
    assert sorted(world.told) == sorted(keys)


async def test_a_poll_is_patient_only_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many events of a poll fail, the tries in place take no longer than the patience of one poll."""
    monkeypatch.setattr(lanes_module, "PATIENCE_S", 0.0)
    keys = [new_id() for _ in range(20)]
    world.trouble = dict.fromkeys(keys, AWAY)
    for key in keys:
        await world.publish(key, 1)

    assert await world.runner().run_once() == 20

    assert await world.parked() == 20


async def test_what_another_member_has_is_dropped(world: World) -> None:
    """Where the partitions were given away in the middle of a poll, the rest of it is left to whoever has them now."""
    key = new_id()
    rival = MemoryConsumer(world.broker, group="rewards", topics=[TOPIC])
    world.trouble[key] = Refusal("never")
    await world.publish(key, 1, 2, 3)
    bury = world.delivery.bury

    class Bystander(Delivery):
        async def bury(self, message, error):  # type: ignore[no-untyped-def]  # as the original
            await rival.poll(most=0, wait_s=0)
            return await bury(message, error)

    delivery = Bystander(
        consumer="rewards", database=world.database, tables=consuming, listener=world.delivery.listener
    )
    runner = Runner(MemoryConsumer(world.broker, group="rewards", topics=[TOPIC]), delivery)

    await runner.run_once()

    assert await count(world.database, consuming.dead_letters) == 1
    assert world.broker.group("rewards").committed == {}


async def test_a_redriven_letter_that_fails_again_is_dead_again(world: World) -> None:
    """With the reason that it has now; a discarded one stays discarded."""
    key = new_id()
    world.trouble[key] = Refusal("never")
    await world.publish(key, 1)
    await world.runner().run_once()
    table = consuming.dead_letters

    async def once_more(state: State) -> tuple[str, str]:
        async with world.database.unit_of_work() as work:
            (letter_id,) = await work.connection.scalars(select(table.c.id))
            await change_state(work, table, letter_id, state)
        world.trouble[key] = Refusal("still not")
        world.broker.group("rewards").forget()
        await world.runner().run_once()
        async with world.database.read() as connection:
            row = (await connection.execute(select(table))).one()
        return row.state, row.reason

    assert await once_more(State.REDRIVEN) == ("DEAD", "Refusal: still not")
    assert (await once_more(State.DISCARDED))[0] == "DISCARDED"


async def test_the_worker_says_what_waits(world: World) -> None:
    """Gauges: how many are parked and dead, and for how long the first has been."""
    stuck, refused = new_id(), new_id()
    world.trouble = {stuck: AWAY, refused: Refusal("never")}
    await world.publish(stuck, 1, 2)
    await world.publish(refused, 1)
    await world.runner().run_once()

    await world.redriver.measure()

    assert metrics.EVENTS_PARKED.labels("rewards")._value.get() == 2
    assert metrics.EVENTS_DEAD.labels("rewards")._value.get() == 1
    assert 0 < metrics.EVENTS_PARKED_OLDEST_SECONDS.labels("rewards")._value.get() < 60
    world.trouble.clear()
    await world.redrive_all()
    await world.redriver.measure()
    assert metrics.EVENTS_PARKED.labels("rewards")._value.get() == 0


async def test_the_worker_runs_by_itself(world: World) -> None:
    """What was away comes back: what was parked is handled within seconds, and nobody has to ask for it."""
    stuck = new_id()
    world.trouble[stuck] = AWAY
    await world.publish(stuck, 1, 2)

    async def handled() -> bool:
        return world.told[stuck] == [1, 2]

    async def both_parked() -> bool:
        return await world.parked() == 2

    async with running(world.runner().run(), name="runner"), running(world.redriver.run(), name="redriver"):
        await eventually(both_parked)
        world.trouble.clear()
        await eventually(handled)


@pytest.mark.parametrize("chore", ["measure", "forget"])
async def test_parked_events_do_not_wait_for_chores(world: World, chore: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the database is too slow to count, or for the inbox to forget, what is parked is tried all the same."""

    async def too_slow(_: Redriver) -> int:
        raise OSError("canceling statement due to statement timeout")

    monkeypatch.setattr(Redriver, chore, too_slow)
    monkeypatch.setattr(redriver_module, "PAUSE_AFTER_FAILURE_S", 0.05)
    key = new_id()
    world.trouble[key] = AWAY
    await world.publish(key, 1)
    await world.runner().run_once()
    world.trouble.clear()
    await world.make_due()

    async def handled() -> bool:
        return world.told[key] == [1]

    async with running(world.redriver.run(), name="redriver"):
        await eventually(handled)


async def test_a_database_that_goes_away_is_said_in_one_line(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where several keys find it so at once: it is no bug of ours, and what is parked stays so."""
    keys = [new_id() for _ in range(3)]
    world.trouble = dict.fromkeys(keys, AWAY)
    for key in keys:
        await world.publish(key, 1)
    await world.runner().run_once()
    world.trouble.clear()
    await world.make_due()

    async def gone(*_: object) -> None:
        raise OSError("the server has closed the connection")

    monkeypatch.setattr(redriver_module, "unpark", gone)

    with capture_logs() as logs:

        async def complained() -> bool:
            return any(line["log_level"] != "info" for line in logs)

        async with running(world.redriver.run(), name="redriver"):
            await eventually(complained)
            await asyncio.sleep(0.05)

    assert set(world.told) == set(keys)
    (said,) = [line for line in logs if line["log_level"] != "info"]
    assert said["event"] == "parked events wait for the database"
    assert said["reason"] == "the server has closed the connection"
    assert await world.parked() == 3


async def test_the_worker_ends_when_it_is_told_to(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where what it was trying fails of just that."""
    await world.publish(stuck := new_id(), 1)
    world.trouble[stuck] = AWAY
    await world.runner().run_once()
    await world.make_due()
    trying = asyncio.Event()

    async def fail_of_being_cancelled(*_: object) -> None:
        trying.set()
        try:
            await asyncio.sleep(60)
        finally:
            raise OSError("cannot perform operation: another operation is in progress")

    monkeypatch.setattr(Redriver, "_try", fail_of_being_cancelled)
    redriving = asyncio.create_task(world.redriver.run())
    await asyncio.wait_for(trying.wait(), 10)

    redriving.cancel()

    done, _ = await asyncio.wait({redriving}, timeout=20)
    assert done == {redriving}
    assert redriving.cancelled()


async def test_the_inbox_forgets_what_cannot_come_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows behind the retention go, a bounded number at a time; younger ones stay."""
    monkeypatch.setattr(inbox_module, "PURGE_MAX", 2)
    keys = [new_id() for _ in range(4)]
    for key in keys:
        await world.publish(key, 1)
    await world.runner().run_once()
    table = consuming.inbox
    old = func.now() - inbox_module.RETENTION - timedelta(minutes=1)
    some = select(table.c.event_id).limit(3)
    async with world.database.unit_of_work() as work:
        await work.connection.execute(update(table).where(table.c.event_id.in_(some)).values(received_at=old))

    assert [await world.redriver.forget() for _ in range(3)] == [2, 1, 0]
    assert await count(world.database, table) == 1


def test_back_off_grows_from_a_second_to_half_an_hour() -> None:
    """Over all attempts an event is tried for about three days before it is given up."""
    pauses = [redriver_module.back_off_s(attempts) for attempts in range(1, redriver_module.ATTEMPTS_MAX)]

    assert 0.5 <= pauses[0] <= 1
    assert max(pauses) <= 1800
    assert timedelta(days=1.5) < timedelta(seconds=sum(pauses)) < timedelta(days=3.5) < inbox_module.RETENTION
