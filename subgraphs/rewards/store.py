"""What stands in rewards, as SQL. Reads answer domain objects, batch first; writes run in the caller's unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, case, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import UnitOfWork
from payflow.kernel.money import Money
from subgraphs.rewards.domain import PAID, Campaign, Period, Reward, RewardStatus, Source
from subgraphs.rewards.tables import campaign_pauses, campaign_versions, campaigns, rewards

_NEWEST = (
    select(campaign_versions.c.budget)
    .where(campaign_versions.c.campaign_id == campaigns.c.id)
    .order_by(campaign_versions.c.version.desc())
    .limit(1)
    .correlate(campaigns)
    .scalar_subquery()
)
_CAMPAIGN = (
    campaigns.c.currency.label("campaign_currency"),
    campaigns.c.spent.label("campaign_spent"),
    _NEWEST.label("campaign_budget"),
    campaign_versions.c.name,
    campaign_versions.c.rate,
    campaign_versions.c.cap,
    campaign_versions.c.minimum,
    campaign_versions.c.user_cap,
    campaign_versions.c.period,
    campaign_versions.c.starts_at,
    func.least(campaign_versions.c.ends_at, campaigns.c.ended_at).label("ends_at"),
)


# ── reads ──


async def by_ids(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, Reward]:
    """Those of the ids that exist."""
    rows = await connection.execute(reward_query().where(rewards.c.id.in_(ids)))
    return {row.id: reward_of(row) for row in rows}


async def by_transfers(connection: AsyncConnection, transfer_ids: Sequence[UUID]) -> dict[UUID, Reward]:
    """The rewards of those transfers that have earned one, by transfer."""
    rows = await connection.execute(reward_query().where(rewards.c.transfer_id.in_(transfer_ids)))
    return {row.transfer_id: reward_of(row) for row in rows}


async def page(connection: AsyncConnection, user_id: UUID, *, before: UUID | None, most: int) -> list[Reward]:
    """A person's rewards, those of the latest transfers first, from behind `before`."""
    query = reward_query().where(rewards.c.user_id == user_id).order_by(rewards.c.id.desc()).limit(most)
    if before is not None:
        query = query.where(rewards.c.id < before)
    return [reward_of(row) for row in await connection.execute(query)]


async def earned(connection: AsyncConnection, user_ids: Sequence[UUID]) -> dict[UUID, list[Money]]:
    """What each of the people has been paid so far, less what went back: one amount per currency, in the currencies' order."""
    query = (
        select(
            rewards.c.user_id,
            rewards.c.currency,
            func.sum(rewards.c.amount - rewards.c.clawed_back).label("total"),
        )
        .where(rewards.c.user_id.in_(user_ids), rewards.c.status.in_(PAID))
        .group_by(rewards.c.user_id, rewards.c.currency)
        .order_by(rewards.c.currency)
    )
    found: dict[UUID, list[Money]] = {}
    for row in await connection.execute(query):
        found.setdefault(row.user_id, []).append(Money(int(row.total), row.currency))
    return found


async def count_pending(connection: AsyncConnection) -> tuple[int, datetime | None]:
    """How many wait to be paid, and since when the first of them has."""
    query = select(func.count(), func.min(rewards.c.created_at)).where(rewards.c.status == RewardStatus.PENDING)
    row = (await connection.execute(query)).one()
    return int(row[0]), row[1]


async def count_waiting(connection: AsyncConnection, campaign_id: UUID) -> int:
    """How many of a campaign wait to be paid."""
    query = select(func.count()).where(rewards.c.campaign_id == campaign_id, rewards.c.status == RewardStatus.PENDING)
    return int((await connection.execute(query)).scalar_one())


# ── granting ──


