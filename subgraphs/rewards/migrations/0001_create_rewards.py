"""Campaigns with the default one, rewards, and the rows of event delivery."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_campaigns()
    _create_rewards()
    _create_delivery()


def downgrade() -> None:
    for table in ("dead_letters", "inbox", "outbox", "rewards", "campaigns"):
        op.drop_table(table)


def _create_campaigns() -> None:
    campaigns = op.create_table(
        "campaigns",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("rate", sa.Integer, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("cap", sa.BigInteger),
        sa.Column("minimum", sa.BigInteger),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("rate BETWEEN 1 AND 10000", name="rate_is_basis_points"),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="campaign_currency_is_a_code"),
        sa.CheckConstraint("cap > 0", name="cap_is_positive"),
        sa.CheckConstraint("minimum > 0", name="minimum_is_positive"),
        sa.CheckConstraint("ends_at > starts_at", name="campaign_ends_after_its_start"),
    )
    op.execute(
        campaigns.insert().values(
            id=sa.literal("01935000-0000-7000-8000-000000000001", sa.Text).cast(sa.Uuid),
            name="Welcome cashback",
            rate=100,
            currency="USD",
            starts_at=sa.literal("2026-01-01T00:00:00Z", sa.Text).cast(sa.DateTime(timezone=True)),
        )
    )


def _create_rewards() -> None:
    op.create_table(
        "rewards",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("transfer_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("wallet_id", sa.Uuid, nullable=False),
        sa.Column("campaign_id", sa.Uuid, sa.ForeignKey("campaigns.id"), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("issued_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("amount > 0", name="reward_is_positive"),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="reward_currency_is_a_code"),
        sa.CheckConstraint("status IN ('PENDING', 'ISSUED')", name="status_is_known"),
        sa.CheckConstraint("(status = 'ISSUED') = (issued_at IS NOT NULL)", name="issued_has_an_instant"),
        sa.Index("rewards_by_user", "user_id", "id"),
    )


def _create_delivery() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("event_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("value", JSONB, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("partition", sa.Integer),
        sa.Column("offset", sa.BigInteger),
        sa.Index("outbox_pending", "id", postgresql_where=sa.text("published_at IS NULL")),
        sa.Index("outbox_positions", "topic", "partition", "offset"),
    )
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
