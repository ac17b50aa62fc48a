"""How far a sink has published the event log, and where the broker keeps the last record of each partition: one row of `sink_cursor`.

Whoever takes the lead raises the row's epoch, and every later write names it: a leader who was overtaken, and does not know it yet,
moves nothing any more (fencing tokens; M. Kleppmann, "How to do distributed locking", 2016).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.errors import PayflowError
from payflow.kernel.publisher import Partition

# A sink that was never there before begins with the oldest event that is retained.
_LEAD = text("""
INSERT INTO sink_cursor (sink, pos, epoch) VALUES (:sink, coalesce((SELECT min(pos) FROM event_log) - 1, 0), 1)
ON CONFLICT (sink) DO UPDATE SET epoch = sink_cursor.epoch + 1
RETURNING pos, epoch, offsets
""")
_ADVANCE = text("""
WITH moved AS (
    UPDATE sink_cursor SET pos = :pos, offsets = CAST(:remembered AS jsonb), updated_at = now()
     WHERE sink = :sink AND epoch = :epoch
    RETURNING sink
), noted AS (
    INSERT INTO publication (sink, first_pos, partitions, offsets)
    SELECT sink, :first_pos, CAST(:partitions AS smallint[]), CAST(:offsets AS bigint[]) FROM moved
    ON CONFLICT (sink, first_pos) DO UPDATE
       SET partitions = excluded.partitions, offsets = excluded.offsets, published_at = excluded.published_at
)
SELECT count(*) FROM moved
""")
_REWIND = text("""
WITH oldest AS (
    SELECT min(pos) - 1 AS pos FROM event_log
), moved AS (
    UPDATE sink_cursor SET pos = least(sink_cursor.pos, oldest.pos), offsets = CAST(:remembered AS jsonb), updated_at = now()
      FROM oldest WHERE sink = :sink AND epoch = :epoch
    RETURNING sink_cursor.pos
)
SELECT pos FROM moved
""")


class Overtaken(PayflowError):
    """Somebody else leads this sink now."""


class Mark(NamedTuple):
    """The last record of a partition that the broker has acknowledged: its offset there, its position here."""

    offset: int
    pos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Everything up to `pos` is published. `epoch` says whose cursor it is; `marks` are the last records of each partition."""

    sink: str
    pos: int
    epoch: int
    marks: Mapping[Partition, Mark]


async def lead(connection: AsyncConnection, sink: str) -> Cursor:
    """Take the sink's cursor: whoever had it before has lost it."""
    row = (await connection.execute(_LEAD, {"sink": sink})).one()
    return Cursor(sink=sink, pos=row.pos, epoch=row.epoch, marks=_read(row.offsets))


async def advance(
    connection: AsyncConnection, cursor: Cursor, published: Sequence[tuple[int, Partition, int]]
) -> Cursor:
    """Move past what was published, in order: position here, partition and offset there. Raises Overtaken."""
    newest = {partition: Mark(offset, pos) for pos, partition, offset in published}
    moved = Cursor(sink=cursor.sink, pos=published[-1][0], epoch=cursor.epoch, marks={**cursor.marks, **newest})
    written = {
        **_written(moved),
        "first_pos": published[0][0],
        "partitions": [partition for _, (_, partition), _ in published],
        "offsets": [offset for _, _, offset in published],
    }
    if not (await connection.execute(_ADVANCE, written)).scalar_one():
        raise Overtaken(f"Somebody else publishes to {cursor.sink} now.")
    return moved


async def rewind(connection: AsyncConnection, cursor: Cursor, *, lost: set[Partition]) -> Cursor:
    """Go back to the oldest event that is retained; what is remembered of the lost partitions is void. Raises Overtaken."""
    marks = {at: mark for at, mark in cursor.marks.items() if at not in lost}
    back = Cursor(sink=cursor.sink, pos=cursor.pos, epoch=cursor.epoch, marks=marks)
    row = (await connection.execute(_REWIND, _written(back))).one_or_none()
    if row is None:
        raise Overtaken(f"Somebody else publishes to {cursor.sink} now.")
    return Cursor(sink=cursor.sink, pos=row.pos, epoch=cursor.epoch, marks=marks)


def _written(cursor: Cursor) -> dict[str, Any]:
    offsets: dict[str, dict[str, list[int]]] = {}
    for (topic, partition), mark in cursor.marks.items():
        offsets.setdefault(topic, {})[str(partition)] = [*mark]
    return {
        "sink": cursor.sink,
        "pos": cursor.pos,
        "epoch": cursor.epoch,
        "remembered": orjson.dumps(offsets).decode(),
    }


def _read(offsets: Mapping[str, Mapping[str, Sequence[int]]]) -> dict[Partition, Mark]:
    return {
        (topic, int(partition)): Mark(*mark)
        for topic, partitions in offsets.items()
        for partition, mark in partitions.items()
    }
