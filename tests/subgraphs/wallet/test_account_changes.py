"""What the wallet tells: each change of somebody's account once, in its order, as the entries say; and its role can tell nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from consumers.memory import MemoryBroker, MemoryConsumer, MemoryPublisher
from payflow.events.envelope import read_data, read_envelope, to_record
from payflow.events.wallets import TOPIC, AccountChanged
from payflow.kernel.background import running
from payflow.kernel.db import Database
from payflow.kernel.relay import Relay
from payflow.kernel.sequencer import Sequencer
from subgraphs.wallet.tables import SEQUENCE_CHANGES, account, entry, make_outbox, outbox
from tests.subgraphs.wallet.world import World

IDENTITY = b"wallet.account_changed"


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    """A world alone, as the role that serves sees it."""
    world = World.over(database)
    yield world
    await world.ledger.close()


async def sequence(database: Database) -> int:
    """Move all marks to the log; answers how many there were."""
    sequencer = Sequencer(service="wallet", statement=SEQUENCE_CHANGES, moved=lambda: None)
    moved = 0
    async with database.session() as session:
        while batch := await sequencer.sequence_batch(session):
            moved += batch
    return moved


async def told(database: Database) -> list[AccountChanged]:
    """Every event of the log, in the order of the positions, as its type reads it."""
    async with database.read() as connection:
        rows = await connection.execute(text("SELECT topic, key, event_id, value FROM event_log ORDER BY pos"))
        return [read_row(row) for row in rows]


def read_row(row: Any) -> AccountChanged:
    event = read_envelope(orjson.dumps(row.value))
    data = read_data(event, AccountChanged)
    assert (row.topic, row.key, row.event_id) == (TOPIC, str(data.wallet_id), event.id)
    written = to_record(data, event_id=event.id, time=event.time).value
    assert row.value == written, "as Python would have written it"
    return data


async def test_each_change_of_a_wallet_is_told(world: World, database: Database) -> None:
    """Of a deposit, a hold and its capture: one event for each account and journal, as the entry says; none of a system account."""
    ada, bob = await world.open(), await world.open()
    await world.deposit(ada, 100)
    placed = await world.placed(ada, bob, 30)
    await world.capture(placed.id)

    assert await sequence(database) == 4  # the account that stands for the outside is not marked
    events = await told(database)

    facts = [(each.wallet_id, each.seq, each.kind, each.posted_change, each.held_change) for each in events]
    assert facts[:2] == [(ada.id, 1, "DEPOSIT", 100, 0), (ada.id, 2, "HOLD", 0, 30)]
    assert set(facts[2:]) == {(ada.id, 3, "CAPTURE", -30, -30), (bob.id, 1, "CAPTURE", 30, 0)}
    last = next(each for each in events if each.seq == 3)
    assert (last.posted, last.held, last.available, last.currency, last.user_id) == (70, 0, 70, "USD", ada.owner_id)
    assert last.transfer_id == placed.transfer_id
    assert next(each for each in events if each.seq == 1 and each.wallet_id == ada.id).transfer_id is None


async def test_every_entry_of_a_wallet_is_told_once(world: World, database: Database) -> None:
    """Sequenced in between, at random or twice, each entry of a person's account makes exactly one event, in the order of `seq`."""
    wallets = [await world.open() for _ in range(3)]
    for number in range(12):
        await world.deposit(wallets[number % 3], number + 1)
        if number % 4 == 0:
            await sequence(database)
    await sequence(database)
    assert await sequence(database) == 0

    events = await told(database)
    async with database.read() as connection:
        query = (
            select(entry.c.account_id, entry.c.seq)
            .join(account, account.c.id == entry.c.account_id)
            .where(account.c.kind == "USER")
        )
        entries = {(row.account_id, row.seq) for row in await connection.execute(query)}
    assert sorted((each.wallet_id, each.seq) for each in events) == sorted(entries)
    for wallet in wallets:
        assert [each.seq for each in events if each.wallet_id == wallet.id] == [1, 2, 3, 4]


