"""The relay: every committed event is published, in order per key, once unless something was lost, whatever fails."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from consumers.memory import MemoryBroker, MemoryConsumer, MemoryPublisher
from payflow.kernel import relay as module
from payflow.kernel.background import running
from payflow.kernel.db import Database
from payflow.kernel.errors import DependencyUnavailable
from payflow.kernel.ids import new_id
from payflow.kernel.outbox import Outbox, Position, Publisher, Record
from payflow.kernel.relay import Relay
from tests.payflow.kernel.conftest import Tables

TOPIC = "things.v1"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BACKOFF_BASE_S", 0.01)
    monkeypatch.setattr(module, "BACKOFF_MAX_S", 0.05)
    monkeypatch.setattr(module, "POLL_S", 0.2)


@pytest.fixture
def broker() -> MemoryBroker:
    return MemoryBroker()


@pytest.fixture
def outbox(tables: Tables) -> Outbox:
    return Outbox(tables.outbox)


async def add(database: Database, outbox: Outbox, *names: str, key: str = "k") -> None:
    """One transaction with these events."""
    async with database.unit_of_work() as work:
        for name in names:
            await outbox.add(work, event_id=new_id(), record=Record(TOPIC, key, {"name": name}))


def make_relay(database: Database, outbox: Outbox, publisher: Publisher | MemoryBroker) -> Relay:
    publisher = MemoryPublisher(publisher) if isinstance(publisher, MemoryBroker) else publisher
    return Relay(service="test", database=database, outbox=outbox, publisher=publisher)


async def published(broker: MemoryBroker) -> list[str]:
    """The whole log, as a new consumer sees it."""
    reader = MemoryConsumer(broker, group=str(new_id()), topics=[TOPIC])
    names: list[str] = []
    while found := await reader.poll(most=100, wait_s=0.01):
        names += [orjson.loads(message.value)["name"] for message in found]
    return names


async def until_published(broker: MemoryBroker, *names: str) -> None:
    async with asyncio.timeout(10):
        while Counter(names) - Counter(await published(broker)):
            await asyncio.sleep(0.01)


async def pending(database: Database, outbox: Outbox) -> int:
    async with database.read() as connection:
        return await outbox.count_pending(connection)


async def test_an_event_is_on_its_way_with_its_commit(
    database: Database, outbox: Outbox, broker: MemoryBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit wakes the relay: nobody waits for the next poll."""
    monkeypatch.setattr(module, "POLL_S", 60)
    relay = make_relay(database, outbox, broker)
    async with running(relay.run(), name="relay"):
        await asyncio.sleep(0.3)

        await add(database, outbox, "a", "b")

        await until_published(broker, "a", "b")
        while await pending(database, outbox):
            await asyncio.sleep(0.01)


async def test_rows_of_other_processes_are_found(
    database: Database, outbox: Outbox, tables: Tables, broker: MemoryBroker
) -> None:
    """An event that another process wrote is published by the next poll."""
    async with running(make_relay(database, outbox, broker).run(), name="relay"):
        await add(database, Outbox(tables.outbox), "theirs")
        await until_published(broker, "theirs")


async def test_what_rolled_back_is_not_published(database: Database, outbox: Outbox, broker: MemoryBroker) -> None:
    """An event exists if, and only if, its transaction committed."""
    relay = make_relay(database, outbox, broker)

    async def fails() -> None:
        async with database.unit_of_work() as work:
            await outbox.add(work, event_id=new_id(), record=Record(TOPIC, "k", {"name": "never"}))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails()
    await add(database, outbox, "real")
    await relay.publish_batch()

    assert await published(broker) == ["real"]


async def test_who_commits_late_is_not_skipped(database: Database, outbox: Outbox, broker: MemoryBroker) -> None:
    """A transaction that took its number first and committed last is published all the same."""
    relay = make_relay(database, outbox, broker)
    async with database.unit_of_work() as work:
        await outbox.add(work, event_id=new_id(), record=Record(TOPIC, "slow", {"name": "early number"}))
        await add(database, outbox, "late number", key="fast")
        assert await relay.publish_batch() == 1

    assert await relay.publish_batch() == 1
    assert sorted(await published(broker)) == ["early number", "late number"]


