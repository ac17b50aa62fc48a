"""Replays: an operator's wish that a consumer reads a topic again, which each of its members obeys for the partitions that it reads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Integer,
    MetaData,
    Row,
    Table,
    Text,
    cast,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """From `since` on, or from the start of the log where that is None. `rewound` are the partitions that have gone back already."""

    id: int
    topic: str
    since: datetime | None
    rewound: frozenset[int]


def replays_table(metadata: MetaData) -> Table:
    """Declare the table among a service's own."""
    return Table(
        "replays",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("consumer", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("since", DateTime(timezone=True)),
        Column("rewound", ARRAY(Integer), nullable=False, server_default="{}"),
        Column("requested_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("done_at", DateTime(timezone=True)),
    )


async def ask_for(work: UnitOfWork, table: Table, *, consumer: str, topic: str, since: datetime | None) -> int:
    """Note the wish; answers its number. What is still under way for the topic makes room for it."""
    older = update(table).where(table.c.consumer == consumer, table.c.topic == topic, table.c.done_at.is_(None))
    await work.connection.execute(older.values(done_at=func.now()))
    wish = insert(table).values(consumer=consumer, topic=topic, since=since).returning(table.c.id)
    return int((await work.connection.execute(wish)).scalar_one())


async def open_replays(connection: AsyncConnection, table: Table, *, consumer: str) -> list[Replay]:
    """Those that are not complete, in their order."""
    query = select(table).where(table.c.consumer == consumer, table.c.done_at.is_(None)).order_by(table.c.id)
    return [_replay(row) for row in await connection.execute(query)]


async def mark_rewound(
    work: UnitOfWork, table: Table, replay: Replay, partitions: Collection[int], *, of: Collection[int]
) -> None:
    """These have gone back; with the last `of` all partitions of the topic, the replay is complete: not as long as nobody knows them."""
    row = update(table).where(table.c.id == replay.id)
    await work.connection.execute(row.values(rewound=func.array_cat(table.c.rewound, sorted(partitions))))
    if not of:
        return
    everything = cast(sorted(of), ARRAY(Integer))
    complete = row.where(table.c.rewound.contains(everything), table.c.done_at.is_(None))
    await work.connection.execute(complete.values(done_at=func.now()))


def _replay(row: Row[tuple[object, ...]]) -> Replay:
    return Replay(id=row.id, topic=row.topic, since=row.since, rewound=frozenset(row.rewound))
