"""The event log: what a service has told, each event at a dense position, and how far each sink has published it.

The sequencer alone writes positions, so a reader that remembers one misses nothing: whatever commits later stands behind it. Of a
batch that a broker acknowledged one row of `publication` keeps where each of its events stands there.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    Index,
    MetaData,
    Row,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.publisher import Record

PURGE_BATCH = 5_000  # events deleted in one transaction: a matter of tens of milliseconds
PUBLICATION_MAX = 500  # events of one row of `publication`: the most that a sink publishes in one batch
SHOWN_MAX = (
    100  # events of one key that are shown; most have a handful, a payment that is refunded in many parts has more
)

_AFTER = text("SELECT pos, topic, key, value FROM event_log WHERE pos > :pos ORDER BY pos LIMIT :most")
_VALUES = text("SELECT pos, value FROM event_log WHERE pos = ANY(CAST(:positions AS bigint[]))")
_OLDEST = text("SELECT min(pos) FROM event_log")
# From the oldest on, up to the first that is young. A batch of which one of these is the last begins less than PUBLICATION_MAX before them:
# so it is found by its place, and not by a look at every batch of a month.
_PURGE = text("""
WITH oldest AS (
    SELECT pos, sequenced_at >= now() - CAST(:retention AS interval) AS is_young
      FROM event_log WHERE pos <= (SELECT min(pos) FROM sink_cursor) ORDER BY pos LIMIT :most
), purged AS (
    DELETE FROM event_log USING oldest
     WHERE event_log.pos = oldest.pos
       AND oldest.pos < coalesce((SELECT min(pos) FROM oldest WHERE is_young), (SELECT max(pos) + 1 FROM oldest))
    RETURNING event_log.pos
), unheld AS (
    DELETE FROM publication
     WHERE sink = ANY(ARRAY(SELECT sink FROM sink_cursor))
       AND first_pos BETWEEN (SELECT min(pos) FROM purged) - :batch AND (SELECT max(pos) FROM purged)
       AND first_pos + cardinality(offsets) - 1 <= (SELECT max(pos) FROM purged)
)
SELECT count(*) FROM purged
""")
# Of each key by itself, so that one that has many events takes no room from the others; an index leads to the newest of them.
# A batch is found by its first position, which is at most PUBLICATION_MAX - 1 before the event's: positions are dense.
_OF_KEYS = text("""
SELECT event.*, coalesce(pos <= cursor_pos, false) AS is_published, CASE WHEN pos <= cursor_pos THEN at.published_at END AS published_at,
       CASE WHEN pos <= cursor_pos THEN at.partitions[pos - at.first_pos + 1] END AS partition,
       CASE WHEN pos <= cursor_pos THEN at.offsets[pos - at.first_pos + 1] END AS "offset"
  FROM unnest(CAST(:keys AS text[])) AS asked (key)
 CROSS JOIN LATERAL (
           (SELECT id, event_id, topic, key, value ->> 'type' AS type, created_at, NULL::bigint AS pos, NULL::timestamptz AS sequenced_at
              FROM outbox WHERE outbox.key = asked.key ORDER BY outbox.id DESC LIMIT :most)
            UNION ALL
           (SELECT NULL, event_id, topic, key, value ->> 'type', created_at, pos, sequenced_at
              FROM event_log WHERE event_log.key = asked.key ORDER BY event_log.pos DESC LIMIT :most)
            ORDER BY pos DESC NULLS FIRST, id DESC LIMIT :most
       ) AS event
  LEFT JOIN (SELECT sink, sink_cursor.pos AS cursor_pos FROM sink_cursor WHERE sink = :sink) AS cursor ON true
  LEFT JOIN LATERAL (
           SELECT * FROM publication
            WHERE publication.sink = cursor.sink AND first_pos BETWEEN event.pos - :batch AND event.pos
              AND first_pos + cardinality(offsets) > event.pos
            ORDER BY published_at DESC LIMIT 1
       ) AS at ON true
 ORDER BY pos NULLS LAST, id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """How far one event has come: recorded, then sequenced, then published. `pos` and what follows is None until then."""

    event_id: UUID
    topic: str
    key: str
    type: str | None
    created_at: datetime
    pos: int | None
    sequenced_at: datetime | None
    is_published: bool
    published_at: datetime | None
    partition: int | None
    offset: int | None


