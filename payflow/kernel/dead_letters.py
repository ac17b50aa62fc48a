"""Dead letters: records that a consumer cannot handle, kept in its own database with the reason, while its log goes on.

DEAD ── somebody has it tried again ──▶ REDRIVEN ── it fails again ──▶ DEAD
DEAD | REDRIVEN ── somebody gives it up ──▶ DISCARDED
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Index,
    LargeBinary,
    MetaData,
    Row,
    Table,
    Text,
    Uuid,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import UnitOfWork
from payflow.kernel.ids import content_id

REASON_LENGTH_MAX = 1000
_NUL = "\x00"  # PostgreSQL's text has no room for it


class State(StrEnum):
    """Where a letter stands."""

    DEAD = "DEAD"
    REDRIVEN = "REDRIVEN"
    DISCARDED = "DISCARDED"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A record as it was received. `event_id` is None where not even that could be read."""

    consumer: str
    topic: str
    key: str
    event_id: UUID | None
    reason: str
    payload: bytes
    state: State = State.DEAD
    created_at: datetime | None = None
    changed_at: datetime | None = None

    @property
    def id(self) -> UUID:
        """What was received decides it, so that a record delivered twice is one dead letter."""
        return content_id(self.consumer.encode(), self.topic.encode(), self.key.encode(), self.payload)


def dead_letters_table(metadata: MetaData) -> Table:
    """Declare the table among a service's own."""
    return Table(
        "dead_letters",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("consumer", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("event_id", Uuid),
        Column("reason", Text, nullable=False),
        Column("payload", LargeBinary, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("state", Text, nullable=False, server_default=State.DEAD.value),
        Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        CheckConstraint("state IN ('DEAD', 'REDRIVEN', 'DISCARDED')", name="letter_state_is_known"),
        Index("dead_letters_by_state", "consumer", "state", "created_at"),
    )


async def bury(work: UnitOfWork, table: Table, letter: DeadLetter) -> None:
    """Keep the letter. A repeat of it changes nothing, but one that was redriven is dead again, for the reason it has now."""
    row = insert(table).values(
        id=letter.id,
        consumer=letter.consumer,
        topic=letter.topic,
        key=storable(letter.key),
        event_id=letter.event_id,
        reason=storable(letter.reason)[:REASON_LENGTH_MAX],
        payload=letter.payload,
    )
    dies_again = {"state": State.DEAD, "reason": row.excluded.reason, "changed_at": func.now()}
    await work.connection.execute(
        row.on_conflict_do_update(
            index_elements=[table.c.id], set_=dies_again, where=table.c.state == State.REDRIVEN.value
        )
    )


async def letters(
    connection: AsyncConnection, table: Table, *, consumer: str, states: Collection[State], most: int
) -> list[tuple[UUID, DeadLetter]]:
    """The oldest in these states, each beside its id."""
    query = (
        select(table)
        .where(table.c.consumer == consumer, table.c.state.in_(states))
        .order_by(table.c.created_at, table.c.id)
        .limit(most)
    )
    return [(row.id, _letter(row)) for row in await connection.execute(query)]


async def letter_by_id(
    connection: AsyncConnection, table: Table, letter_id: UUID, *, lock: bool = False
) -> DeadLetter | None:
    """One letter, with its row locked where that is asked for."""
    query = select(table).where(table.c.id == letter_id)
    row = (await connection.execute(query.with_for_update() if lock else query)).one_or_none()
    return None if row is None else _letter(row)


async def change_state(work: UnitOfWork, table: Table, letter_id: UUID, state: State) -> None:
    """Note what somebody has decided about it."""
    change = update(table).where(table.c.id == letter_id).values(state=state, changed_at=func.now())
    await work.connection.execute(change)


async def count_dead(connection: AsyncConnection, table: Table, *, consumer: str) -> tuple[int, float]:
    """How many wait for somebody's decision, and for how many seconds the oldest has."""
    age = func.extract("epoch", func.now() - func.min(table.c.created_at))
    query = select(func.count(), func.coalesce(age, 0)).where(
        table.c.consumer == consumer, table.c.state == State.DEAD.value
    )
    number, seconds = (await connection.execute(query)).one()
    return int(number), float(seconds)


def storable(text: str) -> str:
    """The text without what PostgreSQL has no room for."""
    return text.replace(_NUL, "\\0")


def _letter(row: Row[tuple[object, ...]]) -> DeadLetter:
    values = {name: value for name, value in row._mapping.items() if name not in ("id", "state")}
    return DeadLetter(**values, state=State(row.state))
