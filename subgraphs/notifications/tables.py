"""The tables of notifications."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)

from payflow.kernel.dead_letters import dead_letters_table
from payflow.kernel.inbox import inbox_table

metadata = MetaData()

# One row per reader: its lock is what makes a stream gapless, and puts its numbers in the order of the commits.
readers = Table(
    "readers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("last_seq", BigInteger, nullable=False),
    Column("unread", BigInteger, nullable=False),
    CheckConstraint("unread BETWEEN 0 AND last_seq", name="unread_is_part_of_the_stream"),
)

notifications = Table(
    "notifications",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("reader_id", Uuid, ForeignKey("readers.id"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("transfer_id", Uuid, nullable=False),
    Column("reward_id", Uuid),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("read_at", DateTime(timezone=True)),
    UniqueConstraint("reader_id", "seq", name="notifications_stream"),
    CheckConstraint("seq >= 1", name="seq_starts_at_one"),
    CheckConstraint("(kind = 'REWARD_ISSUED') = (reward_id IS NOT NULL)", name="rewards_name_their_reward"),
    Index("notifications_unread", "reader_id", "seq", postgresql_where=text("read_at IS NULL")),
)

inbox = inbox_table(metadata)
dead_letters = dead_letters_table(metadata)
