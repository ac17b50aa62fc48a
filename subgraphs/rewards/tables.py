"""The tables of rewards."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
)

from payflow.kernel.consuming import consumer_tables
from payflow.kernel.outbox import outbox_table

metadata = MetaData()

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("rate", Integer, nullable=False),
    Column("currency", Text, nullable=False),
    Column("cap", BigInteger),
    Column("minimum", BigInteger),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True)),
    CheckConstraint("rate BETWEEN 1 AND 10000", name="rate_is_basis_points"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="campaign_currency_is_a_code"),
    CheckConstraint("cap > 0", name="cap_is_positive"),
    CheckConstraint("minimum > 0", name="minimum_is_positive"),
    CheckConstraint("ends_at > starts_at", name="campaign_ends_after_its_start"),
)

rewards = Table(
    "rewards",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("transfer_id", Uuid, nullable=False, unique=True),
    Column("wallet_id", Uuid, nullable=False),
    Column("campaign_id", Uuid, ForeignKey("campaigns.id"), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("issued_at", DateTime(timezone=True)),
    CheckConstraint("amount > 0", name="reward_is_positive"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="reward_currency_is_a_code"),
    CheckConstraint("status IN ('PENDING', 'ISSUED')", name="status_is_known"),
    CheckConstraint("(status = 'ISSUED') = (issued_at IS NOT NULL)", name="issued_has_an_instant"),
    Index("rewards_by_user", "user_id", "id"),
)

outbox = outbox_table(metadata)
consuming = consumer_tables(metadata)
inbox, dead_letters = consuming.inbox, consuming.dead_letters
