"""Interventions: what operators did to a consumer's events, who, why and when. Rows are only ever added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    MetaData,
    Table,
    Text,
    func,
    insert,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import UnitOfWork


class Action(StrEnum):
    """What an operator can do."""

    REDRIVE = "REDRIVE"
    DISCARD = "DISCARD"
    REPLAY = "REPLAY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """`subject` is the id of a dead letter, or the topic that is replayed."""

    consumer: str
    action: Action
    subject: str
    actor: str
    reason: str | None
    at: datetime | None = None


def interventions_table(metadata: MetaData) -> Table:
    """Declare the table among a service's own."""
    return Table(
        "interventions",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("consumer", Text, nullable=False),
        Column("action", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("actor", Text, nullable=False),
        Column("reason", Text),
        Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        CheckConstraint("action IN ('REDRIVE', 'DISCARD', 'REPLAY')", name="action_is_known"),
        CheckConstraint("action <> 'DISCARD' OR reason <> ''", name="discarding_has_a_reason"),
        Index("interventions_by_subject", "subject", "id"),
    )


async def note(work: UnitOfWork, table: Table, done: Intervention) -> None:
    """Add it, in the transaction that does it."""
    values = {"consumer": done.consumer, "action": done.action, "subject": done.subject}
    await work.connection.execute(insert(table).values(**values, actor=done.actor, reason=done.reason))


async def interventions_on(connection: AsyncConnection, table: Table, subject: str) -> list[Intervention]:
    """What was done to it, in order."""
    query = select(table).where(table.c.subject == subject).order_by(table.c.id)
    return [
        Intervention(
            consumer=row.consumer,
            action=Action(row.action),
            subject=row.subject,
            actor=row.actor,
            reason=row.reason,
            at=row.at,
        )
        for row in await connection.execute(query)
    ]
