"""What was written once is read for ever: recorded events against their types, and through every consumer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import pytest
from sqlalchemy import Table, select

from consumers import notifications, rewards
from consumers.app import Parts, create_app
from consumers.memory import MemoryBroker, MemoryConsumer, MemoryPublisher
from payflow.events.catalogue import EVENTS, TOPICS
from payflow.events.envelope import EventData, read_data
from payflow.events.transfers import TransferCompleted
from payflow.kernel.db import Database
from payflow.kernel.hints import MemoryHints
from payflow.kernel.money import Money
from subgraphs.notifications import tables as notifications_tables
from subgraphs.rewards import tables as rewards_tables
from subgraphs.rewards.wallet import MemoryWallet
from tests.consumers.world import count, eventually
from tests.events.recorded import SAMPLES, Sample
from tests.subgraphs.conftest import MakeSettings

TYPES = {event.TYPE: event for event in EVENTS}
LISTENS: dict[str, Sequence[type[EventData]]] = {"rewards": rewards.EVENTS, "notifications": notifications.EVENTS}
TABLES = {"rewards": rewards_tables.metadata.tables, "notifications": notifications_tables.metadata.tables}


def test_every_type_has_a_sample() -> None:
    """A type without one would be changed untried."""
    assert {sample.type for sample in SAMPLES} == set(TYPES)


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_a_sample_is_read(sample: Sample) -> None:
    """Envelope and data are accepted as they are; fields that are optional may lack, fields of the future are ignored."""
    event, kind = sample.event, TYPES[sample.type]

    data = read_data(event, kind)

    assert (event.type, event.source, event.subject) == (kind.TYPE, kind.SOURCE, data.subject)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.TYPE)
def test_optional_fields_lack_somewhere(event: type[EventData]) -> None:
    """Of each type with optional fields a sample has none of them: that is how it was before they came."""
    optional = {name for name, field in event.model_fields.items() if not field.is_required()}
    recorded = [set(sample.event.data) for sample in SAMPLES if sample.type == event.TYPE]

    assert not optional or any(not fields & optional for fields in recorded)


@pytest.mark.parametrize("name", LISTENS)
async def test_a_consumer_handles_or_ignores_every_sample(name: str, make_settings: MakeSettings) -> None:
    """Of all topics' samples it remembers those that it listens to, each once, and none is buried."""
    settings, broker, wallet = await make_settings(name), MemoryBroker(), MemoryWallet()
    database, topics = Database(settings.database_url(name)), list(TOPICS)
    for sample in (*SAMPLES, *SAMPLES):
        kind = TYPES[sample.type]
        broker.append(kind.TOPIC, sample.event.subject, sample.value)
        data = read_data(sample.event, kind)
        if isinstance(data, TransferCompleted):
            wallet.balances[data.from_wallet_id] = Money(0, "USD")
    parts = Parts(
        consumer=MemoryConsumer(broker, group=name, topics=topics),
        publisher=MemoryPublisher(MemoryBroker()),
        hints=MemoryHints(),
        wallet=wallet,
    )

    async def all_read() -> bool:
        return sum(broker.group(name).committed.values()) == 2 * len(SAMPLES)

    app = create_app(name, settings, parts=parts)
    async with app.router.lifespan_context(app):
        await eventually(all_read)

    heard = {event.TYPE for event in LISTENS[name]}
    assert await remembered(database, TABLES[name]["inbox"]) == Counter(s.id for s in SAMPLES if s.type in heard)
    for table in {"dead_letters", "parked"} & set(TABLES[name]):
        assert await count(database, TABLES[name][table]) == 0
    await database.close()


async def remembered(database: Database, inbox: Table) -> Counter[UUID]:
    async with database.read() as connection:
        return Counter((await connection.execute(select(inbox.c.event_id))).scalars())
