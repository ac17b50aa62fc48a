"""Builders for the notifications tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from payflow.kernel.clock import Clock, FixedClock
from payflow.kernel.db import Database
from payflow.kernel.hints import Hints, MemoryHints
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.notifications.domain import Cause, PaymentRequest, Refund, Reward, Transfer, on_transfer_completed
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


def cause(event_id: UUID | None = None, happened_at: datetime = NOW) -> Cause:
    return Cause(event_id or new_id(), happened_at)


def refund(**others: Any) -> Refund:
    fields: dict[str, Any] = {
        "id": new_id(),
        "payer_id": new_id(),
        "payee_id": new_id(),
        "amount": Money(500, "USD"),
        "refunded": Money(500, "USD"),
        "paid": Money(2500, "USD"),
    }
    return Refund(**{**fields, **others})


def payment_request(**others: Any) -> PaymentRequest:
    fields: dict[str, Any] = {
        "id": new_id(),
        "requester_id": new_id(),
        "payer_id": new_id(),
        "amount": Money(1250, "USD"),
        "note": "Pizza",
    }
    return PaymentRequest(**{**fields, **others})


def reward(**others: Any) -> Reward:
    fields: dict[str, Any] = {
        "id": new_id(),
        "user_id": new_id(),
        "transfer_id": new_id(),
        "campaign_name": "Welcome cashback",
        "amount": Money(25, "USD"),
    }
    return Reward(**{**fields, **others})


def service(hints: Hints | None = None, *, clock: Clock | None = None) -> Notifications:
    return Notifications(hints or MemoryHints(), clock or FixedClock(NOW))


async def tell(database: Database, reader_id: UUID, count: int = 1, *, hints: Hints | None = None) -> None:
    """Give the reader so many notifications, of $1.00, $2.00 … in that order, each in a transaction of its own."""
    for number in range(1, count + 1):
        async with database.unit_of_work() as work:
            paid = transfer(number * 100, payee_id=reader_id)
            await service(hints).tell(on_transfer_completed(cause(), paid), work)
