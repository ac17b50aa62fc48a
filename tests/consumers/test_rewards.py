"""The rewards consumer: from what happened to a transfer to the money of it, with a crash between any two steps."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text

from consumers.delivery import Delivery
from consumers.handlers import Happened
from consumers.memory import MemoryBroker, MemoryConsumer, MemoryPublisher
from consumers.rewards import listener
from consumers.runner import Runner
from payflow.events.transfers import TOPIC, TransferCompleted, TransferRefunded
from payflow.kernel.clock import FixedClock
from payflow.kernel.db import Database, UnitOfWork
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from payflow.kernel.outbox import Outbox
from subgraphs.rewards import counting, store, tables
from subgraphs.rewards.domain import CompletedTransfer
from subgraphs.rewards.payouts import Payouts
from subgraphs.rewards.service import Rewards
from subgraphs.rewards.wallet import MemoryWallet
from tests.consumers.world import NOW, completed, count, eventually, record_of
from tests.subgraphs.conftest import MakeSettings

WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
async def database(make_settings: MakeSettings) -> AsyncIterator[Database]:
    database = Database((await make_settings("rewards")).database_url("rewards"))
    yield database
    await database.close()


class Crash(BaseException):
    """The process dies: nothing catches this."""


class Mortal:
    """Dies once, at the step that `dies_at` names."""

    dies_at = ""

    @classmethod
    def may_die(cls, step: str) -> None:
        if cls.dies_at == step:
            cls.dies_at = ""
            raise Crash(step)


class MortalRewards(Rewards):
    async def assess(self, transfers: Sequence[CompletedTransfer], work: UnitOfWork) -> None:
        await super().assess(transfers, work)
        Mortal.may_die("assessed, not committed")


class MortalPayouts(Payouts):
    async def settle(self, transfer_ids: Sequence[UUID], refund_ids: Sequence[UUID]) -> None:
        Mortal.may_die("committed")
        await super().settle(transfer_ids, refund_ids)
        Mortal.may_die("booked")


class MortalWallet(MemoryWallet):
    async def credit(self, command: object) -> None:
        await super().credit(command)  # type: ignore[arg-type]  # as it comes
        Mortal.may_die("paid")

    async def debit(self, command: object) -> Money:
        taken = await super().debit(command)  # type: ignore[arg-type]  # as it comes
        Mortal.may_die("taken")
        return taken


class Platform:
    """A broker, a wallet and the consumer between them, which may be started anew at any time."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.broker, self.wallet, self.clock = MemoryBroker(), MortalWallet(), FixedClock(NOW)

    async def publish(self, *data: TransferCompleted | TransferRefunded) -> None:
        await MemoryPublisher(self.broker).publish([record_of(one, event_id=_event_id(one)) for one in data])

    async def consume(self) -> None:
        """What a process that is started now does: read what is not committed, then what the worker finds due."""
        payouts = MortalPayouts(self.database, self.wallet, Outbox(tables.outbox), self.clock)
        delivery = Delivery(
            consumer="rewards",
            database=self.database,
            tables=tables.consuming,
            listener=listener(MortalRewards(self.clock), payouts),
        )
        consumer = MemoryConsumer(self.broker, group="rewards", topics=[TOPIC])
        try:
            await Runner(consumer, delivery).run_once()
        finally:
            await consumer.close()
        self.clock.advance(timedelta(minutes=10))
        while await payouts.resume():
            pass

    async def consume_until_it_dies(self, step: str) -> None:
        Mortal.dies_at = step
        with contextlib.suppress(Crash, BaseExceptionGroup):
            await self.consume()
        assert Mortal.dies_at == "", "it did not come by there"

    def pays(self, **others: object) -> TransferCompleted:
        data = completed(**others)
        self.wallet.balances.setdefault(data.from_wallet_id, Money(0, "USD"))
        return data

    def balance(self, data: TransferCompleted) -> int:
        return self.wallet.balances[data.from_wallet_id].amount

    async def statuses(self) -> list[str]:
        async with self.database.read() as connection:
            return sorted(row.status for row in await connection.execute(select(tables.rewards)))

    async def told(self) -> list[str]:
        async with self.database.read() as connection:
            rows = await connection.execute(select(tables.outbox.c.value).order_by(tables.outbox.c.id))
            return [row.value["type"] for row in rows]

    async def everything(self) -> dict[str, object]:
        """All that stands in the database, but for the inbox."""
        async with self.database.read() as connection:
            return {
                table.name: sorted(map(str, (await connection.execute(select(table))).all()))
                for table in tables.metadata.sorted_tables
                if table is not tables.inbox
            }


def _event_id(data: TransferCompleted | TransferRefunded) -> UUID | None:
    return data.refund_id if isinstance(data, TransferRefunded) else None


def refunded(data: TransferCompleted, in_all: int) -> TransferRefunded:
    fields = data.model_dump(exclude={"completed_at"})
    return TransferRefunded(**fields, refund_id=new_id(), refund_amount=in_all, refunded=in_all, refunded_at=NOW)


@pytest.fixture
def platform(database: Database) -> Platform:
    return Platform(database)


