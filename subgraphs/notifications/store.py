"""Every line of SQL of notifications. Reads answer domain objects, batch first; writes run in the caller's unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import UnitOfWork
from subgraphs.notifications.domain import Notice, Notification, NotificationKind, Preference, Stream
from subgraphs.notifications.tables import notifications, preferences, readers

_WRITTEN = {
    "id": "uuid", "reader_id": "uuid", "kind": "text", "title": "text", "body": "text", "happened_at": "timestamptz",
    "transfer_id": "uuid", "payment_request_id": "uuid", "reward_id": "uuid",
}  # fmt: skip
# Streams are locked in the order of their readers, so that no two who write wait for each other.
_APPEND = text(f"""
    WITH new AS (
        SELECT * FROM unnest({", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in _WRITTEN.items())})
            WITH ORDINALITY AS notice ({", ".join(_WRITTEN)}, place)
        WHERE NOT EXISTS (SELECT FROM notifications WHERE notifications.id = notice.id)
            AND NOT EXISTS (
                SELECT FROM preferences AS muted
                WHERE muted.reader_id = notice.reader_id AND muted.kind = notice.kind
                    AND (NOT muted.enabled OR notice.happened_at < muted.changed_at)
            )
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
# The rows of a stream change under its reader's lock, like those that are appended: so the count of unread ones is never off.
_LOCK = text("SELECT last_seq, kept_from FROM readers WHERE id = :reader_id FOR UPDATE")
_MARK_READ = """
    WITH marked AS (
        UPDATE notifications SET read_at = :now
        WHERE reader_id = :reader_id AND read_at IS NULL AND {which}
        RETURNING id
    )
    UPDATE readers SET unread = unread - (SELECT count(*) FROM marked) WHERE id = :reader_id
    RETURNING (SELECT count(*) FROM marked)
"""
_MARK_IDS_READ = text(_MARK_READ.format(which="id = ANY(CAST(:ids AS uuid[]))"))
_MARK_OLDEST_READ = text(
    _MARK_READ.format(
        which="""seq IN (
            SELECT seq FROM notifications WHERE reader_id = :reader_id AND read_at IS NULL AND seq <= :up_to
            ORDER BY seq LIMIT :most
        )"""
    )
)
_SINCE = text("""
    SELECT position.place, told.*
    FROM unnest(CAST(:reader_ids AS uuid[]), CAST(:afters AS bigint[])) WITH ORDINALITY AS position (reader_id, seq, place)
    CROSS JOIN LATERAL (
        SELECT * FROM notifications
        WHERE notifications.reader_id = position.reader_id AND notifications.seq > position.seq
        ORDER BY notifications.seq LIMIT :most
    ) AS told
    ORDER BY position.place, told.seq
""")
_MUTE = text("""
    INSERT INTO preferences (reader_id, kind, enabled, changed_at) VALUES (:reader_id, :kind, false, :now)
    ON CONFLICT (reader_id, kind) DO UPDATE SET enabled = false, changed_at = :now WHERE preferences.enabled
""")
_UNMUTE = text("""
    UPDATE preferences SET enabled = true, changed_at = :now
    WHERE reader_id = :reader_id AND kind = :kind AND NOT enabled
""")
# Whose reader somebody has locked comes with the next sweep.
_LOCK_OLDEST = text("""
    WITH old AS (
        SELECT reader_id, seq FROM notifications WHERE created_at < :before ORDER BY created_at LIMIT :most
    ), ends AS (
        SELECT reader_id, max(seq) AS seq FROM old GROUP BY reader_id
    )
    SELECT readers.id, ends.seq FROM readers JOIN ends ON ends.reader_id = readers.id
    ORDER BY readers.id FOR UPDATE OF readers SKIP LOCKED
""")
_LET_GO = text("""
    WITH ends AS (
        SELECT * FROM unnest(CAST(:reader_ids AS uuid[]), CAST(:seqs AS bigint[])) AS ends (reader_id, seq)
    ), gone AS (
        DELETE FROM notifications USING ends
        WHERE notifications.reader_id = ends.reader_id AND notifications.seq <= ends.seq
        RETURNING notifications.reader_id, notifications.read_at
    ), counted AS (
        SELECT reader_id, count(*) AS total, count(*) FILTER (WHERE read_at IS NULL) AS unread FROM gone GROUP BY reader_id
    )
    UPDATE readers SET kept_from = ends.seq + 1, unread = readers.unread - counted.unread
    FROM ends JOIN counted ON counted.reader_id = ends.reader_id
    WHERE readers.id = ends.reader_id
    RETURNING counted.total
""")


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a reader's stream: behind the `after`th."""

    reader_id: UUID
    after: int


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


async def since(
    connection: AsyncConnection, positions: Sequence[Position], *, most: int
) -> dict[Position, list[Notification]]:
    """What comes behind each of the positions, in its stream's order, `most` of each: one statement for all of them."""
    positions = list(dict.fromkeys(positions))
    wanted = {
        "reader_ids": [position.reader_id for position in positions],
        "afters": [position.after for position in positions],
    }
    found: dict[Position, list[Notification]] = {position: [] for position in positions}
    for row in await connection.execute(_SINCE, wanted | {"most": most}):
        found[positions[row.place - 1]].append(_notification(row))
    return found


async def stream(connection: AsyncConnection, reader_id: UUID) -> Stream:
    """How far a reader's stream goes, and from where on it is kept."""
    query = select(readers.c.last_seq, readers.c.kept_from).where(readers.c.id == reader_id)
    row = (await connection.execute(query)).one_or_none()
    return Stream() if row is None else Stream(row.last_seq, row.kept_from)


async def unread_counts(connection: AsyncConnection, reader_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many notifications each of the readers has not read; those without any are left out."""
    rows = await connection.execute(select(readers.c.id, readers.c.unread).where(readers.c.id.in_(reader_ids)))
    return {row.id: row.unread for row in rows}


async def last_seqs(connection: AsyncConnection, reader_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How far each of the readers' streams goes; those without any notification are left out."""
    rows = await connection.execute(select(readers.c.id, readers.c.last_seq).where(readers.c.id.in_(reader_ids)))
    return {row.id: row.last_seq for row in rows}


async def append(work: UnitOfWork, notices: Sequence[Notice], *, now: datetime) -> set[UUID]:
    """Put those that are new at the end of their readers' streams, in this order, and lock these until the commit.

    Answers whose streams have grown.
    """
    columns = {name: [getattr(notice, name) for notice in notices] for name in _WRITTEN}
    return set(await work.connection.scalars(_APPEND, columns | {"now": now}))


async def mark_read(work: UnitOfWork, reader_id: UUID, ids: Sequence[UUID], *, now: datetime) -> int:
    """Mark those of the ids that are the reader's and unread; answers how many. Locks the stream until the commit."""
    await work.connection.execute(_LOCK, {"reader_id": reader_id})
    marked = {"reader_id": reader_id, "ids": list(ids), "now": now}
    return await work.connection.scalar(_MARK_IDS_READ, marked) or 0


async def mark_oldest_read(work: UnitOfWork, reader_id: UUID, *, up_to: int, most: int, now: datetime) -> int:
    """Mark the oldest unread ones, `most` of them, none behind `up_to`; answers how many. Locks the stream until the commit."""
    await work.connection.execute(_LOCK, {"reader_id": reader_id})
    marked = {"reader_id": reader_id, "up_to": up_to, "most": most, "now": now}
    return await work.connection.scalar(_MARK_OLDEST_READ, marked) or 0


async def set_preference(work: UnitOfWork, reader_id: UUID, preference: Preference, *, now: datetime) -> None:
    """Keep what the reader wants; when it changed is kept where it did."""
    change = _UNMUTE if preference.enabled else _MUTE
    await work.connection.execute(change, {"reader_id": reader_id, "kind": preference.kind, "now": now})


async def muted_kinds(connection: AsyncConnection, reader_ids: Sequence[UUID]) -> dict[UUID, set[NotificationKind]]:
    """What each of the readers does not want to be told of; who wants all is left out."""
    query = select(preferences.c.reader_id, preferences.c.kind).where(
        preferences.c.reader_id.in_(reader_ids), preferences.c.enabled.is_(False)
    )
    found: dict[UUID, set[NotificationKind]] = {}
    for row in await connection.execute(query):
        found.setdefault(row.reader_id, set()).add(NotificationKind(row.kind))
    return found


async def let_go(work: UnitOfWork, *, before: datetime, most: int) -> int:
    """Delete some `most` of the notifications from before, the oldest first, each stream from its start on; answers how many."""
    rows = (await work.connection.execute(_LOCK_OLDEST, {"before": before, "most": most})).all()
    if not rows:
        return 0
    ends = {"reader_ids": [row.id for row in rows], "seqs": [row.seq for row in rows]}
    return sum(await work.connection.scalars(_LET_GO, ends))


def _of(reader_id: UUID) -> Any:
    return select(notifications).where(notifications.c.reader_id == reader_id)


def _notification(row: Row[*tuple[Any, ...]]) -> Notification:
    notice = Notice(
        id=row.id,
        reader_id=row.reader_id,
        kind=NotificationKind(row.kind),
        title=row.title,
        body=row.body,
        happened_at=row.happened_at,
        transfer_id=row.transfer_id,
        payment_request_id=row.payment_request_id,
        reward_id=row.reward_id,
    )
    return Notification(notice=notice, seq=row.seq, created_at=row.created_at, read_at=row.read_at)
