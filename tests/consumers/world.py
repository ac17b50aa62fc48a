"""Builders for the consumers' tests: transfers, their events, and whatever waits until something is so."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, func, select

from payflow.events.envelope import EventData, to_record
from payflow.events.rewards import RewardIssued
from payflow.events.transfers import TransferCompleted, TransferFailed
from payflow.kernel.db import Database
from payflow.kernel.ids import derived_id, new_id
from payflow.kernel.publisher import Record

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)


def completed(**others: Any) -> TransferCompleted:
    """A transfer of $25.00 between two strangers."""
    fields = {
        "transfer_id": new_id(),
        "payer_id": new_id(),
        "payee_id": new_id(),
        "from_wallet_id": new_id(),
        "to_wallet_id": new_id(),
        "amount": 2500,
        "currency": "USD",
        "completed_at": NOW,
    }
    return TransferCompleted(**{**fields, **others})


def failed(**others: Any) -> TransferFailed:
    """A transfer of $25.00 that its payer could not afford."""
    fields = completed().model_dump(exclude={"completed_at"})
    return TransferFailed(**{**fields, "failure_code": "INSUFFICIENT_FUNDS", "failed_at": NOW, **others})


def issued(**others: Any) -> RewardIssued:
    """A cashback of $0.25."""
    ids = {f"{name}_id": new_id() for name in ("reward", "user", "transfer", "campaign", "wallet")}
    fields = {"campaign_name": "Welcome cashback", "amount": 25, "currency": "USD", "issued_at": NOW}
    return RewardIssued(**{**ids, **fields, **others})


def record_of(data: EventData, *, event_id: UUID | None = None) -> Record:
    """As its owner's outbox would hold it: what happened decides the event's id."""
    return to_record(data, event_id=event_id or derived_id(UUID(data.subject), data.TYPE), time=NOW)


async def count(database: Database, table: Table) -> int:
    """How many rows."""
    async with database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def eventually(condition: Callable[[], Awaitable[bool]], *, within_s: float = 40) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(within_s):
        while not await condition():
            await asyncio.sleep(0.05)