async def test_who_posts_late_is_not_skipped(world: World, database: Database) -> None:
    """A posting whose mark has the lower id, and which commits after another's was sequenced, is told by the next pass."""
    ada, bob = await world.open(holding=10), await world.open(holding=10)
    await sequence(database)
    hold = text(
        "SELECT status FROM post(ARRAY[posting_of('HOLD', wallet_id => :ada, payee_id => :bob, owner_id => :owner, currency => 'USD',"
        " amount => 5, scope => 'hold', key => CAST(CAST(:hold AS uuid) AS text), hold_id => :hold, transfer_id => :hold, seconds => 60)])"
    )
    async with database.unit_of_work() as late:
        await late.connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))  # late, on any machine
        values = {"ada": ada.id, "bob": bob.id, "owner": ada.owner_id, "hold": uuid4()}
        assert await late.connection.scalar(hold, values) == "OK"
        await world.deposit(bob, 7)
        assert await sequence(database) == 1

    assert await sequence(database) == 1
    assert [(each.wallet_id, each.seq) for each in await told(database)][2:] == [(bob.id, 2), (ada.id, 2)]


async def test_the_id_of_a_change_is_its_own_for_ever(world: World, database: Database) -> None:
    """A UUID of version 8 from a SHA-256 of account and number: whoever computes it gets the same."""
    ada = await world.open()
    await world.deposit(ada, 5)
    await sequence(database)
    async with database.read() as connection:
        event_id = await connection.scalar(text("SELECT event_id FROM event_log"))

    digest = bytearray(hashlib.sha256(IDENTITY + ada.id.bytes + (1).to_bytes(8, "big")).digest()[:16])
    digest[6], digest[8] = digest[6] & 0x0F | 0x80, digest[8] & 0x3F | 0x80
    assert event_id == UUID(bytes=bytes(digest))
    assert event_id.version == 8


async def test_a_change_that_was_told_is_not_told_again(
    world: World, database: Database, owner_database: Database
) -> None:
    """Should a mark come twice, its event does not."""
    ada = await world.open()
    await world.deposit(ada, 5)
    await sequence(database)
    async with owner_database.unit_of_work() as work:
        await work.connection.execute(outbox.insert(), {"account_id": ada.id, "seq": 1})

    assert await sequence(database) == 1
    assert len(await told(database)) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO event_log (pos, event_id, topic, key, value, created_at) VALUES (1, gen_random_uuid(), 't', 'k', '{}', now())",
        "UPDATE event_log SET value = '{}'",
        "INSERT INTO outbox (account_id, seq) VALUES (gen_random_uuid(), 1)",
        "DELETE FROM outbox",
        "TRUNCATE event_log",
    ],
)
async def test_the_serving_role_writes_no_event(database: Database, statement: str) -> None:
    """It moves marks by the function alone: what is told of accounts is what the entries say."""
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.unit_of_work() as work:
            await work.connection.execute(text(statement))


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05Z"),
        (datetime(2026, 1, 2, 3, 4, 5, 20, tzinfo=UTC), "2026-01-02T03:04:05.000020Z"),
        (datetime(2026, 1, 2, 3, 4, 5, 500_000, tzinfo=UTC), "2026-01-02T03:04:05.500000Z"),
    ],
)
async def test_times_are_written_as_everywhere(owner_database: Database, at: datetime, written: str) -> None:
    """To the microsecond, in UTC, without a fraction where there is none."""
    async with owner_database.read() as connection:
        assert await connection.scalar(text("SELECT event_time(CAST(:at AS timestamptz))"), {"at": at}) == written


async def test_postings_reach_the_broker(world: World, database: Database) -> None:
    """With the rights that the wallet serves with, a relay sequences, publishes, checks the broker's log and purges."""
    broker, box = MemoryBroker(), make_outbox()
    relay = Relay(
        service="wallet",
        database=database,
        outbox=box,
        publisher=MemoryPublisher(broker),
        sequencing=SEQUENCE_CHANGES,
    )
    ada = await world.open()
    await world.deposit(ada, 5)
    reader = MemoryConsumer(broker, group="reader", topics=[TOPIC])
    async with running(relay.run(), name="relay"):
        box.wake()
        [message] = await reader.poll(most=10, wait_s=10)
    assert read_data(read_envelope(message.value), AccountChanged).posted == 5

    broker.wipe()
    cursor = await relay.sink.check(await relay.sink.lead())
    assert cursor.pos == 0
    assert (await relay.sink.publish_batch(cursor)).pos == 1
    assert await relay.sink.purge() == 0
