"""Readers, their notifications, and the rows of event delivery."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "readers",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("last_seq", sa.BigInteger, nullable=False),
        sa.Column("unread", sa.BigInteger, nullable=False),
        sa.CheckConstraint("unread BETWEEN 0 AND last_seq", name="unread_is_part_of_the_stream"),
    )
    op.create_table(
        "notifications",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("reader_id", sa.Uuid, sa.ForeignKey("readers.id"), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("transfer_id", sa.Uuid, nullable=False),
        sa.Column("reward_id", sa.Uuid),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("reader_id", "seq", name="notifications_stream"),
        sa.CheckConstraint("seq >= 1", name="seq_starts_at_one"),
        sa.CheckConstraint("(kind = 'REWARD_ISSUED') = (reward_id IS NOT NULL)", name="rewards_name_their_reward"),
        sa.Index("notifications_unread", "reader_id", "seq", postgresql_where=sa.text("read_at IS NULL")),
    )
    _create_delivery()


def downgrade() -> None:
    for table in ("dead_letters", "inbox", "notifications", "readers"):
        op.drop_table(table)


def _create_delivery() -> None:
    op.create_table(
        "inbox",
        sa.Column("consumer", sa.Text, primary_key=True),
        sa.Column("event_id", sa.Uuid, primary_key=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.create_table(
        "dead_letters",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("consumer", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("event_id", sa.Uuid),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