async def add_pending(work: UnitOfWork, granted: Sequence[Reward], *, next_at: datetime) -> None:
    """Store rewards that whoever grants them pays at once: `next_at` is when somebody else takes them up."""
    await work.connection.execute(
        insert(rewards),
        [
            {
                "id": reward.id,
                "user_id": reward.user_id,
                "transfer_id": reward.transfer_id,
                "wallet_id": reward.wallet_id,
                "campaign_id": reward.campaign.id,
                "version": reward.campaign.version,
                "amount": reward.amount.amount,
                "currency": reward.amount.currency,
                "status": reward.status,
                "created_at": reward.created_at,
                "earned_on": reward.earned_on,
                "clamped": reward.clamped,
                "refunded_before": reward.refunded_before,
                "source": reward.source,
                "request_id": reward.request_id,
                "next_at": next_at,
            }
            for reward in granted
        ],
    )


async def lock_by_transfers(work: UnitOfWork, transfer_ids: Sequence[UUID]) -> dict[UUID, Reward]:
    """The rewards of those transfers that have earned one, by transfer; nobody else changes them until the commit."""
    wanted = rewards.c.transfer_id.in_(transfer_ids)
    await _lock(work, select(rewards.c.id).where(wanted))
    return await by_transfers(work.connection, transfer_ids)


async def reclaim(work: UnitOfWork, reward: Reward, amount: int) -> None:
    """Remember that so much more of a reward, which is locked, is undue."""
    more = update(rewards).where(rewards.c.id == reward.id).values(reclaimed=rewards.c.reclaimed + amount)
    await work.connection.execute(more)


# ── paying ──


async def granted_just_now(connection: AsyncConnection, transfer_ids: Sequence[UUID]) -> list[Reward]:
    """The rewards of the transfers that nobody has tried to pay yet."""
    untried = reward_query().where(rewards.c.transfer_id.in_(transfer_ids), rewards.c.attempts == 0)
    rows = await connection.execute(untried.where(rewards.c.status == RewardStatus.PENDING))
    return [reward_of(row) for row in rows]


async def take_due(work: UnitOfWork, *, now: datetime, until: datetime, most: int) -> list[Reward]:
    """Rewards that wait to be paid, the longest waiting first, of campaigns that are not paused: nobody else takes them before `until`."""
    paused = exists().where(
        campaign_pauses.c.campaign_id == rewards.c.campaign_id, campaign_pauses.c.resumed_at.is_(None)
    )
    due = select(rewards.c.id).where(rewards.c.status == RewardStatus.PENDING, rewards.c.next_at <= now, ~paused)
    due = due.order_by(rewards.c.next_at).limit(most).with_for_update(skip_locked=True)
    taken = update(rewards).where(rewards.c.id.in_(due.scalar_subquery()))
    taken_ids = taken.values(next_at=until, attempts=rewards.c.attempts + 1).returning(rewards.c.id)
    ids = list(await work.connection.scalars(taken_ids))
    if not ids:
        return []
    return list((await by_ids(work.connection, ids)).values())


async def mark_issued(work: UnitOfWork, reward_ids: Sequence[UUID], *, now: datetime) -> set[UUID]:
    """PENDING → ISSUED; answers the ids of those that were not issued before."""
    await _lock(work, select(rewards.c.id).where(rewards.c.id.in_(reward_ids)))
    pending = update(rewards).where(rewards.c.id.in_(reward_ids), rewards.c.status == RewardStatus.PENDING)
    marked = pending.values(status=RewardStatus.ISSUED, issued_at=now).returning(rewards.c.id)
    return set(await work.connection.scalars(marked))


async def mark_rejected(work: UnitOfWork, reward: Reward, code: str) -> bool:
    """PENDING → REJECTED; False where it has been settled meanwhile."""
    pending = update(rewards).where(rewards.c.id == reward.id, rewards.c.status == RewardStatus.PENDING)
    marked = pending.values(status=RewardStatus.REJECTED, failure_code=code).returning(rewards.c.id)
    return await work.connection.scalar(marked) is not None


