"""Builders for the rewards tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from payflow.kernel.db import Database
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.rewards import store
from subgraphs.rewards.domain import CompletedTransfer, Reward, RewardStatus, decide

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)


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


async def pending(database: Database, user_id: UUID | None = None, amount: int = 2500) -> Reward:
    """A reward under the default campaign, stored as it was granted."""
    paid = transfer(amount, payer_id=user_id or new_id())
    async with database.unit_of_work() as work:
        reward = decide(paid, await store.campaigns_in(work.connection, ["USD"]), now=NOW)
        assert reward is not None
        await store.add_pending(work, [reward])
    return reward


async def issued(database: Database, user_id: UUID | None = None, amount: int = 2500) -> Reward:
    """A reward that has been paid."""
    reward = await pending(database, user_id, amount)
    async with database.unit_of_work() as work:
        await store.mark_issued(work, [reward.id], now=NOW)
    return replace(reward, status=RewardStatus.ISSUED, issued_at=NOW)
