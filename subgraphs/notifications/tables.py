"""The tables of notifications."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
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

from payflow.kernel.consuming import consumer_tables

metadata = MetaData()

# One row per reader: its lock is what makes a stream gapless, and puts its numbers in the order of the commits.
readers = Table(
    "readers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("last_seq", BigInteger, nullable=False),
    Column("unread", BigInteger, nullable=False),
    Column("kept_from", BigInteger, nullable=False, server_default="1"),
    CheckConstraint("kept_from BETWEEN 1 AND last_seq + 1", name="kept_is_the_end_of_the_stream"),
    CheckConstraint("unread BETWEEN 0 AND last_seq + 1 - kept_from", name="unread_is_part_of_what_is_kept"),
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
    Column("transfer_id", Uuid),
    Column("payment_request_id", Uuid),
    Column("reward_id", Uuid),
    Column("happened_at", DateTime(timezone=True), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("read_at", DateTime(timezone=True)),
    UniqueConstraint("reader_id", "seq", name="notifications_stream"),
    CheckConstraint("seq >= 1", name="seq_starts_at_one"),
    CheckConstraint("(kind LIKE 'REWARD%') = (reward_id IS NOT NULL)", name="rewards_name_their_reward"),
    CheckConstraint(
        "(kind LIKE 'PAYMENT_REQUEST%') = (payment_request_id IS NOT NULL)", name="requests_name_their_request"
    ),
    CheckConstraint(
        "(kind = 'SESSION_ENDED') = (num_nonnulls(transfer_id, payment_request_id) = 0)", name="something_is_told_of"
    ),
    Index("notifications_unread", "reader_id", "seq", postgresql_where=text("read_at IS NULL")),
    # Rows come in the order of their time, so that this costs next to nothing; for letting go of the oldest.
    Index("notifications_by_age", "created_at", postgresql_using="brin"),
)

# Only what a reader has changed; who is not here is told of everything.
preferences = Table(
    "preferences",
    metadata,
    Column("reader_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("enabled", Boolean, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("kind <> 'SESSION_ENDED'", name="safety_is_never_muted"),
)

consuming = consumer_tables(metadata)
inbox, dead_letters = consuming.inbox, consuming.dead_letters
