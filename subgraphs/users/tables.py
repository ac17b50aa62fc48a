"""The tables of users."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    text,
)

from payflow.kernel.outbox import Outbox, outbox_table

metadata = MetaData()

users = Table(
    "users",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("handle", Text, nullable=False, unique=True),
    Column("display_name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("email = lower(email)", name="email_is_normal"),
    CheckConstraint("handle ~ '^[a-z0-9_]{3,30}$'", name="handle_is_normal"),
)

# `expires_at` is when a session ends whatever is done to it; `ended_at` when it was ended before.
sessions = Table(
    "sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False, index=True),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("end_reason", Text),
    CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ends_say_why"),
    CheckConstraint("end_reason IN ('LOGGED_OUT', 'TOKEN_REUSED')", name="end_reason_is_known"),
    Index("sessions_ended", "ended_at", postgresql_where=text("ended_at IS NOT NULL")),
    Index("sessions_expiring", "expires_at"),
)

# The family of a session: each token but the first has a parent, each used one a successor, and one at most is unused.
# `sealed_successor` can be opened with the token itself only, of which no more than the hash is here (see `refresh.py`).
refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("session_id", Uuid, ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("parent_hash", LargeBinary, unique=True),
    Column("successor_hash", LargeBinary, unique=True),
    Column("sealed_successor", LargeBinary),
    Column("presenter", LargeBinary),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("octet_length(token_hash) = 32", name="only_hashes_are_kept"),
    CheckConstraint("num_nonnulls(used_at, successor_hash, presenter) IN (0, 3)", name="the_used_have_a_successor"),
    CheckConstraint("sealed_successor IS NULL OR used_at IS NOT NULL", name="only_the_used_keep_a_seal"),
    Index("refresh_tokens_unused", "session_id", unique=True, postgresql_where=text("used_at IS NULL")),
    Index("refresh_tokens_of_session", "session_id"),
    Index("refresh_tokens_expiring", "expires_at"),
)

outbox = outbox_table(metadata)


def make_outbox() -> Outbox:
    """The outbox of one process."""
    return Outbox(outbox)
