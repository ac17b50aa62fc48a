"""The rewards consumer: from a completed transfer to money, with a crash between any two steps."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest
from sqlalchemy import select

from consumers.delivery import Delivery
from consumers.memory import MemoryBroker, MemoryConsumer, MemoryPublisher
from consumers.rewards import listener
from consumers.runner import Runner
from payflow.events.transfers import TOPIC, TransferCompleted
from payflow.kernel.clock import FixedClock
from payflow.kernel.db import Database, UnitOfWork
from payflow.kernel.money import Money
from payflow.kernel.outbox import Outbox
from subgraphs.rewards import tables
from subgraphs.rewards.domain import CompletedTransfer, Reward
from subgraphs.rewards.service import Rewards
from subgraphs.rewards.wallet import MemoryWallet
from tests.consumers.world import NOW, completed, count, record_of
from tests.subgraphs.conftest import MakeSettings


@pytest.fixture
async def database(make_settings: MakeSettings) -> AsyncIterator[Database]:
    database = Database((await make_settings("rewards")).database_url("rewards"))
    yield database
    await database.close()


class Crash(BaseException):
    """The process dies: nothing catches this."""


class CrashingRewards(Rewards):
    """Dies once, at the step that `dies_at` names."""

    dies_at = ""

    def _maybe_die(self, step: str) -> None:
        if type(self).dies_at == step:
            type(self).dies_at = ""
            raise Crash(step)

    async def pay(self, reward: Reward) -> None:
        self._maybe_die("granted")
        await super().pay(reward)
        self._maybe_die("paid")

    async def settle(self, transfers: Sequence[CompletedTransfer], work: UnitOfWork) -> None:
        await super().settle(transfers, work)
        self._maybe_die("settled, not committed")


def make_runner(database: Database, broker: MemoryBroker, wallet: MemoryWallet) -> Runner:
    rewards = CrashingRewards(wallet, Outbox(tables.outbox), FixedClock(NOW))
    delivery = Delivery(
        consumer="rewards",
        database=database,
        tables=tables.consuming,
        listener=listener(rewards, database),
    )
    return Runner(MemoryConsumer(broker, group="rewards", topics=[TOPIC]), delivery)


def event(wallet: MemoryWallet) -> TransferCompleted:
    data = completed()
    wallet.balances[data.from_wallet_id] = Money(0, "USD")
    return data


async def statuses(database: Database) -> list[str]:
    async with database.read() as connection:
        return [row.status for row in await connection.execute(select(tables.rewards))]


@pytest.mark.parametrize("step", ["", "granted", "paid", "settled, not committed"])
async def test_one_reward_whatever_dies_in_between(database: Database, step: str) -> None:
    """Killed between any two steps, the event is delivered again and finishes: paid once, told once."""
    broker, wallet = MemoryBroker(), MemoryWallet()
    data = event(wallet)
    await MemoryPublisher(broker).publish([record_of(data)])
    CrashingRewards.dies_at = step
    if step:
        with pytest.raises(BaseExceptionGroup) as died:
            await make_runner(database, broker, wallet).run_once()
        assert died.group_contains(Crash)
        assert await count(database, tables.inbox) == 0

    broker.group("rewards").forget()
    await make_runner(database, broker, wallet).run_once()

    assert wallet.balances[data.from_wallet_id] == Money(25, "USD")
    assert await statuses(database) == ["ISSUED"]
    assert (await count(database, tables.outbox), await count(database, tables.inbox)) == (1, 1)


async def test_replay_without_an_inbox_changes_nothing(database: Database) -> None:
    """Even if everything that was remembered is lost, replaying the topic pays nobody again."""
    broker, wallet = MemoryBroker(), MemoryWallet()
    events = [event(wallet) for _ in range(10)]
    await MemoryPublisher(broker).publish([record_of(data) for data in events])
    await make_runner(database, broker, wallet).run_once()

    async with database.unit_of_work() as work:
        await work.connection.execute(tables.inbox.delete())
    broker.group("rewards").forget()
    await make_runner(database, broker, wallet).run_once()

    assert set(wallet.balances.values()) == {Money(25, "USD")}
    assert await count(database, tables.outbox) == 10


async def test_a_wallet_that_is_away_delays_and_loses_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers that get lost are asked for again, in place."""
    monkeypatch.setattr("consumers.lanes.BACKOFF_BASE_S", 0.001)
    broker, wallet = MemoryBroker(), MemoryWallet()
    data = event(wallet)
    wallet.unavailable = 3
    await MemoryPublisher(broker).publish([record_of(data)])

    await make_runner(database, broker, wallet).run_once()

    assert wallet.balances[data.from_wallet_id] == Money(25, "USD")
    assert await statuses(database) == ["ISSUED"]


async def test_a_wallet_that_is_gone_makes_a_dead_letter(database: Database) -> None:
    """A reward that can never be paid stays PENDING, its event stands among the dead letters, and the next goes on."""
    broker, wallet = MemoryBroker(), MemoryWallet()
    lost, fine = completed(), event(wallet)
    await MemoryPublisher(broker).publish([record_of(lost), record_of(fine)])

    await make_runner(database, broker, wallet).run_once()

    assert sorted(await statuses(database)) == ["ISSUED", "PENDING"]
    async with database.read() as connection:
        (letter,) = (await connection.execute(select(tables.dead_letters))).all()
    assert letter.reason == "CreditRefused: WALLET_NOT_FOUND: There is no such wallet."
    assert letter.key == str(lost.transfer_id)


async def test_what_earns_nothing_is_remembered(database: Database) -> None:
    """A transfer without a reward is handled all the same."""
    broker, wallet = MemoryBroker(), MemoryWallet()
    await MemoryPublisher(broker).publish([record_of(completed(currency="EUR"))])

    await make_runner(database, broker, wallet).run_once()

    assert (await count(database, tables.rewards), await count(database, tables.inbox)) == (0, 1)
