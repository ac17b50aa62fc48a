"""Every line of SQL of notifications. Reads answer domain objects, batch first; writes run in the caller's unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import UnitOfWork
from subgraphs.notifications.domain import Notice, Notification, NotificationKind
from subgraphs.notifications.tables import notifications, readers


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


async def known(work: UnitOfWork, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the ids that have been written before."""
    return set(await work.connection.scalars(select(notifications.c.id).where(notifications.c.id.in_(ids))))


async def append(work: UnitOfWork, notice: Notice, *, now: datetime) -> int:
    """Put the notice at the end of its reader's stream and lock that stream until the commit; answers its seq."""
    next_place = insert(readers).values(id=notice.reader_id, last_seq=1, unread=1)
    next_place = next_place.on_conflict_do_update(
        index_elements=[readers.c.id], set_={"last_seq": readers.c.last_seq + 1, "unread": readers.c.unread + 1}
    )
    seq = int((await work.connection.execute(next_place.returning(readers.c.last_seq))).scalar_one())
    await work.connection.execute(
        insert(notifications).values(
            id=notice.id,
            reader_id=notice.reader_id,
            seq=seq,
            kind=notice.kind,
            title=notice.title,
            body=notice.body,
            transfer_id=notice.transfer_id,
            reward_id=notice.reward_id,
            created_at=now,
        )
    )
    return seq


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
