"""Builders for the rewards tests: transfers, campaigns, and a small world in which events come and money moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from payflow.kernel.clock import FixedClock
from payflow.kernel.db import Database
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from payflow.kernel.outbox import Outbox
from subgraphs.rewards import campaigns_store, clawbacks_store, store
from subgraphs.rewards.campaigns import Life, Terms, Version
from subgraphs.rewards.clawbacks import ClawBack, Refunded
from subgraphs.rewards.domain import CompletedTransfer, Reward, RewardStatus
from subgraphs.rewards.operating import Operator
from subgraphs.rewards.payouts import Payouts
from subgraphs.rewards.service import Rewards
from subgraphs.rewards.tables import campaigns, outbox, rewards, user_days
from subgraphs.rewards.wallet import MemoryWallet, Wallet

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)  # a Sunday
DEFAULT_CAMPAIGN = UUID("01935000-0000-7000-8000-000000000001")
OPERATOR = Operator("operator:ada", "a test")


def transfer(amount: int = 2500, currency: str = "USD", **others: Any) -> CompletedTransfer:
    fields: dict[str, Any] = {
        "id": new_id(),
        "payer_id": new_id(),
        "payee_id": new_id(),
        "from_wallet_id": new_id(),
        "amount": Money(amount, currency),
        "completed_at": NOW,
    }
    return CompletedTransfer(**{**fields, **others})


def refund(paid: CompletedTransfer, refunded: int) -> Refunded:
    """The refund after which so much of a transfer has gone back in all."""
    return Refunded(
        refund_id=new_id(),
        transfer_id=paid.id,
        paid=paid.amount,
        refunded=Money(refunded, paid.amount.currency),
        refunded_at=NOW,
    )


def terms(**others: Any) -> Terms:
    """Ten per cent since yesterday."""
    return Terms(**{"name": "Tenth", "rate": 1000, "starts_at": NOW - timedelta(days=1), **others})


@dataclass
class World:
    """A rewards service with a wallet beside it. Time stands still until it is moved."""

    database: Database
    wallet: Any = field(default_factory=MemoryWallet)
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))

    @property
    def rewards(self) -> Rewards:
        return Rewards(self.clock)

    @property
    def payouts(self) -> Payouts:
        wallet: Wallet = self.wallet
        return Payouts(self.database, wallet, Outbox(outbox), self.clock)

    def transfer(self, amount: int = 2500, **others: Any) -> CompletedTransfer:
        """A transfer from a wallet that there is."""
        paid = transfer(amount, **others)
        self.wallet.balances.setdefault(paid.from_wallet_id, Money(0, paid.amount.currency))
        return paid

    def balance(self, paid: CompletedTransfer) -> int:
        """Of the wallet that paid."""
        return int(self.wallet.balances[paid.from_wallet_id].amount)

    async def campaign(self, *, currency: str = "EUR", **others: Any) -> Life:
        """A campaign that is the only one of its currency, unless several are made."""
        first = terms(**others)
        life = Life(id=new_id(), currency=currency, versions=[Version(1, first.starts_at, first)])
        async with self.database.unit_of_work() as work:
            await campaigns_store.add(work, life.id, currency)
            await campaigns_store.add_version(work, life.id, life.newest)
        return life

    async def change(self, life: Life, at: datetime, **others: Any) -> None:
        """New terms from a moment on, past what operators may do."""
        version = Version(life.newest.number + 1, at, terms(**others))
        async with self.database.unit_of_work() as work:
            await campaigns_store.add_version(work, life.id, version)

    async def assess(self, *transfers: CompletedTransfer) -> None:
        """Grant, and pay nothing."""
        async with self.database.unit_of_work() as work:
            await self.rewards.assess(transfers, work)

    async def refund(self, *refunds: Refunded) -> None:
        """Claim back, and take nothing."""
        async with self.database.unit_of_work() as work:
            await self.rewards.refund(refunds, work)

    async def completes(self, *transfers: CompletedTransfer) -> None:
        """What the consumer does about it."""
        await self.assess(*transfers)
        await self.payouts.settle([paid.id for paid in transfers], [])

    async def goes_back(self, *refunds: Refunded) -> None:
        """What the consumer does about it."""
        await self.refund(*refunds)
        await self.payouts.settle([], [one.refund_id for one in refunds])

    async def works(self) -> None:
        """The worker, until nothing is due."""
        while await self.payouts.resume():
            pass

    async def reward(self, paid: CompletedTransfer) -> Reward | None:
        async with self.database.read() as connection:
            return (await store.by_transfers(connection, [paid.id])).get(paid.id)

    async def granted(self, *transfers: CompletedTransfer) -> list[int]:
        """What each earned; 0 where it earned nothing."""
        found = [await self.reward(paid) for paid in transfers]
        return [0 if reward is None else reward.amount.amount for reward in found]

    async def life(self, campaign_id: UUID) -> Life:
        async with self.database.read() as connection:
            found = await campaigns_store.one(connection, campaign_id)
        assert found is not None
        return found

    async def claims(self) -> Sequence[ClawBack]:
        """Every claw-back, the oldest first."""
        async with self.database.read() as connection:
            return await clawbacks_store.of_rewards(connection, list(await connection.scalars(select(rewards.c.id))))

    async def told(self) -> list[dict[str, Any]]:
        """The data of every event, in order."""
        async with self.database.read() as connection:
            rows = await connection.execute(select(outbox.c.value).order_by(outbox.c.id))
            return [{"type": row.value["type"], **row.value["data"]} for row in rows]

    async def assert_counted(self) -> None:
        """What is counted as spent is what was granted less what went back, by campaign and by person and day."""
        left = func.sum(rewards.c.amount - rewards.c.clawed_back).label("left")
        place = (rewards.c.campaign_id, rewards.c.user_id, rewards.c.earned_on)
        real = select(*place, left).where(rewards.c.status != RewardStatus.REJECTED).group_by(*place)
        async with self.database.read() as connection:
            granted = {tuple(row[:3]): int(row.left) for row in await connection.execute(real) if row.left}
            days = {tuple(row[:3]): row.spent for row in await connection.execute(select(user_days)) if row.spent}
            spent = {row.id: row.spent for row in await connection.execute(select(campaigns)) if row.spent}
        assert days == granted
        by_campaign: Counter[UUID] = Counter()
        for (campaign_id, *_), amount in granted.items():
            by_campaign[campaign_id] += amount
        assert spent == by_campaign


async def pending(database: Database, user_id: UUID | None = None, amount: int = 2500) -> Reward:
    """A reward under the default campaign, as it was granted."""
    world, paid = World(database), transfer(amount, payer_id=user_id or new_id())
    await world.assess(paid)
    reward = await world.reward(paid)
    assert reward is not None
    return reward


async def issued(database: Database, user_id: UUID | None = None, amount: int = 2500) -> Reward:
    """A reward that has been paid."""
    reward = await pending(database, user_id, amount)
    async with database.unit_of_work() as work:
        await store.mark_issued(work, [reward.id], now=NOW)
    return replace(reward, status=RewardStatus.ISSUED, issued_at=NOW)
