"""From an outbox over a real broker to rows: transfers → rewards → notifications, each effect once whatever is lost on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import MetaData, select

from consumers.app import Parts, create_app
from payflow.events.catalogue import TOPICS
from payflow.events.kafka import KafkaPublisher
from payflow.events.transfers import TransferCompleted
from payflow.kernel import relay as relay_module
from payflow.kernel.background import running
from payflow.kernel.db import Database
from payflow.kernel.hints import MemoryHints
from payflow.kernel.money import Money
from payflow.kernel.outbox import Outbox, outbox_table
from payflow.kernel.relay import Relay
from payflow.kernel.settings import Settings
from subgraphs.notifications import tables as notifications_tables
from subgraphs.rewards.wallet import MemoryWallet
from tests.consumers.world import completed, count, eventually, record_of
from tests.kafka.brokers import Broker
from tests.subgraphs.conftest import MakeSettings


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


@pytest.fixture
async def world(
    make_settings: MakeSettings, database_url: str, mortal_broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    monkeypatch.setattr(relay_module, "BACKOFF_MAX_S", 0.5)
    monkeypatch.setattr(relay_module, "LOSS_CHECK_S", 1.0)
    others = {
        "kafka_bootstrap_servers": mortal_broker.servers,
        "kafka_enable_idempotence": mortal_broker.idempotent,
        "kafka_session_timeout_ms": 1500,
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