async def ask_anew(work: UnitOfWork, reward: Reward, *, next_at: datetime) -> None:
    """Try a reward again under another key: its round was refused for want of money."""
    same_round = update(rewards).where(
        rewards.c.id == reward.id, rewards.c.round == reward.round, rewards.c.status == RewardStatus.PENDING
    )
    await work.connection.execute(same_round.values(round=reward.round + 1, attempts=0, next_at=next_at))


async def put_off(work: UnitOfWork, reward: Reward, *, next_at: datetime) -> None:
    """Try a reward again, later and under the same key."""
    pending = update(rewards).where(rewards.c.id == reward.id, rewards.c.status == RewardStatus.PENDING)
    await work.connection.execute(pending.values(next_at=next_at, attempts=func.greatest(rewards.c.attempts, 1)))


async def make_due(work: UnitOfWork, campaign_id: UUID, *, now: datetime) -> None:
    """Have everything that waits for a campaign tried now."""
    waits = (rewards.c.campaign_id == campaign_id) & (rewards.c.status == RewardStatus.PENDING)
    await _lock(work, select(rewards.c.id).where(waits))
    await work.connection.execute(update(rewards).where(waits).values(next_at=now))


async def mark_clawed_back(work: UnitOfWork, reward_id: UUID, taken: int) -> Reward:
    """So much more of a paid reward, which is locked, has gone back."""
    total = rewards.c.clawed_back + taken
    status = case((total == rewards.c.amount, RewardStatus.CLAWED_BACK.value), else_=RewardStatus.ISSUED.value)
    await work.connection.execute(
        update(rewards).where(rewards.c.id == reward_id).values(clawed_back=total, status=status)
    )
    return (await by_ids(work.connection, [reward_id]))[reward_id]


async def lock_all(work: UnitOfWork, reward_ids: Sequence[UUID]) -> None:
    """Nobody else changes them until the commit."""
    await _lock(work, select(rewards.c.id).where(rewards.c.id.in_(reward_ids)))


async def _lock(work: UnitOfWork, ids: Select[Any]) -> None:
    await work.connection.execute(ids.order_by(rewards.c.id).with_for_update())


# ── rows ──


def reward_query() -> Select[Any]:
    """Rewards beside the terms that they were granted under."""
    terms = (campaign_versions.c.campaign_id == rewards.c.campaign_id) & (
        campaign_versions.c.version == rewards.c.version
    )
    joined = rewards.join(campaigns, campaigns.c.id == rewards.c.campaign_id).join(campaign_versions, terms)
    return select(*rewards.c, *_CAMPAIGN).select_from(joined)


def reward_of(row: Row[*tuple[Any, ...]]) -> Reward:
    """From `reward_query`."""
    return Reward(
        id=row.id,
        user_id=row.user_id,
        transfer_id=row.transfer_id,
        wallet_id=row.wallet_id,
        campaign=_campaign(row),
        amount=Money(row.amount, row.currency),
        status=RewardStatus(row.status),
        created_at=row.created_at,
        earned_on=row.earned_on,
        issued_at=row.issued_at,
        clamped=row.clamped,
        refunded_before=row.refunded_before,
        reclaimed=row.reclaimed,
        clawed_back=row.clawed_back,
        round=row.round,
        attempts=row.attempts,
        source=Source(row.source),
        request_id=row.request_id,
    )


def _campaign(row: Row[*tuple[Any, ...]]) -> Campaign:
    def money(amount: int | None) -> Money | None:
        return None if amount is None else Money(amount, row.campaign_currency)

    return Campaign(
        id=row.campaign_id,
        name=row.name,
        rate=row.rate,
        currency=row.campaign_currency,
        cap=money(row.cap),
        minimum=money(row.minimum),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        version=row.version,
        user_cap=money(row.user_cap),
        period=Period(row.period),
        budget=money(row.campaign_budget),
        spent=row.campaign_spent,
    )