async def test_order_is_kept_over_batches(
    database: Database, outbox: Outbox, broker: MemoryBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However large the backlog, a key's events leave in the order they were written."""
    monkeypatch.setattr(module, "BATCH_MAX", 7)
    names = [str(number) for number in range(50)]
    await add(database, outbox, *names)
    relay = make_relay(database, outbox, broker)

    assert [await relay.publish_batch() for _ in range(9)] == [7] * 7 + [1, 0]
    assert await published(broker) == names


async def test_an_event_has_one_id(database: Database, outbox: Outbox) -> None:
    """The same event cannot be written twice."""
    event_id = new_id()

    async def write() -> None:
        async with database.unit_of_work() as work:
            await outbox.add(work, event_id=event_id, record=Record(TOPIC, "k", {}))

    await write()
    with pytest.raises(IntegrityError):
        await write()


async def test_a_broker_that_is_away_stops_nobody(database: Database, outbox: Outbox, broker: MemoryBroker) -> None:
    """Events wait in the outbox, and leave once the broker is back."""
    broker.away = True
    async with running(make_relay(database, outbox, broker).run(), name="relay"):
        await add(database, outbox, "a")
        await asyncio.sleep(0.2)
        assert await pending(database, outbox) == 1

        broker.away = False
        await until_published(broker, "a")


class Flaky(MemoryPublisher):
    """Publishes, and then says it did not, every other time."""

    calls = 0

    async def publish(self, records: Sequence[Record]) -> list[Position]:
        positions = await super().publish(records)
        self.calls += 1
        if self.calls % 2:
            raise DependencyUnavailable("no acknowledgement")
        return positions


async def test_lost_acknowledgements_repeat_and_lose_nothing(
    database: Database, outbox: Outbox, broker: MemoryBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sent and not acknowledged is sent again: at least once, never none; the order of first sight holds."""
    monkeypatch.setattr(module, "BATCH_MAX", 2)
    names = [str(number) for number in range(6)]
    await add(database, outbox, *names)

    async with running(make_relay(database, outbox, Flaky(broker)).run(), name="relay"):
        async with asyncio.timeout(10):
            while await pending(database, outbox):
                await asyncio.sleep(0.02)

    log = await published(broker)
    assert len(log) > 6
    assert list(dict.fromkeys(log)) == names


class Buggy(MemoryPublisher):
    """Fails once in a way nobody foresaw."""

    failed = False

    async def publish(self, records: Sequence[Record]) -> list[Position]:
        if not self.failed:
            self.failed = True
            raise KeyError("bug")
        return await super().publish(records)


class Speechless(MemoryPublisher):
    """Fails once with an error that has no message, as time-outs do."""

    failed = False

    async def publish(self, records: Sequence[Record]) -> list[Position]:
        if not self.failed:
            self.failed = True
            raise TimeoutError
        return await super().publish(records)


@pytest.mark.parametrize("publisher", [Buggy, Speechless])
async def test_no_error_ends_the_relay(
    database: Database, outbox: Outbox, broker: MemoryBroker, publisher: type[MemoryPublisher]
) -> None:
    """Whatever is raised is logged and tried again."""
    await add(database, outbox, "a")

    async with running(make_relay(database, outbox, publisher(broker)).run(), name="relay"):
        await until_published(broker, "a")


async def test_one_of_many_leads(database: Database, outbox: Outbox, tables: Tables, broker: MemoryBroker) -> None:
    """Three relays on one outbox publish each event once: the one that holds the lock works."""
    names = [str(number) for number in range(60)]
    relays = [make_relay(database, Outbox(tables.outbox), broker) for _ in range(3)]
    async with (
        running(relays[0].run(), name="1"),
        running(relays[1].run(), name="2"),
        running(relays[2].run(), name="3"),
    ):
        for name in names:
            await add(database, outbox, name)
        await until_published(broker, *names)
        await asyncio.sleep(0.3)

    assert await published(broker) == names


async def test_the_lead_passes_on(database: Database, outbox: Outbox, tables: Tables, broker: MemoryBroker) -> None:
    """Where the leader ends, another takes over."""
    async with running(make_relay(database, outbox, broker).run(), name="leader"):
        await add(database, outbox, "a")
        await until_published(broker, "a")
        follower = running(make_relay(database, Outbox(tables.outbox), broker).run(), name="follower")
        await follower.__aenter__()
    await add(database, outbox, "b")

    await until_published(broker, "b")
    await follower.__aexit__(None, None, None)


async def test_a_lost_session_is_a_lost_lead(database: Database, outbox: Outbox, broker: MemoryBroker) -> None:
    """Killed on the database's side, the session takes the lock with it; the relay notices, and leads again."""
    async with running(make_relay(database, outbox, broker).run(), name="relay"):
        await add(database, outbox, "a")
        await until_published(broker, "a")
        while await pending(database, outbox):  # it marks what it has published over the very session
            await asyncio.sleep(0.01)
        async with database.read() as connection:
            here = "(SELECT oid FROM pg_database WHERE datname = current_database())"
            holders = f"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = {here}"
            killed = await connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM ({holders}) AS holder"))
            assert killed.scalar_one() is True

        await add(database, outbox, "b")
        await until_published(broker, "b")

    assert await published(broker) == ["a", "b"]


async def test_a_lost_log_is_published_again(database: Database, outbox: Outbox, broker: MemoryBroker) -> None:
    """A broker that comes back empty gets everything that is retained, in its order."""
    names = [str(number) for number in range(10)]
    await add(database, outbox, *names)
    relay = make_relay(database, outbox, broker)
    await relay.publish_batch()
    broker.wipe()

    assert await relay.rewind_lost() == 10
    await relay.publish_batch()

    assert await published(broker) == names
    assert await relay.rewind_lost() == 0


async def test_a_log_lost_while_nobody_relayed_is_noticed_at_the_start(
    database: Database, outbox: Outbox, tables: Tables, broker: MemoryBroker
) -> None:
    """A new process knows from the outbox what the broker acknowledged to another one."""
    await add(database, outbox, "a", "b")
    await make_relay(database, outbox, broker).publish_batch()
    broker.wipe()

    async with running(make_relay(database, Outbox(tables.outbox), broker).run(), name="relay"):
        await until_published(broker, "a", "b")


async def test_a_log_that_has_grown_again_is_noticed_by_its_offsets(
    database: Database, outbox: Outbox, broker: MemoryBroker
) -> None:
    """Lost and refilled before the next look: the acknowledgement of an offset seen before gives it away."""
    await add(database, outbox, "a", "b")
    relay = make_relay(database, outbox, broker)
    await relay.publish_batch()
    broker.wipe()
    await add(database, outbox, *"cdefg")

    while await relay.publish_batch():
        pass

    assert {*"abcdefg"} == set(await published(broker))
    assert await relay.rewind_lost() == 0


async def test_a_log_that_outgrew_the_lost_one_is_noticed_by_its_records(
    database: Database, outbox: Outbox, tables: Tables, broker: MemoryBroker
) -> None:
    """A relay that filled the new log and died before it noted the loss: the next one finds another record where its last one stood."""
    await add(database, outbox, "a", "b")
    await make_relay(database, outbox, broker).publish_batch()
    broker.wipe()
    await add(database, outbox, *"cdefg")

    class Dying(Relay):
        async def _forget(self, lost: set[tuple[str, int]]) -> int:
            raise SystemError

    dying = Dying(service="test", database=database, outbox=outbox, publisher=MemoryPublisher(broker))
    await dying.learn_positions()
    with pytest.raises(SystemError):
        await dying.publish_batch()

    async with running(make_relay(database, Outbox(tables.outbox), broker).run(), name="relay"):
        await until_published(broker, *"abcdefg")


async def test_a_log_that_is_whole_is_left_alone(
    database: Database, outbox: Outbox, tables: Tables, broker: MemoryBroker
) -> None:
    """Neither its end nor its records give a reason, also where all were published twice."""
    for key in map(str, range(20)):
        await add(database, outbox, "a", "b", key=key)
    relay = make_relay(database, outbox, Flaky(broker))
    with pytest.raises(DependencyUnavailable):
        await relay.publish_batch()
    await relay.publish_batch()
    await relay.learn_positions()

    assert await relay.rewind_lost() == 0
    assert await relay.rewind_replaced() == 0
    assert await pending(database, outbox) == 0


async def test_only_lost_partitions_are_published_again(
    database: Database, outbox: Outbox, broker: MemoryBroker
) -> None:
    """A partition that is whole is left alone."""
    keys = [str(number) for number in range(40)]
    for key in keys:
        await add(database, outbox, key, key=key)
    relay = make_relay(database, outbox, broker)
    await relay.publish_batch()
    lost = next(at for at, log in broker._logs.items() if log)
    gone = len(broker._logs.pop(lost))

    assert await relay.rewind_lost() == gone
    await relay.publish_batch()

    assert sorted(await published(broker)) == sorted(keys)


async def test_old_events_are_forgotten(database: Database, outbox: Outbox, broker: MemoryBroker) -> None:
    """What was published longer ago than the retention is deleted; what was not published never is."""
    await add(database, outbox, "old", "young")
    await make_relay(database, outbox, broker).publish_batch()
    await add(database, outbox, "waiting")
    async with database.unit_of_work() as work:
        for name, days in (("old", 8), ("young", 6)):
            await work.connection.execute(
                text(f"UPDATE outbox SET published_at = now() - interval '{days} days' WHERE value->>'name' = :name"),
                {"name": name},
            )
        await work.connection.execute(text("UPDATE outbox SET created_at = now() - interval '30 days'"))

        assert await outbox.purge(work.connection) == 1

        left = await work.connection.scalars(text("SELECT value->>'name' FROM outbox ORDER BY id"))
        assert list(left) == ["young", "waiting"]


async def test_positions_are_remembered(database: Database, outbox: Outbox, broker: MemoryBroker) -> None:
    """For each partition the highest acknowledged offset."""
    await add(database, outbox, "a", "b", "c")
    await make_relay(database, outbox, broker).publish_batch()

    async with database.read() as connection:
        positions = await outbox.last_positions(connection)

    assert list(positions[TOPIC].values()) == [2]
