"""Every line of SQL of notifications. Reads answer domain objects, batch first; writes run in the caller's unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import UnitOfWork
from subgraphs.notifications.domain import Notice, Notification, NotificationKind
from subgraphs.notifications.tables import notifications, readers

_WRITTEN = {
    "id": "uuid", "reader_id": "uuid", "kind": "text", "title": "text", "body": "text", "transfer_id": "uuid", "reward_id": "uuid",
}  # fmt: skip
# Streams are locked in the order of their readers, so that no two who write wait for each other.
_APPEND = text(f"""
    WITH new AS (
        SELECT * FROM unnest({", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in _WRITTEN.items())})
            WITH ORDINALITY AS notice ({", ".join(_WRITTEN)}, place)
        WHERE NOT EXISTS (SELECT FROM notifications WHERE notifications.id = notice.id)
    ), grown AS (
        INSERT INTO readers (id, last_seq, unread)
        SELECT reader_id, count(*), count(*) FROM new GROUP BY reader_id ORDER BY reader_id
        ON CONFLICT (id) DO UPDATE
            SET last_seq = readers.last_seq + excluded.last_seq, unread = readers.unread + excluded.unread
        RETURNING id, last_seq
    )
    INSERT INTO notifications ({", ".join(_WRITTEN)}, seq, created_at)
    SELECT {", ".join(f"new.{name}" for name in _WRITTEN)},
        grown.last_seq + 1 - row_number() OVER (PARTITION BY new.reader_id ORDER BY new.place DESC), :now
    FROM new JOIN grown ON grown.id = new.reader_id
    RETURNING reader_id
""")  # noqa: S608  put together from the names above


async def by_ids(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, Notification]:
    """Those of the ids that exist."""
    rows = await connection.execute(select(notifications).where(notifications.c.id.in_(ids)))
    return {row.id: _notification(row) for row in rows}


async def page(
    connection: AsyncConnection, reader_id: UUID, *, before: int | None, unread_only: bool, most: int
) -> list[Notification]:
    """A reader's notifications, the newest first, from behind `before`."""
    query = _of(reader_id).order_by(notifications.c.seq.desc()).limit(most)
    if before is not None:
        query = query.where(notifications.c.seq < before)
    if unread_only:
        query = query.where(notifications.c.read_at.is_(None))
    return [_notification(row) for row in await connection.execute(query)]


async def since(connection: AsyncConnection, reader_id: UUID, *, after: int, most: int) -> list[Notification]:
    """What comes behind `after` in a reader's stream, in its order."""
    query = _of(reader_id).where(notifications.c.seq > after).order_by(notifications.c.seq).limit(most)
    return [_notification(row) for row in await connection.execute(query)]


async def last_seq(connection: AsyncConnection, reader_id: UUID) -> int:
    """How far a reader's stream goes; 0 where it is empty."""
    return await connection.scalar(select(readers.c.last_seq).where(readers.c.id == reader_id)) or 0


async def unread_counts(connection: AsyncConnection, reader_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many notifications each of the readers has not read; those without any are left out."""
    rows = await connection.execute(select(readers.c.id, readers.c.unread).where(readers.c.id.in_(reader_ids)))
    return {row.id: row.unread for row in rows}


async def append(work: UnitOfWork, notices: Sequence[Notice], *, now: datetime) -> set[UUID]:
    """Put those that are new at the end of their readers' streams, in this order, and lock these until the commit.

    Answers whose streams have grown.
    """
    columns = {name: [getattr(notice, name) for notice in notices] for name in _WRITTEN}
    return set(await work.connection.scalars(_APPEND, columns | {"now": now}))


def _of(reader_id: UUID) -> Any:
    return select(notifications).where(notifications.c.reader_id == reader_id)


def _notification(row: Row[*tuple[Any, ...]]) -> Notification:
    notice = Notice(
        id=row.id,
        reader_id=row.reader_id,
        kind=NotificationKind(row.kind),
        title=row.title,
        body=row.body,
        transfer_id=row.transfer_id,
        reward_id=row.reward_id,
    )
    return Notification(notice=notice, seq=row.seq, created_at=row.created_at, read_at=row.read_at)
