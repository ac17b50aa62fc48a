"""Parking: events that could not be handled for now, and behind each those of its key that came later, in the consumer's own database.

A key is one queue: only its head is tried. The log goes on meanwhile; an event that finds its key parked queues up behind it, so that
what happens to one thing is still handled in order.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    delete,
    func,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import UnitOfWork
from payflow.kernel.dead_letters import REASON_LENGTH_MAX, storable

PARKED_MAX = 10_000  # of one consumer; past it the log waits: something is broken that is no single event's fault
LEASE = timedelta(minutes=2)  # how long whoever took an event keeps it; longer than any handling takes

Key = tuple[str, str]
"""A topic and a record's key: what is kept in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A record that waits. `attempts` counts those of the redriving worker; `error` is None where it was never tried."""

    consumer: str
    topic: str
    partition: int
    offset: int
    key: str
    event_id: UUID
    value: bytes
    id: int = 0
    attempts: int = 0
    error: str | None = None
    next_at: datetime | None = None
    parked_at: datetime | None = None


def parked_table(metadata: MetaData) -> Table:
    """Declare the table among a service's own."""
    return Table(
        "parked",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("consumer", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("partition", Integer, nullable=False),
        Column("offset", BigInteger, nullable=False),
        Column("key", Text, nullable=False),
        Column("event_id", Uuid, nullable=False),
        Column("value", LargeBinary, nullable=False),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("next_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("error", Text),
        Column("parked_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        UniqueConstraint("consumer", "event_id", name="parked_once"),
        Index("parked_queues", "consumer", "topic", "key", "id"),
        Index("parked_due", "consumer", "next_at"),
    )


async def park(work: UnitOfWork, table: Table, inbox: Table, parked: Parked, *, wait_s: float = 0) -> bool:
    """Put an event behind those of its key; one that waits already or was handled before stays as it is.

    False where the consumer has PARKED_MAX of them: nothing was parked.
    """
    waiting = select(func.count()).select_from(table).where(table.c.consumer == parked.consumer)
    if int((await work.connection.execute(waiting)).scalar_one()) >= PARKED_MAX:
        return False
    handled = select(inbox.c.event_id).where(
        inbox.c.consumer == parked.consumer, inbox.c.event_id == literal(parked.event_id)
    )
    values: dict[str, Any] = {
        "consumer": literal(parked.consumer),
        "topic": literal(parked.topic),
        "partition": literal(parked.partition),
        "offset": literal(parked.offset, BigInteger),
        "key": literal(storable(parked.key)),
        "event_id": literal(parked.event_id),
        "value": literal(parked.value),
        "attempts": literal(parked.attempts),
        "next_at": func.now() + timedelta(seconds=wait_s),
        "error": literal(_bounded(parked.error), Text),
    }
    row = select(*values.values()).where(~handled.exists())
    await work.connection.execute(insert(table).from_select(list(values), row).on_conflict_do_nothing())
    return True


async def parked_keys(connection: AsyncConnection, table: Table, *, consumer: str, keys: Collection[Key]) -> set[Key]:
    """Those of these keys that have something parked."""
    asked = {(topic, storable(key)): (topic, key) for topic, key in keys}
    query = select(table.c.topic, table.c.key).where(
        table.c.consumer == consumer, tuple_(table.c.topic, table.c.key).in_(list(asked))
    )
    return {asked[row.topic, row.key] for row in await connection.execute(query)}


async def take_due(work: UnitOfWork, table: Table, *, consumer: str, most: int) -> list[Parked]:
    """Heads of their keys whose time has come, oldest first; for the length of a LEASE nobody else takes them."""
    earlier = table.alias("earlier")
    in_front = select(earlier.c.id).where(
        earlier.c.consumer == table.c.consumer,
        earlier.c.topic == table.c.topic,
        earlier.c.key == table.c.key,
        earlier.c.id < table.c.id,
    )
    due = (
        select(table.c.id)
        .where(table.c.consumer == consumer, table.c.next_at <= func.now(), ~in_front.exists())
        .order_by(table.c.next_at, table.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(table)
        .where(table.c.id.in_(due.scalar_subquery()))
        .values(attempts=table.c.attempts + 1, next_at=func.now() + LEASE)
        .returning(*table.c)
    )
    return sorted(map(_parked, await work.connection.execute(taken)), key=lambda parked: parked.id)


async def put_off(work: UnitOfWork, table: Table, parked: Parked, *, error: str, wait_s: float) -> None:
    """It failed again: it is due once more in so many seconds."""
    values = {"next_at": func.now() + timedelta(seconds=wait_s), "error": _bounded(error)}
    await work.connection.execute(update(table).where(table.c.id == parked.id).values(values))


async def unpark(work: UnitOfWork, table: Table, parked: Parked) -> None:
    """It is done, one way or the other: the next of its key is the head."""
    await work.connection.execute(delete(table).where(table.c.id == parked.id))


async def all_parked(connection: AsyncConnection, table: Table, *, consumer: str, most: int) -> list[Parked]:
    """The oldest."""
    query = select(table).where(table.c.consumer == consumer).order_by(table.c.id).limit(most)
    return [_parked(row) for row in await connection.execute(query)]


async def count_parked(connection: AsyncConnection, table: Table, *, consumer: str) -> tuple[int, float]:
    """How many are parked, and for how many seconds the oldest has been."""
    age = func.extract("epoch", func.now() - func.min(table.c.parked_at))
    query = select(func.count(), func.coalesce(age, 0)).where(table.c.consumer == consumer)
    number, seconds = (await connection.execute(query)).one()
    return int(number), float(seconds)


def _parked(row: Row[Any]) -> Parked:
    return Parked(**row._mapping)


def _bounded(error: str | None) -> str | None:
    return None if error is None else storable(error)[:REASON_LENGTH_MAX]
