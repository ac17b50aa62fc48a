"""What stands in claw-backs, as SQL. A claw-back is taken only once its reward has been paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import UnitOfWork
from subgraphs.rewards import store
from subgraphs.rewards.clawbacks import ClawBack, ClawBackState
from subgraphs.rewards.domain import PAID, Reward
from subgraphs.rewards.tables import clawbacks, rewards

_PENDING = clawbacks.c.state == ClawBackState.PENDING
# Ordered, for two that pay the same people.
_OWED = text("""
SELECT owed.id, owed.user_id, owed.currency, owed.amount, owed.taken
  FROM clawbacks AS owed
  JOIN unnest(CAST(:users AS uuid[]), CAST(:currencies AS text[])) AS paid (user_id, currency) USING (user_id, currency)
 WHERE owed.state = 'OWED'
 ORDER BY owed.user_id, owed.currency, owed.created_at, owed.id
   FOR UPDATE OF owed
""")


async def add(work: UnitOfWork, claim: ClawBack, *, next_at: datetime) -> None:
    """Store one that whoever stores it takes at once: `next_at` is when somebody else takes it up."""
    await work.connection.execute(
        insert(clawbacks).values(
            id=claim.id,
            reward_id=claim.reward.id,
            refund_id=claim.refund_id,
            user_id=claim.reward.user_id,
            amount=claim.amount,
            currency=claim.reward.amount.currency,
            asked=claim.asked,
            state=claim.state,
            created_at=claim.created_at,
            next_at=next_at,
            request_id=claim.request_id,
        )
    )


async def claimed_just_now(connection: AsyncConnection, refund_ids: Sequence[UUID]) -> list[ClawBack]:
    """Those of the refunds that nobody has tried to take yet, and whose reward has been paid."""
    untried = _of_paid().where(_PENDING, clawbacks.c.refund_id.in_(refund_ids), clawbacks.c.attempts == 0)
    return await _read(connection, untried)


async def of_rewards(connection: AsyncConnection, reward_ids: Sequence[UUID]) -> list[ClawBack]:
    """All of these rewards, the oldest first."""
    found = await _read(connection, select(clawbacks.c.id).where(clawbacks.c.reward_id.in_(reward_ids)))
    return sorted(found, key=lambda claim: (claim.created_at, claim.id))


async def take_due(work: UnitOfWork, *, now: datetime, until: datetime, most: int) -> list[ClawBack]:
    """Those that wait to be taken, the longest waiting first: nobody else takes them up before `until`."""
    due = _of_paid().where(_PENDING, clawbacks.c.next_at <= now).order_by(clawbacks.c.next_at).limit(most)
    due = due.with_for_update(skip_locked=True, of=clawbacks)
    taken = update(clawbacks).where(clawbacks.c.id.in_(due.scalar_subquery()))
    taken_ids = taken.values(next_at=until, attempts=clawbacks.c.attempts + 1).returning(clawbacks.c.id)
    ids = list(await work.connection.scalars(taken_ids))
    if not ids:
        return []
    return await _read(work.connection, select(clawbacks.c.id).where(clawbacks.c.id.in_(ids)))


async def settle(work: UnitOfWork, before: ClawBack, after: ClawBack, *, next_at: datetime) -> bool:
    """Store what a round came to; False where another has stored it."""
    same_round = update(clawbacks).where(clawbacks.c.id == before.id, clawbacks.c.round == before.round, _PENDING)
    values = {"taken": after.taken, "round": after.round, "state": after.state, "asked": after.asked, "attempts": 0}
    stored = same_round.values(**values, next_at=next_at).returning(clawbacks.c.id)
    return await work.connection.scalar(stored) is not None


async def put_off(work: UnitOfWork, claim: ClawBack, *, next_at: datetime) -> None:
    """Ask again, later and under the same key."""
    pending = update(clawbacks).where(clawbacks.c.id == claim.id, _PENDING)
    await work.connection.execute(pending.values(next_at=next_at, attempts=func.greatest(clawbacks.c.attempts, 1)))


async def make_due(work: UnitOfWork, reward_ids: Sequence[UUID], *, now: datetime) -> bool:
    """Have taken what waited for these rewards to be paid; False where nothing did."""
    waiting = update(clawbacks).where(clawbacks.c.reward_id.in_(reward_ids), _PENDING)
    return (await work.connection.execute(waiting.values(next_at=now))).rowcount > 0


async def make_void(work: UnitOfWork, reward_id: UUID) -> None:
    """Nothing is to be taken of a reward that was never paid."""
    waiting = update(clawbacks).where(clawbacks.c.reward_id == reward_id, _PENDING)
    await work.connection.execute(waiting.values(state=ClawBackState.VOID))


async def recover(work: UnitOfWork, paid: Sequence[Reward], *, now: datetime) -> bool:
    """Have what people owe taken now, the oldest first, as far as the rewards go that they were paid; False where nobody owes anything."""
    left: Counter[tuple[UUID, str]] = Counter()
    for reward in paid:
        left[reward.user_id, reward.amount.currency] += reward.amount.amount
    users, currencies = zip(*left, strict=True)
    asked_of_some = False
    for row in await work.connection.execute(_OWED, {"users": list(users), "currencies": list(currencies)}):
        asked = min(left[row.user_id, row.currency], row.amount - row.taken)
        if asked > 0:
            asked_of_some = True
            left[row.user_id, row.currency] -= asked
            again = update(clawbacks).where(clawbacks.c.id == row.id)
            await work.connection.execute(
                again.values(state=ClawBackState.PENDING, asked=asked, attempts=0, next_at=now)
            )
    return asked_of_some


def _of_paid() -> Select[Any]:
    joined = clawbacks.join(rewards, rewards.c.id == clawbacks.c.reward_id)
    return select(clawbacks.c.id).select_from(joined).where(rewards.c.status.in_(PAID))


async def _read(connection: AsyncConnection, ids: Select[Any]) -> list[ClawBack]:
    rows = (await connection.execute(select(clawbacks).where(clawbacks.c.id.in_(ids)))).all()
    granted = await store.by_ids(connection, [row.reward_id for row in rows])
    return [_claw_back(row, granted[row.reward_id]) for row in rows]


def _claw_back(row: Row[*tuple[Any, ...]], reward: Reward) -> ClawBack:
    return ClawBack(
        id=row.id,
        reward=reward,
        refund_id=row.refund_id,
        amount=row.amount,
        asked=row.asked,
        state=ClawBackState(row.state),
        created_at=row.created_at,
        taken=row.taken,
        round=row.round,
        attempts=row.attempts,
        request_id=row.request_id,
    )
