"""From an outbox over a real broker to rows: transfers → rewards → notifications, each effect once whatever is lost on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import orjson
import pytest
from sqlalchemy import MetaData, Table, delete, func, select

from consumers import notifications as notifications_consumer
from consumers import rewards as rewards_consumer
from consumers.app import Parts, create_app
from consumers.broker import Message, next_offsets
from consumers.kafka import KafkaConsumer
from payflow.events.catalogue import EVENTS, TOPICS
from payflow.events.envelope import read_data
from payflow.events.kafka import KafkaPublisher
from payflow.events.rewards import RewardIssued
from payflow.events.transfers import TransferCompleted
from payflow.kernel import relay as relay_module
from payflow.kernel import sink as sink_module
from payflow.kernel.background import running
from payflow.kernel.db import Database
from payflow.kernel.hints import MemoryHints
from payflow.kernel.money import Money
from payflow.kernel.outbox import Outbox, outbox_table
from payflow.kernel.publisher import Record
from payflow.kernel.relay import Relay
from payflow.kernel.settings import Settings
from subgraphs.notifications import tables as notifications_tables
from subgraphs.rewards import tables as rewards_tables
from subgraphs.rewards.wallet import MemoryWallet
from tests.chaos.broker import events_at_broker
from tests.consumers.world import completed, count, eventually, record_of
from tests.events.recorded import SAMPLES
from tests.kafka.brokers import Broker
from tests.subgraphs.conftest import MakeSettings

SESSION_TIMEOUT_MS = 1500
OF_THE_RELAY = {"sink_cursor", "publication"}  # where a broker keeps the events, which is no effect of them
PAUSE_S = 0.1  # between transfers under load
METADATA = {"rewards": rewards_tables.metadata, "notifications": notifications_tables.metadata}
EVENTS_OF = {"rewards": rewards_consumer.EVENTS, "notifications": notifications_consumer.EVENTS}
LISTENS_TO = {name: sorted({event.TOPIC for event in events}) for name, events in EVENTS_OF.items()}
TOPIC_OF = {event.TYPE: event.TOPIC for event in EVENTS}


@dataclass
class World:
    """A service that tells of transfers, the two consumers' settings and databases, and a wallet."""

    outbox: Outbox
    told: Database
    settings: dict[str, Settings]
    databases: dict[str, Database]
    wallet: MemoryWallet
    publisher: KafkaPublisher

    @asynccontextmanager
    async def consumer(self, name: str) -> AsyncIterator[None]:
        """One consumer process while the block runs."""
        app = create_app(name, self.settings[name], parts=Parts(hints=MemoryHints(), wallet=self.wallet))
        async with app.router.lifespan_context(app):
            yield

    @asynccontextmanager
    async def consumers(self) -> AsyncIterator[None]:
        async with self.consumer("rewards"), self.consumer("notifications"):
            yield

    async def pay(self, number: int) -> list[TransferCompleted]:
        """So many transfers complete, each in a transaction with its event."""
        events = [completed() for _ in range(number)]
        for event in events:
            self.wallet.balances[event.from_wallet_id] = Money(0, "USD")
            async with self.told.unit_of_work() as work:
                record = record_of(event)
                await self.outbox.add(work, event_id=UUID(record.value["id"]), record=record)
        return events

    async def stream(self, reader_id: UUID) -> list[tuple[int, str]]:
        table = notifications_tables.notifications
        query = select(table.c.seq, table.c.kind).where(table.c.reader_id == reader_id).order_by(table.c.seq)
        async with self.databases["notifications"].read() as connection:
            return [(row.seq, row.kind) for row in await connection.execute(query)]

    async def settled(self, transfers: int) -> bool:
        """Whether every transfer has told its payer, its payee and, of the reward, its payer again."""
        return await count(self.databases["notifications"], notifications_tables.notifications) >= 3 * transfers

    async def assert_each_effect_once(self, events: Sequence[TransferCompleted]) -> None:
        for event in events:
            assert self.wallet.balances[event.from_wallet_id] == Money(25, "USD")
            assert await self.stream(event.payee_id) == [(1, "TRANSFER_RECEIVED")]
            assert sorted(kind for _, kind in await self.stream(event.payer_id)) == ["REWARD_ISSUED", "TRANSFER_SENT"]
            assert sorted(seq for seq, _ in await self.stream(event.payer_id)) == [1, 2]
        for name, database in self.databases.items():
            assert await count(database, notifications_tables.dead_letters) == 0, name

    async def tell_what_was_recorded(self) -> None:
        """Events of every type there is, about strangers, in every topic."""
        for sample in SAMPLES:
            if sample.type == TransferCompleted.TYPE:
                data = read_data(sample.event, TransferCompleted)
                self.wallet.balances[data.from_wallet_id] = Money(0, data.currency)
        records = [Record(TOPIC_OF[one.type], one.event.subject, orjson.loads(one.value)) for one in SAMPLES]
        assert {record.topic for record in records} == set(TOPICS)
        await self.publisher.publish(records)

    async def has_taken_in(self, broker: Broker) -> bool:
        """Whether each consumer remembers all that there is for it, and everybody knows of every reward."""
        for name, events in EVENTS_OF.items():
            heard = {event.TYPE for event in events}
            ignored = {str(sample.id) for sample in SAMPLES if sample.type not in heard}
            if not await events_at_broker(broker.port, LISTENS_TO[name]) - ignored <= await self._remembered(name):
                return False
        rewards = await count(self.databases["rewards"], rewards_tables.rewards)
        told = select(func.count()).where(notifications_tables.notifications.c.kind == "REWARD_ISSUED")
        async with self.databases["notifications"].read() as connection:
            recorded = sum(sample.type == RewardIssued.TYPE for sample in SAMPLES)
            return await connection.scalar(told) == rewards + recorded

    async def _remembered(self, name: str) -> set[str]:
        async with self.databases[name].read() as connection:
            inbox = METADATA[name].tables["inbox"]
            return {str(event_id) for event_id in await connection.scalars(select(inbox.c.event_id))}

    async def rows(self) -> dict[tuple[str, str], list[str]]:
        """Every row of both consumers' databases, by database and table; without their inboxes."""
        return {
            (name, table.name): await rows_of(self.databases[name], table)
            for name, metadata in METADATA.items()
            for table in metadata.sorted_tables
            if table.name not in {"inbox", *OF_THE_RELAY}
        }

    async def forget_inboxes(self) -> None:
        for name, metadata in METADATA.items():
            async with self.databases[name].unit_of_work() as work:
                await work.connection.execute(delete(metadata.tables["inbox"]))

    async def replay(self) -> None:
        """Both consumers read every topic from its first record to its end, once more."""
        async with AsyncExitStack() as running_apps:
            readers = []
            for name, settings in self.settings.items():
                reader = Rereader(settings.kafka_bootstrap_servers, LISTENS_TO[name], ends=await self._ends(name))
                apps = create_app(name, settings, parts=Parts(consumer=reader, hints=MemoryHints(), wallet=self.wallet))
                await running_apps.enter_async_context(apps.router.lifespan_context(apps))
                readers.append(reader)
            await asyncio.gather(*(asyncio.wait_for(reader.at_the_end.wait(), 60) for reader in readers))

    async def _ends(self, name: str) -> dict[tuple[str, int], int]:
        return {
            (topic, partition): end
            for topic in LISTENS_TO[name]
            for partition, end in (await self.publisher.end_offsets(topic)).items()
            if end
        }