@pytest.mark.parametrize("step", ["", "assessed, not committed", "committed", "paid", "booked"])
async def test_one_reward_whatever_dies_in_between(platform: Platform, step: str) -> None:
    """Killed between any two steps, whoever is started next finishes: paid once, told once."""
    data = platform.pays()
    await platform.publish(data)
    if step:
        await platform.consume_until_it_dies(step)

    platform.broker.group("rewards").forget()
    await platform.consume()

    assert (platform.balance(data), await platform.statuses()) == (25, ["ISSUED"])
    assert await platform.told() == ["reward.issued.v1"]
    assert await count(platform.database, tables.inbox) == 1


@pytest.mark.parametrize("step", ["committed", "taken", "booked"])
async def test_one_claw_back_whatever_dies_in_between(platform: Platform, step: str) -> None:
    """The same on the way back."""
    data = platform.pays()
    await platform.publish(data)
    await platform.consume()
    await platform.publish(refunded(data, 1000))

    await platform.consume_until_it_dies(step)
    platform.broker.group("rewards").forget()
    await platform.consume()

    assert (platform.balance(data), await platform.statuses()) == (15, ["ISSUED"])
    assert await platform.told() == ["reward.issued.v1", "reward.clawed_back.v1"]


async def test_replay_without_an_inbox_changes_nothing(platform: Platform) -> None:
    """Even if everything that was remembered is lost, replaying the topic changes no row, and pays nobody again."""
    payments = [platform.pays() for _ in range(10)]
    circle = platform.pays(payer_id=payments[0].payee_id, payee_id=payments[0].payer_id)
    euros = platform.pays(currency="EUR")
    await platform.publish(*payments, euros)
    await platform.consume()
    await platform.publish(circle, *(refunded(data, in_all) for data in payments[:5] for in_all in (700, 1400)))
    await platform.consume()
    before, balances = await platform.everything(), dict(platform.wallet.balances)

    async with platform.database.unit_of_work() as work:
        await work.connection.execute(tables.inbox.delete())
    platform.broker.group("rewards").forget()
    await platform.consume()

    assert await platform.everything() == before
    assert platform.wallet.balances == balances
    assert [platform.balance(data) for data in payments] == [25 - 14] * 5 + [25] * 5
    assert await count(platform.database, tables.inbox) == 22


async def test_a_refund_in_the_same_batch_comes_after_its_transfer(platform: Platform) -> None:
    """Both are delivered in one transaction: granted, paid, and taken back."""
    data = platform.pays()
    await platform.publish(data, refunded(data, 2500))

    await platform.consume()

    assert (platform.balance(data), await platform.statuses()) == (0, ["CLAWED_BACK"])


async def test_a_batch_with_both_waits_in_no_circle(platform: Platform, database: Database) -> None:
    """A transfer, and a refund of an older one, while a process books for that: it has the reward, and wants the campaign."""
    older, newer = platform.pays(), platform.pays()
    await platform.publish(older)
    await platform.consume()
    payouts = Payouts(database, platform.wallet, Outbox(tables.outbox), platform.clock)
    handle = listener(Rewards(platform.clock), payouts).handle

    async def batch() -> None:
        async with database.unit_of_work() as work:
            await handle([Happened(new_id(), newer), Happened(new_id(), refunded(older, 1000))], work)

    async def waits() -> bool:
        async with database.read() as connection:
            return bool(await connection.scalar(text(WAITS)))

    async with database.unit_of_work() as booking:
        [reward] = (await store.by_transfers(booking.connection, [older.transfer_id])).values()
        await store.lock_all(booking, [reward.id])
        handling = asyncio.create_task(batch())
        await eventually(waits)
        await counting.give_back(booking, {(reward.campaign.id, reward.user_id, reward.earned_on): 1})
    await handling

    assert await platform.statuses() == ["ISSUED", "PENDING"]


async def test_a_wallet_that_is_away_holds_up_nothing(platform: Platform) -> None:
    """The event is handled all the same, nothing is parked; the worker pays when the wallet answers again."""
    data = platform.pays()
    platform.wallet.unavailable = 3
    await platform.publish(data)

    for _ in range(4):
        await platform.consume()

    assert (platform.balance(data), await platform.statuses()) == (25, ["ISSUED"])
    assert await count(platform.database, tables.consuming.parked) == 0


async def test_a_wallet_that_is_gone_makes_no_dead_letter(platform: Platform) -> None:
    """A reward that can never be paid is rejected, with the reason, and the next goes on."""
    lost, fine = completed(), platform.pays()
    await platform.publish(lost, fine)

    await platform.consume()

    assert await platform.statuses() == ["ISSUED", "REJECTED"]
    assert await count(platform.database, tables.dead_letters) == 0
    async with platform.database.read() as connection:
        codes = await connection.scalars(select(tables.rewards.c.failure_code).order_by(tables.rewards.c.failure_code))
    assert list(codes) == ["WALLET_NOT_FOUND", None]


async def test_what_earns_nothing_is_remembered(platform: Platform) -> None:
    """A transfer without a reward is handled all the same."""
    await platform.publish(completed(currency="EUR"))

    await platform.consume()

    assert (await count(platform.database, tables.rewards), await count(platform.database, tables.inbox)) == (0, 1)
