"""Builders for the notifications tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from payflow.kernel.clock import FixedClock
from payflow.kernel.db import Database
from payflow.kernel.hints import Hints, MemoryHints
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.notifications.domain import Reward, Transfer, on_transfer_completed
from subgraphs.notifications.service import Notifications

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)


def transfer(amount: int = 2500, **others: Any) -> Transfer:
    fields: dict[str, Any] = {
        "id": new_id(),
        "payer_id": new_id(),
        "payee_id": new_id(),
        "amount": Money(amount, "USD"),
        "note": None,
    }
    return Transfer(**{**fields, **others})


def reward(**others: Any) -> Reward:
    fields: dict[str, Any] = {
        "id": new_id(),
        "user_id": new_id(),
        "transfer_id": new_id(),
        "campaign_name": "Welcome cashback",
        "amount": Money(25, "USD"),
    }
    return Reward(**{**fields, **others})


def service(hints: Hints | None = None) -> Notifications:
    return Notifications(hints or MemoryHints(), FixedClock(NOW))


async def tell(database: Database, reader_id: UUID, count: int = 1, *, hints: Hints | None = None) -> None:
    """Give the reader so many notifications, of $1.00, $2.00 … in that order, each in a transaction of its own."""
    for number in range(1, count + 1):
        async with database.unit_of_work() as work:
            paid = transfer(number * 100, payee_id=reader_id)
            await service(hints).tell(on_transfer_completed(new_id(), paid), work)