def declare_event_log(metadata: MetaData) -> Table:
    """Declare the log, its sinks' cursors and what they have published among a service's tables; answers the log."""
    Table(
        "sink_cursor",
        metadata,
        Column("sink", Text, primary_key=True),
        Column("pos", BigInteger, nullable=False, server_default="0"),
        Column("epoch", BigInteger, nullable=False, server_default="0"),
        Column("offsets", JSONB, nullable=False, server_default="{}"),
        Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )
    Table(
        "publication",
        metadata,
        Column("sink", Text, primary_key=True),
        Column("first_pos", BigInteger, primary_key=True),
        Column("partitions", ARRAY(SmallInteger), nullable=False),
        Column("offsets", ARRAY(BigInteger), nullable=False),
        Column("published_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )
    return Table(
        "event_log",
        metadata,
        Column("pos", BigInteger, primary_key=True, autoincrement=False),
        Column("event_id", Uuid, nullable=False, unique=True),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("value", JSONB, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("sequenced_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
        Index("event_log_key", "key", "pos"),
    )


async def records_after(connection: AsyncConnection, pos: int, *, most: int) -> list[tuple[int, Record]]:
    """The events behind a position, in order, each beside its own."""
    found = await connection.execute(_AFTER, {"pos": pos, "most": most})
    return [(row.pos, Record(row.topic, row.key, row.value)) for row in found]


async def values_at(connection: AsyncConnection, positions: Collection[int]) -> dict[int, dict[str, Any]]:
    """By position, what was told there, as far as it is retained."""
    return {row.pos: row.value for row in await connection.execute(_VALUES, {"positions": list(positions)})}


async def oldest_position(connection: AsyncConnection) -> int | None:
    """Where what is retained begins; None where nothing is."""
    return (await connection.execute(_OLDEST)).scalar_one()  # type: ignore[no-any-return]  # a bigint or NULL


async def purge(connection: AsyncConnection, *, retention: timedelta) -> int:
    """Delete some of what is older than `retention`, PURGE_BATCH at most, and nothing that a sink has yet to publish; answers how many."""
    wanted = {"most": PURGE_BATCH, "retention": retention, "batch": PUBLICATION_MAX - 1}
    return int((await connection.execute(_PURGE, wanted)).scalar_one())


async def passages(connection: AsyncConnection, key: str, *, sink: str = "kafka") -> list[Passage]:
    """How far the newest SHOWN_MAX events of one key have come (of one transfer, by its id), in the order in which they happened."""
    return (await passages_of(connection, [key], sink=sink)).get(key, [])


async def passages_of(
    connection: AsyncConnection, keys: Collection[str], *, sink: str = "kafka"
) -> dict[str, list[Passage]]:
    """The same for several keys at once, SHOWN_MAX of each; a key without events is left out."""
    asked = {"keys": list(dict.fromkeys(keys)), "sink": sink, "batch": PUBLICATION_MAX - 1, "most": SHOWN_MAX}
    found: dict[str, list[Passage]] = {}
    for row in await connection.execute(_OF_KEYS, asked):
        found.setdefault(row.key, []).append(_passage(row))
    return found


def _passage(row: Row[Any]) -> Passage:
    return Passage(
        event_id=row.event_id,
        topic=row.topic,
        key=row.key,
        type=row.type,
        created_at=row.created_at,
        pos=row.pos,
        sequenced_at=row.sequenced_at,
        is_published=row.is_published,
        published_at=row.published_at,
        partition=row.partition,
        offset=row.offset,
    )
