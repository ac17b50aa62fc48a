"""The tables of rewards."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    text,
)

from payflow.kernel.consuming import consumer_tables
from payflow.kernel.outbox import outbox_table

metadata = MetaData()

# ── campaigns ──

# Its row's lock is what makes budgets and caps exact: whoever grants holds it.
campaigns = Table(
    "campaigns",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("currency", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("ended_at", DateTime(timezone=True)),
    Column("spent", BigInteger, nullable=False, server_default="0"),  # granted and not taken back
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="campaign_currency_is_a_code"),
    CheckConstraint("spent >= 0", name="spent_is_not_negative"),
)

# Triggers refuse to change them (migrations/0004).
campaign_versions = Table(
    "campaign_versions",
    metadata,
    Column("campaign_id", Uuid, ForeignKey("campaigns.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("in_force_from", DateTime(timezone=True), nullable=False),
    Column("name", Text, nullable=False),
    Column("rate", Integer, nullable=False),
    Column("cap", BigInteger),
    Column("minimum", BigInteger),
    Column("user_cap", BigInteger),
    Column("period", Text, nullable=False),
    Column("budget", BigInteger),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True)),
    CheckConstraint("version >= 1", name="versions_count"),
    CheckConstraint("rate BETWEEN 1 AND 10000", name="rate_is_basis_points"),
    CheckConstraint("cap > 0", name="cap_is_positive"),
    CheckConstraint("minimum > 0", name="minimum_is_positive"),
    CheckConstraint("user_cap > 0", name="user_cap_is_positive"),
    CheckConstraint("budget > 0", name="budget_is_positive"),
    CheckConstraint("period IN ('DAY', 'WEEK', 'MONTH', 'CAMPAIGN')", name="period_is_known"),
    CheckConstraint("ends_at > starts_at", name="campaign_ends_after_its_start"),
)

campaign_pauses = Table(
    "campaign_pauses",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("campaign_id", Uuid, ForeignKey("campaigns.id"), nullable=False),
    Column("paused_at", DateTime(timezone=True), nullable=False),
    Column("resumed_at", DateTime(timezone=True)),
    CheckConstraint("resumed_at >= paused_at", name="pauses_end_after_they_begin"),
    Index("campaign_paused_once", "campaign_id", unique=True, postgresql_where=text("resumed_at IS NULL")),
    Index("campaign_pauses_by_campaign", "campaign_id"),
)

# Who did what to a campaign, and why. Only ever added to.
campaign_changes = Table(
    "campaign_changes",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("campaign_id", Uuid, ForeignKey("campaigns.id"), nullable=False),
    Column("action", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("amount", BigInteger),  # of money that went into the fund, or out of it
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint(
        "action IN ('CREATE', 'CHANGE', 'FUND', 'DEFUND', 'PAUSE', 'RESUME', 'END')", name="change_is_known"
    ),
    CheckConstraint("(action IN ('FUND', 'DEFUND')) = (amount IS NOT NULL)", name="funding_has_an_amount"),
    CheckConstraint("reason <> ''", name="changes_have_a_reason"),
    Index("campaign_changes_by_campaign", "campaign_id", "id"),
)

# ── what is counted ──

# What was made of each transfer, so that it is decided once; `outcome` is NULL where only a refund of it has been heard of.
assessments = Table(
    "assessments",
    metadata,
    Column("transfer_id", Uuid, primary_key=True),
    Column("outcome", Text),
    Column("refunded", BigInteger, nullable=False, server_default="0"),
    CheckConstraint(
        "outcome IN ('EARNED', 'NOTHING_OFFERED', 'USED_UP', 'CIRCULAR', 'REFUNDED')", name="outcome_is_known"
    ),
    CheckConstraint("refunded >= 0", name="refunded_is_not_negative"),
)

# When two people last paid each other, `low` being the one whose id is the lower.
payment_pairs = Table(
    "payment_pairs",
    metadata,
    Column("low", Uuid, primary_key=True),
    Column("high", Uuid, primary_key=True),
    Column("paid_by_low_at", DateTime(timezone=True)),
    Column("paid_by_high_at", DateTime(timezone=True)),
    CheckConstraint("low < high", name="pairs_are_in_order"),
    postgresql_with={"fillfactor": 80},
)

# What each person has been granted a day, and was not taken back: any period adds up from it.
user_days = Table(
    "user_days",
    metadata,
    Column("campaign_id", Uuid, ForeignKey("campaigns.id"), primary_key=True),
    Column("user_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("spent", BigInteger, nullable=False),
    CheckConstraint("spent >= 0", name="spent_in_a_day_is_not_negative"),
    postgresql_with={"fillfactor": 80},
)

# ── rewards ──

rewards = Table(
    "rewards",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("transfer_id", Uuid, nullable=False, unique=True),
    Column("wallet_id", Uuid, nullable=False),
    Column("campaign_id", Uuid, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("issued_at", DateTime(timezone=True)),
    Column("version", Integer, nullable=False),
    Column("earned_on", Date, nullable=False),
    Column("clamped", Boolean, nullable=False, server_default="false"),
    Column("refunded_before", BigInteger, nullable=False, server_default="0"),
    Column("reclaimed", BigInteger, nullable=False, server_default="0"),
    Column("clawed_back", BigInteger, nullable=False, server_default="0"),
    Column("source", Text, nullable=False, server_default="CAMPAIGN"),
    Column("round", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", DateTime(timezone=True), nullable=False),
    Column("failure_code", Text),
    Column("request_id", Text),
    ForeignKeyConstraint(
        ["campaign_id", "version"], ["campaign_versions.campaign_id", "campaign_versions.version"], name="rewards_terms"
    ),
    CheckConstraint("amount > 0", name="reward_is_positive"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="reward_currency_is_a_code"),
    CheckConstraint("status IN ('PENDING', 'ISSUED', 'CLAWED_BACK', 'REJECTED')", name="status_is_known"),
    CheckConstraint(
        "(status IN ('ISSUED', 'CLAWED_BACK')) = (issued_at IS NOT NULL)", name="what_was_paid_has_an_instant"
    ),
    CheckConstraint("(status = 'REJECTED') = (failure_code IS NOT NULL)", name="rejections_have_a_reason"),
    CheckConstraint("clawed_back BETWEEN 0 AND reclaimed AND reclaimed <= amount", name="no_more_goes_back_than_came"),
    CheckConstraint("(status = 'CLAWED_BACK') = (clawed_back = amount)", name="clawed_back_is_all_of_it"),
    CheckConstraint("source IN ('CAMPAIGN', 'REWARDS')", name="source_is_known"),
    Index("rewards_by_user", "user_id", "id"),
    Index("rewards_due", "next_at", postgresql_where=text("status = 'PENDING'")),
    Index("rewards_pending", "campaign_id", postgresql_where=text("status = 'PENDING'")),
)

# One for each refund that makes something of a reward undue. PENDING: to be taken; OWED: the wallet had not all of it, the rest is taken
# of what its owner earns next; SETTLED: all is taken; VOID: its reward was never paid.
clawbacks = Table(
    "clawbacks",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("reward_id", Uuid, ForeignKey("rewards.id"), nullable=False),
    Column("refund_id", Uuid, nullable=False),
    Column("user_id", Uuid, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("taken", BigInteger, nullable=False, server_default="0"),
    Column("asked", BigInteger, nullable=False),  # for this round
    Column("round", Integer, nullable=False, server_default="0"),
    Column("state", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", DateTime(timezone=True), nullable=False),
    Column("request_id", Text),
    CheckConstraint("amount > 0", name="clawback_is_positive"),
    CheckConstraint("taken BETWEEN 0 AND amount", name="no_more_is_taken_than_is_undue"),
    CheckConstraint(
        "state <> 'PENDING' OR asked BETWEEN 1 AND amount - taken", name="no_more_is_asked_for_than_is_left"
    ),
    CheckConstraint("state IN ('PENDING', 'OWED', 'SETTLED', 'VOID')", name="clawback_state_is_known"),
    CheckConstraint("(state = 'SETTLED') = (taken = amount)", name="settled_is_all_of_it"),
    Index("clawbacks_by_reward", "reward_id"),
    Index("clawbacks_due", "next_at", postgresql_where=text("state = 'PENDING'")),
    Index("clawbacks_owed", "user_id", "currency", postgresql_where=text("state = 'OWED'")),
)

outbox = outbox_table(metadata)
consuming = consumer_tables(metadata)
inbox, dead_letters = consuming.inbox, consuming.dead_letters
