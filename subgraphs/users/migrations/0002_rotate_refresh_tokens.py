"""Refresh tokens are a family per session, each with its successor; sessions can end. A refresh token of old begins its family."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("ended_at", sa.DateTime(timezone=True)))
    op.add_column("sessions", sa.Column("end_reason", sa.Text))
    op.create_check_constraint("ends_say_why", "sessions", "(ended_at IS NULL) = (end_reason IS NULL)")
    op.create_check_constraint("end_reason_is_known", "sessions", "end_reason IN ('LOGGED_OUT', 'TOKEN_REUSED')")
    op.create_index("sessions_ended", "sessions", ["ended_at"], postgresql_where=sa.text("ended_at IS NOT NULL"))
    op.create_index("sessions_expiring", "sessions", ["expires_at"])
    _create_refresh_tokens()
    op.execute(
        "INSERT INTO refresh_tokens (token_hash, session_id, created_at, expires_at)"
        " SELECT refresh_token_hash, id, created_at, least(expires_at, created_at + interval '14 days') FROM sessions"
    )
    op.drop_column("sessions", "refresh_token_hash")


def _create_refresh_tokens() -> None:
    op.create_table(
        "refresh_tokens",
        sa.Column("token_hash", sa.LargeBinary, primary_key=True),
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
        sa.Column("parent_hash", sa.LargeBinary, unique=True),
        sa.Column("successor_hash", sa.LargeBinary, unique=True),
        sa.Column("sealed_successor", sa.LargeBinary),
        sa.Column("presenter", sa.LargeBinary),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(token_hash) = 32", name="only_hashes_are_kept"),
        sa.CheckConstraint(
            "num_nonnulls(used_at, successor_hash, presenter) IN (0, 3)", name="the_used_have_a_successor"
        ),
        sa.CheckConstraint("sealed_successor IS NULL OR used_at IS NOT NULL", name="only_the_used_keep_a_seal"),
    )
    op.create_index(
        "refresh_tokens_unused",
        "refresh_tokens",
        ["session_id"],
        unique=True,
        postgresql_where=sa.text("used_at IS NULL"),
    )
    op.create_index("refresh_tokens_of_session", "refresh_tokens", ["session_id"])
    op.create_index("refresh_tokens_expiring", "refresh_tokens", ["expires_at"])


def downgrade() -> None:
    op.add_column("sessions", sa.Column("refresh_token_hash", sa.LargeBinary, unique=True))
    op.execute(
        "UPDATE sessions SET refresh_token_hash = t.token_hash FROM refresh_tokens t"
        " WHERE t.session_id = sessions.id AND t.used_at IS NULL"
    )
    op.execute("DELETE FROM sessions WHERE refresh_token_hash IS NULL OR ended_at IS NOT NULL")
    op.alter_column("sessions", "refresh_token_hash", nullable=False)
    op.drop_table("refresh_tokens")
    op.drop_index("sessions_expiring", "sessions")
    op.drop_index("sessions_ended", "sessions")
    for name in ("end_reason_is_known", "ends_say_why"):
        op.drop_constraint(name, "sessions")
    op.drop_column("sessions", "end_reason")
    op.drop_column("sessions", "ended_at")
