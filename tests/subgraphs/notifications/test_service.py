"""Writing into streams: numbered without a gap, each event once, whoever writes at the same time."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from payflow.kernel.db import Database
from payflow.kernel.hints import MemoryHints
from payflow.kernel.ids import new_id
from subgraphs.notifications import store
from subgraphs.notifications.domain import (
    Notification,
    NotificationKind,
    Transfer,
    on_reward_issued,
    on_transfer_completed,
    on_transfer_failed,
    stream_subject,
)
from subgraphs.notifications.service import Notifications
from tests.subgraphs.notifications.world import NOW, cause, reward, service, tell, transfer


async def stream(database: Database, reader_id: UUID) -> list[Notification]:
    async with database.read() as connection:
        start = store.Position(reader_id, 0)
        return (await store.since(connection, [start], most=1000))[start]


async def rolled_back(database: Database, notifications: Notifications, paid: Transfer) -> None:
    """Write, and fail before the commit."""
    async with database.unit_of_work() as work:
        await notifications.tell(on_transfer_completed(cause(), paid), work)
        raise RuntimeError


class NotedHints(MemoryHints):
    """Notes what is rung."""

    def __init__(self) -> None:
        super().__init__()
        self.rung: list[str] = []

    def publish(self, subject: str) -> None:
        self.rung.append(subject)


async def test_an_event_is_written_into_the_streams_it_concerns(database: Database) -> None:
    """Each reader's stream starts at 1, and counts what is unread."""
    paid = transfer(note="Lunch")
    async with database.unit_of_work() as work:
        await service().tell(on_transfer_completed(cause(), paid), work)
        await service().tell(on_transfer_failed(cause(), transfer(payer_id=paid.payer_id), "LIMIT_EXCEEDED"), work)
        await service().tell(on_reward_issued(cause(), reward(user_id=paid.payer_id)), work)

    payer, payee = await stream(database, paid.payer_id), await stream(database, paid.payee_id)

    assert [(each.seq, each.notice.kind, each.created_at, each.read_at) for each in payer] == [
        (1, NotificationKind.TRANSFER_SENT, NOW, None),
        (2, NotificationKind.TRANSFER_FAILED, NOW, None),
        (3, NotificationKind.REWARD_ISSUED, NOW, None),
    ]
    assert [(each.seq, each.notice.kind) for each in payee] == [(1, NotificationKind.TRANSFER_RECEIVED)]
    async with database.read() as connection:
        counts = await store.unread_counts(connection, [paid.payer_id, paid.payee_id, new_id()])
    assert counts == {paid.payer_id: 3, paid.payee_id: 1}


async def test_an_event_told_again_changes_nothing(database: Database) -> None:
    """Even with the inbox forgotten a repeat takes no place in the stream."""
    event_id, paid = new_id(), transfer()
    for _ in range(3):
        async with database.unit_of_work() as work:
            await service().tell(on_transfer_completed(cause(event_id), paid), work)

    assert [each.seq for each in await stream(database, paid.payer_id)] == [1]


async def test_paying_oneself_tells_twice(database: Database) -> None:
    """Sent and received are two notifications of one stream."""
    me = new_id()
    async with database.unit_of_work() as work:
        await service().tell(on_transfer_completed(cause(), transfer(payer_id=me, payee_id=me)), work)

    assert {each.notice.kind for each in await stream(database, me)} == {
        NotificationKind.TRANSFER_SENT,
        NotificationKind.TRANSFER_RECEIVED,
    }


async def test_streams_have_no_gaps_whoever_writes_at_once(database: Database) -> None:
    """Two people who pay each other both ways at once: no deadlock, and both streams run 1 to 40."""
    ada, bob = new_id(), new_id()

    async def pay(payer: object, payee: object) -> None:
        async with database.unit_of_work() as work:
            await service().tell(on_transfer_completed(cause(), transfer(payer_id=payer, payee_id=payee)), work)

    await asyncio.gather(*(pay(ada, bob) if number % 2 else pay(bob, ada) for number in range(40)))

    for reader in (ada, bob):
        assert [each.seq for each in await stream(database, reader)] == list(range(1, 41))


async def test_a_rolled_back_event_leaves_no_gap(database: Database) -> None:
    """A number that was never committed is given out again."""
    ada = new_id()
    await tell(database, ada)
    with pytest.raises(RuntimeError):
        await rolled_back(database, service(), transfer(payee_id=ada))
    await tell(database, ada)

    assert [each.seq for each in await stream(database, ada)] == [1, 2]


async def test_hints_ring_after_the_commit_and_only_then(database: Database) -> None:
    """Who is woken finds the row; a transaction that rolls back wakes nobody."""
    paid, hints = transfer(), NotedHints()

    async with database.unit_of_work() as work:
        await service(hints).tell(on_transfer_completed(cause(), paid), work)
        assert hints.rung == []
    assert sorted(hints.rung) == sorted([stream_subject(paid.payer_id), stream_subject(paid.payee_id)])

    with pytest.raises(RuntimeError):
        await rolled_back(database, service(hints), paid)
    assert len(hints.rung) == 2
