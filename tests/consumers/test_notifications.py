"""The notifications consumer: every event that concerns somebody becomes what they are told, once however often it comes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from consumers.delivery import Delivery
from consumers.memory import MemoryBroker, MemoryConsumer, MemoryPublisher
from consumers.notifications import EVENTS, listener
from consumers.runner import Runner
from payflow.events.catalogue import EVENTS as ALL_EVENTS
from payflow.events.envelope import EventData
from payflow.events.payment_requests import PaymentRequestClosed, PaymentRequestCreated
from payflow.events.transfers import TransferRefunded
from payflow.events.users import SessionRevoked
from payflow.kernel.clock import FixedClock
from payflow.kernel.db import Database, counting_statements
from payflow.kernel.hints import MemoryHints
from payflow.kernel.ids import new_id
from subgraphs.notifications import tables
from subgraphs.notifications.service import Notifications
from tests.consumers.world import NOW, completed, count, failed, issued, record_of
from tests.subgraphs.conftest import MakeSettings

ADA, BOB = new_id(), new_id()
PAID = {"payer_id": ADA, "payee_id": BOB}
ASKED = {
    "payment_request_id": new_id(), "requester_id": BOB, "payer_id": ADA, "amount": 1250, "currency": "USD",
}  # fmt: skip


@pytest.fixture
async def database(make_settings: MakeSettings) -> AsyncIterator[Database]:
    database = Database((await make_settings("notifications")).database_url("notifications"))
    yield database
    await database.close()


def refunded(**others: Any) -> TransferRefunded:
    """$5.00 of $25.00."""
    fields = completed(**PAID).model_dump(exclude={"completed_at"})
    refund = {"refund_id": new_id(), "refund_amount": 500, "refunded": 500, "refunded_at": NOW}
    return TransferRefunded(**{**fields, **refund, **others})


def closed(status: str, transfer_id: UUID | None = None) -> PaymentRequestClosed:
    fields = {**ASKED, "status": status, "transfer_id": transfer_id, "closed_at": NOW}
    return PaymentRequestClosed.model_validate(fields)


def requested() -> PaymentRequestCreated:
    return PaymentRequestCreated.model_validate({**ASKED, "created_at": NOW, "expires_at": NOW + timedelta(days=30)})


def revoked(reason: str) -> SessionRevoked:
    return SessionRevoked.model_validate({"user_id": ADA, "session_id": new_id(), "reason": reason, "revoked_at": NOW})


def runner(database: Database, broker: MemoryBroker) -> Runner:
    handler = listener(Notifications(MemoryHints(), FixedClock(NOW)))
    delivery = Delivery(
        consumer="notifications",
        database=database,
        tables=tables.consuming,
        listener=handler,
    )
    return Runner(MemoryConsumer(broker, group="notifications", topics=handler.topics), delivery)


async def told(database: Database) -> list[tuple[UUID, str, str]]:
    """Who was told what, of which kind."""
    table = tables.notifications
    async with database.read() as connection:
        rows = await connection.execute(select(table).order_by(table.c.kind, table.c.reader_id == BOB))
        return [(row.reader_id, row.kind, row.title) for row in rows]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            completed(**PAID),
            [(BOB, "TRANSFER_RECEIVED", "You received $25.00"), (ADA, "TRANSFER_SENT", "You sent $25.00")],
        ),
        (failed(**PAID), [(ADA, "TRANSFER_FAILED", "Your transfer of $25.00 did not go through")]),
        (
            refunded(),
            [(ADA, "TRANSFER_REFUNDED", "You got $5.00 back"), (BOB, "TRANSFER_REFUNDED", "You gave $5.00 back")],
        ),
        (issued(user_id=ADA), [(ADA, "REWARD_ISSUED", "You earned $0.25")]),
        (requested(), [(ADA, "PAYMENT_REQUESTED", "You are asked for $12.50")]),
        (closed("PAID", new_id()), [(BOB, "PAYMENT_REQUEST_CLOSED", "Your request for $12.50 was paid")]),
        (closed("DECLINED"), [(BOB, "PAYMENT_REQUEST_CLOSED", "Your request for $12.50 was declined")]),
        (closed("CANCELLED"), [(ADA, "PAYMENT_REQUEST_CLOSED", "A request for $12.50 was withdrawn")]),
        (
            closed("EXPIRED"),
            [
                (ADA, "PAYMENT_REQUEST_CLOSED", "A request for $12.50 has expired"),
                (BOB, "PAYMENT_REQUEST_CLOSED", "Your request for $12.50 has expired"),
            ],
        ),
        (revoked("TOKEN_REUSED"), [(ADA, "SESSION_ENDED", "You were signed out for your safety")]),
        (revoked("LOGGED_OUT"), []),
    ],
    ids=[
        *("completed", "failed", "refunded", "rewarded"),
        *("asked", "paid", "declined", "cancelled", "expired"),
        *("token reused", "logged out"),
    ],
)
async def test_who_is_told_of_what(database: Database, event: EventData, expected: list[tuple[UUID, str, str]]) -> None:
    """From the record on the topic to the rows of their readers."""
    broker = MemoryBroker()
    await MemoryPublisher(broker).publish([record_of(event)])

    await runner(database, broker).run_once()

    assert await told(database) == expected
    assert await count(database, tables.dead_letters) == 0


def test_every_kind_has_its_event() -> None:
    """The events of this test are all that the consumer listens to, and nothing that happens to people is left out."""
    told_of = {event.TYPE for event in EVENTS}

    assert told_of >= {event.TYPE for event in ALL_EVENTS if event.TYPE.startswith(("transfer.", "payment_request."))}
    assert told_of >= {"reward.issued.v1", "session.revoked.v1"}


async def test_a_batch_is_told_in_one_statement(database: Database) -> None:
    """A hundred events that were polled together are appended at once, each stream in the order of its events."""
    broker = MemoryBroker()
    events = [completed(payee_id=BOB, amount=100 * number) for number in range(1, 101)]
    await MemoryPublisher(broker).publish([record_of(event) for event in events])

    async with counting_statements(database.engine) as statements:
        await runner(database, broker).run_once()

    assert len([each for each in statements if "INSERT INTO notifications" in each]) <= 2
    assert await count(database, tables.notifications) == 200


async def test_replay_without_an_inbox_tells_nobody_again(database: Database) -> None:
    """Even if everything that was remembered is lost, reading the topics from the start changes no stream."""
    broker = MemoryBroker()
    events = [completed(**PAID), refunded(), requested(), closed("EXPIRED"), issued(user_id=ADA), failed(**PAID)]
    events.append(revoked("TOKEN_REUSED"))
    await MemoryPublisher(broker).publish([record_of(event) for event in events])
    await runner(database, broker).run_once()
    before = await told(database)

    for forget_inbox in (False, True):
        if forget_inbox:
            async with database.unit_of_work() as work:
                await work.connection.execute(tables.inbox.delete())
        broker.group("notifications").forget()
        await runner(database, broker).run_once()

    assert await told(database) == before
    assert len(before) == 10
    async with database.read() as connection:
        rows = {row.id: row.last_seq for row in await connection.execute(select(tables.readers))}
    assert sum(rows.values()) == 10
