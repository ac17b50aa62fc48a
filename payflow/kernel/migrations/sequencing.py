"""From an outbox that marks what is published to one that is sequenced into an event log: what revisions of several services run.

It belongs to those revisions and never changes; what comes later is a revision of its own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB


def create_event_log() -> None:
    """The log, the cursor of each sink, and where a broker keeps what was published to it."""
    op.create_table(
        "event_log",
        sa.Column("pos", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("event_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("value", JSONB, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequenced_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.clock_timestamp()),
    )
    op.create_table(
        "sink_cursor",
        sa.Column("sink", sa.Text, primary_key=True),
        sa.Column("pos", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("epoch", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("offsets", JSONB, nullable=False, server_default="{}"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        postgresql_with={"fillfactor": 10},  # one row that is written all the time: its page has room for many versions
    )
    op.create_table(
        "publication",
        sa.Column("sink", sa.Text, primary_key=True),
        sa.Column("first_pos", sa.BigInteger, primary_key=True),
        sa.Column("partitions", ARRAY(sa.SmallInteger), nullable=False),
        sa.Column("offsets", ARRAY(sa.BigInteger), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )


def sequence_outbox() -> None:
    """What was published moves to the log, in the order of its ids, with the cursor behind it; what was not stays, to be published.

    What stands in the middle of what was published, and was not, is told behind it: a late committer's row, of another key.
    """
    create_event_log()
    op.execute("""
        INSERT INTO event_log (pos, event_id, topic, key, value, created_at, sequenced_at)
        SELECT row_number() OVER (ORDER BY id), event_id, topic, key, value, created_at, published_at
          FROM outbox WHERE published_at IS NOT NULL
    """)
    op.execute("""
        INSERT INTO publication (sink, first_pos, partitions, offsets, published_at)
        SELECT 'kafka', pos, ARRAY[outbox.partition], ARRAY[outbox."offset"], outbox.published_at
          FROM event_log JOIN outbox USING (event_id)
    """)
    op.execute("""
        WITH newest AS (
            SELECT DISTINCT ON (outbox.topic, outbox.partition) outbox.topic, outbox.partition, outbox."offset", pos
              FROM event_log JOIN outbox USING (event_id)
             ORDER BY outbox.topic, outbox.partition, outbox."offset" DESC
        ), topics AS (
            SELECT topic, jsonb_object_agg(partition::text, jsonb_build_array("offset", pos)) AS marks FROM newest GROUP BY topic
        )
        INSERT INTO sink_cursor (sink, pos, offsets)
        SELECT 'kafka', coalesce((SELECT max(pos) FROM event_log), 0), coalesce(jsonb_object_agg(topic, marks), '{}') FROM topics
    """)
    op.create_index("event_log_key", "event_log", ["key", "pos"])
    op.execute("DELETE FROM outbox WHERE published_at IS NOT NULL")
    op.drop_index("outbox_pending", "outbox")
    op.drop_index("outbox_positions", "outbox")
    for column in ("published_at", "partition", "offset"):
        op.drop_column("outbox", column)
    op.create_index("outbox_key", "outbox", ["key"])
    vacuum_often("outbox")


def vacuum_often(table: str) -> None:
    """Of a table that is next to empty and turned over all the time, a share of its rows is no measure."""
    op.execute(f"ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)")


def flag_outbox() -> None:
    """Back: what is in the log and not published yet goes before what is in the outbox; the rest of the log is published."""
    op.drop_index("outbox_key", "outbox")
    op.add_column("outbox", sa.Column("published_at", sa.DateTime(timezone=True)))
    op.add_column("outbox", sa.Column("partition", sa.Integer))
    op.add_column("outbox", sa.Column("offset", sa.BigInteger))
    op.execute("""
        WITH waiting AS (
            DELETE FROM outbox RETURNING *
        ), told AS (
            SELECT event_id, topic, key, value, event_log.created_at, at.published_at,
                   at.partitions[event_log.pos - at.first_pos + 1] AS partition, at.offsets[event_log.pos - at.first_pos + 1] AS "offset",
                   event_log.pos, NULL::bigint AS id
              FROM event_log
              LEFT JOIN sink_cursor ON sink = 'kafka'
              LEFT JOIN LATERAL (
                       SELECT * FROM publication
                        WHERE event_log.pos <= sink_cursor.pos AND first_pos <= event_log.pos
                          AND first_pos + cardinality(offsets) > event_log.pos
                        ORDER BY publication.published_at DESC LIMIT 1
                   ) AS at ON true
        )
        INSERT INTO outbox (id, event_id, topic, key, value, created_at, published_at, partition, "offset")
        OVERRIDING SYSTEM VALUE
        SELECT nextval(pg_get_serial_sequence('outbox', 'id')), event_id, topic, key, value, created_at, published_at, partition, "offset"
          FROM (SELECT * FROM told
                 UNION ALL
                SELECT event_id, topic, key, value, created_at, NULL, NULL, NULL, NULL, id FROM waiting
                 ORDER BY pos NULLS LAST, id) AS everything
    """)
    op.create_index("outbox_pending", "outbox", ["id"], postgresql_where=sa.text("published_at IS NULL"))
    op.create_index("outbox_positions", "outbox", ["topic", "partition", "offset"])
    op.execute("ALTER TABLE outbox RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)")
    for table in ("publication", "sink_cursor", "event_log"):
        op.drop_table(table)