class Rereader(KafkaConsumer):
    """A member of a group that was never there before, which tells when it has committed all that was in the logs."""

    def __init__(self, servers: str, topics: Sequence[str], *, ends: dict[tuple[str, int], int]) -> None:
        super().__init__(
            bootstrap_servers=servers, group=f"replay-{uuid4()}", topics=topics, session_timeout_ms=SESSION_TIMEOUT_MS
        )
        self._unread = ends
        self.at_the_end = asyncio.Event()

    async def commit(self, messages: Sequence[Message]) -> None:
        await super().commit(messages)
        behind = next_offsets(messages)
        self._unread = {at: end for at, end in self._unread.items() if behind.get(at, 0) < end}
        if not self._unread:
            self.at_the_end.set()


async def rows_of(database: Database, table: Table) -> list[str]:
    async with database.read() as connection:
        return sorted(str(tuple(row)) for row in await connection.execute(select(table)))


@pytest.fixture
async def world(
    make_settings: MakeSettings, database_url: str, mortal_broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    monkeypatch.setattr(relay_module, "BACKOFF_MAX_S", 0.5)
    monkeypatch.setattr(sink_module, "LOSS_CHECK_S", 1.0)
    others = {
        "kafka_bootstrap_servers": mortal_broker.servers,
        "kafka_enable_idempotence": mortal_broker.idempotent,
        "kafka_session_timeout_ms": SESSION_TIMEOUT_MS,
    }
    settings = {name: await make_settings(name, **others) for name in ("rewards", "notifications")}
    metadata = MetaData()
    outbox = Outbox(outbox_table(metadata))
    async with AsyncExitStack() as closing:
        told = Database(database_url)
        databases = {name: Database(each.database_url(name)) for name, each in settings.items()}
        publisher = KafkaPublisher(
            bootstrap_servers=mortal_broker.servers, enable_idempotence=mortal_broker.idempotent, topics=TOPICS
        )
        for close in (publisher.close, told.close, *(database.close for database in databases.values())):
            closing.push_async_callback(close)
        async with told.engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        relay = Relay(service="transactions", database=told, outbox=outbox, publisher=publisher)
        await closing.enter_async_context(running(relay.run(), name="relay"))
        yield World(outbox, told, settings, databases, MemoryWallet(), publisher)


async def test_a_transfer_reaches_everybody(world: World) -> None:
    """Thirty transfers: thirty rewards paid, and ninety notifications, each once."""
    async with world.consumers():
        events = await world.pay(30)
        await eventually(lambda: world.settled(30))

    await world.assert_each_effect_once(events)


async def test_a_consumer_that_was_away_catches_up(world: World) -> None:
    """Stopped in the middle and started again, with every event published twice: nothing is missed, nothing doubled."""
    async with world.consumers():
        events = await world.pay(10)
        await eventually(lambda: world.settled(5))
    events += await world.pay(10)
    await world.publisher.publish([record_of(event) for event in events])

    async with world.consumers():
        events += await world.pay(10)
        await world.publisher.publish([record_of(event) for event in reversed(events)])
        await eventually(lambda: world.settled(30))

    await world.assert_each_effect_once(events)


async def test_a_broker_that_lost_everything_is_told_again(world: World, mortal_broker: Broker) -> None:
    """What the consumers had not read yet is published again from the outbox; what they had read has no further effect."""
    async with world.consumers():
        events = await world.pay(10)
        await eventually(lambda: world.settled(10))

    events += await world.pay(10)  # acknowledged by the broker, read by nobody

    async def all_published() -> bool:
        async with world.told.read() as connection:
            return await world.outbox.count_pending(connection) == 0

    await eventually(all_published)
    await mortal_broker.lose_everything()

    async with world.consumers():
        events += await world.pay(5)
        await eventually(lambda: world.settled(25), within_s=60)

    await world.assert_each_effect_once(events)


async def test_a_broker_that_dies_under_the_consumers(world: World, mortal_broker: Broker) -> None:
    """Transfers go on while the broker is away; once it is back, empty, everything arrives, each once."""
    async with world.consumers():
        events = await world.pay(10)
        await eventually(lambda: world.settled(4))
        losing = asyncio.create_task(mortal_broker.lose_everything(away_s=1))
        events += await world.pay(10)
        await losing
        events += await world.pay(10)
        await eventually(lambda: world.settled(30), within_s=60)

    await world.assert_each_effect_once(events)


async def test_stopped_killed_and_wiped_under_load(world: World, mortal_broker: Broker) -> None:
    """Transfers never pause while the broker is stopped, killed and at last loses its disk: no event is lost, no effect doubled."""
    events: list[TransferCompleted] = []
    enough = asyncio.Event()

    async def load() -> None:
        while not enough.is_set():
            events.extend(await world.pay(1))
            await asyncio.sleep(PAUSE_S)

    async with world.consumers():
        async with running(load(), name="load") as paying:
            for end in (mortal_broker.stop, mortal_broker.kill):
                await eventually(lambda: world.settled(len(events) // 2), within_s=60)
                await asyncio.to_thread(end)
                await asyncio.sleep(1)
                await asyncio.to_thread(mortal_broker.start)
            await eventually(lambda: world.settled(len(events) // 2), within_s=60)
            await mortal_broker.lose_everything(away_s=1)
            await asyncio.sleep(2)
            enough.set()
            await paying  # cut short, it would leave a transfer that is told and not among the events
        await eventually(lambda: world.settled(len(events)), within_s=60)

    await world.assert_each_effect_once(events)
    told = {str(record_of(event).value["id"]) for event in events}

    async def all_there() -> bool:
        return told <= await events_at_broker(mortal_broker.port, [TransferCompleted.TOPIC])

    await eventually(all_there, within_s=30)


@pytest.mark.parametrize("remembered", [True, False], ids=["remembered", "forgotten"])
async def test_replaying_every_topic_changes_nothing(world: World, mortal_broker: Broker, remembered: bool) -> None:
    """Read from the first record again, every kind of event changes no row but the inbox's, even where that has forgotten them all."""
    async with world.consumers():
        events = await world.pay(20)
        await world.tell_what_was_recorded()
        await eventually(lambda: world.has_taken_in(mortal_broker), within_s=60)
    before, paid = await world.rows(), dict(world.wallet.balances)
    if not remembered:
        await world.forget_inboxes()

    await world.replay()

    assert await world.rows() == before
    assert world.wallet.balances == paid
    await world.assert_each_effect_once(events)
