"""Grant, pay, settle, against a real database and a wallet in memory: repeated and interrupted at every step."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from payflow.kernel.clock import FixedClock
from payflow.kernel.db import Database
from payflow.kernel.errors import DependencyUnavailable
from payflow.kernel.money import Money
from payflow.kernel.outbox import Outbox
from subgraphs.rewards import store
from subgraphs.rewards.domain import CompletedTransfer, Reward, RewardStatus
from subgraphs.rewards.errors import CreditRefused
from subgraphs.rewards.service import Rewards
from subgraphs.rewards.tables import outbox
from subgraphs.rewards.wallet import MemoryWallet
from tests.subgraphs.rewards.world import NOW, transfer


@pytest.fixture
def wallet() -> MemoryWallet:
    return MemoryWallet()


@pytest.fixture
def rewards(wallet: MemoryWallet) -> Rewards:
    return Rewards(wallet, Outbox(outbox), FixedClock(NOW))


async def grant(rewards: Rewards, database: Database, paid: CompletedTransfer) -> Reward | None:
    async with database.unit_of_work() as work:
        return next(iter(await rewards.grant([paid], work)), None)


async def settle(rewards: Rewards, database: Database, paid: CompletedTransfer) -> None:
    async with database.unit_of_work() as work:
        await rewards.settle([paid], work)


async def stored(database: Database, paid: CompletedTransfer) -> Reward | None:
    async with database.read() as connection:
        return (await store.by_transfers(connection, [paid.id])).get(paid.id)


async def told(database: Database) -> list[dict[str, object]]:
    async with database.read() as connection:
        return [row.value for row in await connection.execute(select(outbox).order_by(outbox.c.id))]


async def test_a_transfer_is_rewarded(rewards: Rewards, database: Database, wallet: MemoryWallet) -> None:
    """Granted, paid and settled: the money is there, the reward is ISSUED, and the others are told once."""
    paid = transfer()
    wallet.balances[paid.from_wallet_id] = Money(0, "USD")

    reward = await grant(rewards, database, paid)
    assert reward is not None
    await rewards.pay(reward)
    await settle(rewards, database, paid)

    final = await stored(database, paid)
    assert final is not None
    assert (final.status, final.issued_at) == (RewardStatus.ISSUED, NOW)
    assert wallet.balances[paid.from_wallet_id] == Money(25, "USD")
    (event,) = await told(database)
    assert event["type"] == "reward.issued.v1"
    assert event["data"] == {
        "reward_id": str(final.id),
        "user_id": str(paid.payer_id),
        "transfer_id": str(paid.id),
        "campaign_id": str(final.campaign.id),
        "campaign_name": "Welcome cashback",
        "wallet_id": str(paid.from_wallet_id),
        "amount": 25,
        "currency": "USD",
        "issued_at": "2026-11-22T13:05:00Z",
    }


@pytest.mark.parametrize("repeats", [(2, 1, 1), (1, 2, 1), (1, 1, 2), (3, 3, 3)])
async def test_each_step_may_be_repeated(
    rewards: Rewards, database: Database, wallet: MemoryWallet, repeats: tuple[int, int, int]
) -> None:
    """Whatever step is done again, one reward is paid once and told once."""
    paid = transfer()
    wallet.balances[paid.from_wallet_id] = Money(0, "USD")
    grants, payments, settlements = repeats

    for _ in range(grants):
        reward = await grant(rewards, database, paid)
    assert reward is not None
    for _ in range(payments):
        await rewards.pay(reward)
    for _ in range(settlements):
        await settle(rewards, database, paid)

    assert wallet.balances[paid.from_wallet_id] == Money(25, "USD")
    assert len(await told(database)) == 1


async def test_a_changed_campaign_does_not_change_what_was_granted(
    rewards: Rewards, database: Database, wallet: MemoryWallet
) -> None:
    """A crash behind the grant, a campaign that gives more, the event again: the first promise is what is paid."""
    from sqlalchemy import update

    from subgraphs.rewards.tables import campaigns

    paid = transfer()
    first = await grant(rewards, database, paid)
    async with database.unit_of_work() as work:
        await work.connection.execute(update(campaigns).values(rate=5000))

    again = await grant(rewards, database, paid)

    assert first is not None
    assert again is not None
    assert (again.id, again.amount) == (first.id, first.amount)


async def test_a_payment_without_an_answer_is_not_paid_twice(
    rewards: Rewards, database: Database, wallet: MemoryWallet
) -> None:
    """The wallet paid and its answer was lost: the repeat finds it done."""
    paid = transfer()
    wallet.balances[paid.from_wallet_id] = Money(0, "USD")
    wallet.unavailable = 1
    reward = await grant(rewards, database, paid)
    assert reward is not None

    with pytest.raises(DependencyUnavailable):
        await rewards.pay(reward)
    await rewards.pay(reward)

    assert wallet.balances[paid.from_wallet_id] == Money(25, "USD")


async def test_a_refused_credit_leaves_the_reward_pending(
    rewards: Rewards, database: Database, wallet: MemoryWallet
) -> None:
    """A wallet that does not exist cannot be paid; nobody is told that it was."""
    paid = transfer()
    reward = await grant(rewards, database, paid)
    assert reward is not None

    with pytest.raises(CreditRefused, match="WALLET_NOT_FOUND"):
        await rewards.pay(reward)

    final = await stored(database, paid)
    assert final is not None
    assert final.status is RewardStatus.PENDING
    assert await told(database) == []


async def test_what_earns_nothing_leaves_nothing(rewards: Rewards, database: Database) -> None:
    """A transfer in a currency without a campaign has no reward, and settling it says nothing."""
    paid = transfer(currency="EUR")

    assert await grant(rewards, database, paid) is None
    await settle(rewards, database, paid)

    assert (await stored(database, paid), await told(database)) == (None, [])
