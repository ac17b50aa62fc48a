"""Every line of SQL of rewards. Reads answer domain objects, batch first; writes run in the caller's unit of work."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import UnitOfWork
from payflow.kernel.money import Money
from subgraphs.rewards.domain import Campaign, Reward, RewardStatus
from subgraphs.rewards.tables import campaigns, rewards

_CAMPAIGN = (
    campaigns.c.id.label("campaign_id"),
    campaigns.c.name,
    campaigns.c.rate,
    campaigns.c.currency.label("campaign_currency"),
    campaigns.c.cap,
    campaigns.c.minimum,
    campaigns.c.starts_at,
    campaigns.c.ends_at,
)
_REWARD = (
    rewards.c.id,
    rewards.c.user_id,
    rewards.c.transfer_id,
    rewards.c.wallet_id,
    rewards.c.amount,
    rewards.c.currency,
    rewards.c.status,
    rewards.c.created_at,
    rewards.c.issued_at,
)


async def all_campaigns(connection: AsyncConnection) -> list[Campaign]:
    """Every campaign, the oldest first."""
    rows = await connection.execute(select(*_CAMPAIGN).order_by(campaigns.c.starts_at, campaigns.c.id))
    return [_campaign(row) for row in rows]


async def campaigns_in(connection: AsyncConnection, currencies: Collection[str]) -> list[Campaign]:
    """The campaigns of these currencies, whether they run or not."""
    rows = await connection.execute(select(*_CAMPAIGN).where(campaigns.c.currency.in_(currencies)))
    return [_campaign(row) for row in rows]


async def by_ids(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, Reward]:
    """Those of the ids that exist."""
    rows = await connection.execute(_rewards().where(rewards.c.id.in_(ids)))
    return {row.id: _reward(row) for row in rows}


async def by_transfers(connection: AsyncConnection, transfer_ids: Sequence[UUID]) -> dict[UUID, Reward]:
    """The rewards of those transfers that have earned one, by transfer."""
    rows = await connection.execute(_rewards().where(rewards.c.transfer_id.in_(transfer_ids)))
    return {row.transfer_id: _reward(row) for row in rows}


async def page(connection: AsyncConnection, user_id: UUID, *, before: UUID | None, most: int) -> list[Reward]:
    """A person's rewards, those of the latest transfers first, from behind `before`."""
    query = _rewards().where(rewards.c.user_id == user_id).order_by(rewards.c.id.desc()).limit(most)
    if before is not None:
        query = query.where(rewards.c.id < before)
    return [_reward(row) for row in await connection.execute(query)]


async def earned(connection: AsyncConnection, user_ids: Sequence[UUID]) -> dict[UUID, list[Money]]:
    """What each of the people has been issued so far, one amount per currency, in the currencies' order."""
    query = (
        select(rewards.c.user_id, rewards.c.currency, func.sum(rewards.c.amount).label("total"))
        .where(rewards.c.user_id.in_(user_ids), rewards.c.status == RewardStatus.ISSUED)
        .group_by(rewards.c.user_id, rewards.c.currency)
        .order_by(rewards.c.currency)
    )
    found: dict[UUID, list[Money]] = {}
    for row in await connection.execute(query):
        found.setdefault(row.user_id, []).append(Money(int(row.total), row.currency))
    return found


async def add_pending(work: UnitOfWork, earned: Sequence[Reward]) -> None:
    """Store rewards; where a transfer has one already, that one stands."""
    await work.connection.execute(
        insert(rewards).on_conflict_do_nothing(index_elements=[rewards.c.transfer_id]),
        [
            {
                "id": reward.id,
                "user_id": reward.user_id,
                "transfer_id": reward.transfer_id,
                "wallet_id": reward.wallet_id,
                "campaign_id": reward.campaign.id,
                "amount": reward.amount.amount,
                "currency": reward.amount.currency,
                "status": reward.status,
                "created_at": reward.created_at,
            }
            for reward in sorted(earned, key=lambda reward: reward.transfer_id)
        ],
    )


async def mark_issued(work: UnitOfWork, reward_ids: Sequence[UUID], *, now: datetime) -> set[UUID]:
    """PENDING → ISSUED; answers the ids of those that were not issued before."""
    pending = select(rewards.c.id).where(rewards.c.id.in_(reward_ids), rewards.c.status == RewardStatus.PENDING)
    marked = await work.connection.scalars(
        update(rewards)
        .where(rewards.c.id.in_(pending.order_by(rewards.c.id).with_for_update().scalar_subquery()))
        .values(status=RewardStatus.ISSUED, issued_at=now)
        .returning(rewards.c.id)
    )
    return set(marked)


def _rewards() -> Select[Any]:
    return select(*_REWARD, *_CAMPAIGN).join(campaigns, campaigns.c.id == rewards.c.campaign_id)


def _campaign(row: Row[*tuple[Any, ...]]) -> Campaign:
    return Campaign(
        id=row.campaign_id,
        name=row.name,
        rate=row.rate,
        currency=row.campaign_currency,
        cap=None if row.cap is None else Money(row.cap, row.campaign_currency),
        minimum=None if row.minimum is None else Money(row.minimum, row.campaign_currency),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def _reward(row: Row[*tuple[Any, ...]]) -> Reward:
    return Reward(
        id=row.id,
        user_id=row.user_id,
        transfer_id=row.transfer_id,
        wallet_id=row.wallet_id,
        campaign=_campaign(row),
        amount=Money(row.amount, row.currency),
        status=RewardStatus(row.status),
        created_at=row.created_at,
        issued_at=row.issued_at,
    )
