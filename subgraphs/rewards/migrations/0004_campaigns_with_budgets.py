"""Campaigns with versions, caps, budgets and pauses; what is counted for them; rewards that go back."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

VERSION_CHECKS = {
    "versions_count": "version >= 1",
    "rate_is_basis_points": "rate BETWEEN 1 AND 10000",
    "cap_is_positive": "cap > 0",
    "minimum_is_positive": "minimum > 0",
    "user_cap_is_positive": "user_cap > 0",
    "budget_is_positive": "budget > 0",
    "period_is_known": "period IN ('DAY', 'WEEK', 'MONTH', 'CAMPAIGN')",
    "campaign_ends_after_its_start": "ends_at > starts_at",
}
REWARD_CHECKS = {
    "status_is_known": "status IN ('PENDING', 'ISSUED', 'CLAWED_BACK', 'REJECTED')",
    "what_was_paid_has_an_instant": "(status IN ('ISSUED', 'CLAWED_BACK')) = (issued_at IS NOT NULL)",
    "rejections_have_a_reason": "(status = 'REJECTED') = (failure_code IS NOT NULL)",
    "no_more_goes_back_than_came": "clawed_back BETWEEN 0 AND reclaimed AND reclaimed <= amount",
    "clawed_back_is_all_of_it": "(status = 'CLAWED_BACK') = (clawed_back = amount)",
    "source_is_known": "source IN ('CAMPAIGN', 'REWARDS')",
}
CLAWBACK_CHECKS = {
    "clawback_is_positive": "amount > 0",
    "no_more_is_taken_than_is_undue": "taken BETWEEN 0 AND amount",
    "no_more_is_asked_for_than_is_left": "state <> 'PENDING' OR asked BETWEEN 1 AND amount - taken",
    "clawback_state_is_known": "state IN ('PENDING', 'OWED', 'SETTLED', 'VOID')",
    "settled_is_all_of_it": "(state = 'SETTLED') = (taken = amount)",
}
TERMS = ("name", "rate", "cap", "minimum", "starts_at", "ends_at")


def upgrade() -> None:
    _create_versions()
    _create_pauses_and_changes()
    _create_counters()
    _extend_rewards()
    _create_clawbacks()
    _count_what_was_granted()
    for statement in GUARDS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("The older form has no room for versions and claw-backs; restore a backup instead.")


def _create_versions() -> None:
    """What a campaign said so far is its first version."""
    op.create_table(
        "campaign_versions",
        sa.Column("campaign_id", sa.Uuid, sa.ForeignKey("campaigns.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("in_force_from", _INSTANT, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("rate", sa.Integer, nullable=False),
        sa.Column("cap", sa.BigInteger),
        sa.Column("minimum", sa.BigInteger),
        sa.Column("user_cap", sa.BigInteger),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("budget", sa.BigInteger),
        sa.Column("starts_at", _INSTANT, nullable=False),
        sa.Column("ends_at", _INSTANT),
        *(sa.CheckConstraint(rule, name=name) for name, rule in VERSION_CHECKS.items()),
    )
    op.execute(
        "INSERT INTO campaign_versions (campaign_id, version, in_force_from, name, rate, cap, minimum, period, starts_at, ends_at)"
        " SELECT id, 1, starts_at, name, rate, cap, minimum, 'CAMPAIGN', starts_at, ends_at FROM campaigns"
    )
    op.add_column("campaigns", sa.Column("created_at", _INSTANT, nullable=False, server_default=sa.func.now()))
    op.add_column("campaigns", sa.Column("ended_at", _INSTANT))
    op.add_column("campaigns", sa.Column("spent", sa.BigInteger, nullable=False, server_default="0"))
    op.create_check_constraint("spent_is_not_negative", "campaigns", "spent >= 0")
    for column in TERMS:
        op.drop_column("campaigns", column)


def _create_pauses_and_changes() -> None:
    op.create_table(
        "campaign_pauses",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("campaign_id", sa.Uuid, sa.ForeignKey("campaigns.id"), nullable=False),
        sa.Column("paused_at", _INSTANT, nullable=False),
        sa.Column("resumed_at", _INSTANT),
        sa.CheckConstraint("resumed_at >= paused_at", name="pauses_end_after_they_begin"),
        sa.Index("campaign_paused_once", "campaign_id", unique=True, postgresql_where=sa.text("resumed_at IS NULL")),
        sa.Index("campaign_pauses_by_campaign", "campaign_id"),
    )
    op.create_table(
        "campaign_changes",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("campaign_id", sa.Uuid, sa.ForeignKey("campaigns.id"), nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("amount", sa.BigInteger),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.CheckConstraint(
            "action IN ('CREATE', 'CHANGE', 'FUND', 'DEFUND', 'PAUSE', 'RESUME', 'END')", name="change_is_known"
        ),
        sa.CheckConstraint("(action IN ('FUND', 'DEFUND')) = (amount IS NOT NULL)", name="funding_has_an_amount"),
        sa.CheckConstraint("reason <> ''", name="changes_have_a_reason"),
        sa.Index("campaign_changes_by_campaign", "campaign_id", "id"),
    )


def _create_counters() -> None:
    op.create_table(
        "assessments",
        sa.Column("transfer_id", sa.Uuid, primary_key=True),
        sa.Column("outcome", sa.Text),
        sa.Column("refunded", sa.BigInteger, nullable=False, server_default="0"),
        sa.CheckConstraint(
            "outcome IN ('EARNED', 'NOTHING_OFFERED', 'USED_UP', 'CIRCULAR', 'REFUNDED')", name="outcome_is_known"
        ),
        sa.CheckConstraint("refunded >= 0", name="refunded_is_not_negative"),
    )
    op.create_table(
        "payment_pairs",
        sa.Column("low", sa.Uuid, primary_key=True),
        sa.Column("high", sa.Uuid, primary_key=True),
        sa.Column("paid_by_low_at", _INSTANT),
        sa.Column("paid_by_high_at", _INSTANT),
        sa.CheckConstraint("low < high", name="pairs_are_in_order"),
        postgresql_with={"fillfactor": 80},
    )
    op.create_table(
        "user_days",
        sa.Column("campaign_id", sa.Uuid, sa.ForeignKey("campaigns.id"), primary_key=True),
        sa.Column("user_id", sa.Uuid, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("spent", sa.BigInteger, nullable=False),
        sa.CheckConstraint("spent >= 0", name="spent_in_a_day_is_not_negative"),
        postgresql_with={"fillfactor": 80},
    )


def _extend_rewards() -> None:
    """Those of before are paid, and taken back, where they came from: campaigns had no funds."""
    for column in (
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("earned_on", sa.Date),
        sa.Column("clamped", sa.Boolean, nullable=False, server_default="false"),
        sa.Column("refunded_before", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("reclaimed", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("clawed_back", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("source", sa.Text, nullable=False, server_default="REWARDS"),
        sa.Column("round", sa.Integer, nullable=False, server_default="0"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_at", _INSTANT, nullable=False, server_default=sa.func.now()),
        sa.Column("failure_code", sa.Text),
        sa.Column("request_id", sa.Text),
    ):
        op.add_column("rewards", column)
    op.execute("UPDATE rewards SET earned_on = (created_at AT TIME ZONE 'UTC')::date")
    op.alter_column("rewards", "earned_on", nullable=False)
    op.alter_column("rewards", "version", server_default=None)
    op.alter_column("rewards", "next_at", server_default=None)
    op.alter_column("rewards", "source", server_default="CAMPAIGN")
    for name in ("status_is_known", "issued_has_an_instant", "rewards_campaign_id_fkey"):
        op.drop_constraint(name, "rewards")
    for name, rule in REWARD_CHECKS.items():
        op.create_check_constraint(name, "rewards", rule)
    op.create_foreign_key(
        "rewards_terms", "rewards", "campaign_versions", ["campaign_id", "version"], ["campaign_id", "version"]
    )
    op.create_index("rewards_due", "rewards", ["next_at"], postgresql_where=sa.text("status = 'PENDING'"))
    op.create_index("rewards_pending", "rewards", ["campaign_id"], postgresql_where=sa.text("status = 'PENDING'"))


def _create_clawbacks() -> None:
    op.create_table(
        "clawbacks",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("reward_id", sa.Uuid, sa.ForeignKey("rewards.id"), nullable=False),
        sa.Column("refund_id", sa.Uuid, nullable=False),
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("taken", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("asked", sa.BigInteger, nullable=False),
        sa.Column("round", sa.Integer, nullable=False, server_default="0"),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_at", _INSTANT, nullable=False),
        sa.Column("request_id", sa.Text),
        *(sa.CheckConstraint(rule, name=name) for name, rule in CLAWBACK_CHECKS.items()),
        sa.Index("clawbacks_by_reward", "reward_id"),
        sa.Index("clawbacks_due", "next_at", postgresql_where=sa.text("state = 'PENDING'")),
        sa.Index("clawbacks_owed", "user_id", "currency", postgresql_where=sa.text("state = 'OWED'")),
    )


def _count_what_was_granted() -> None:
    op.execute("INSERT INTO assessments (transfer_id, outcome) SELECT transfer_id, 'EARNED' FROM rewards")
    op.execute(
        "INSERT INTO user_days (campaign_id, user_id, day, spent)"
        " SELECT campaign_id, user_id, earned_on, sum(amount) FROM rewards GROUP BY campaign_id, user_id, earned_on"
    )
    op.execute(
        "UPDATE campaigns SET spent = granted.amount"
        " FROM (SELECT campaign_id, sum(amount) AS amount FROM rewards GROUP BY campaign_id) AS granted"
        " WHERE granted.campaign_id = campaigns.id"
    )
    op.execute(
        "INSERT INTO campaign_changes (campaign_id, action, version, actor, reason, at)"
        " SELECT campaign_id, 'CREATE', 1, 'service:migration', 'here before changes were noted', in_force_from FROM campaign_versions"
    )


_INSTANT = sa.DateTime(timezone=True)

# What a campaign has promised stays as it was said, and no more is granted than its budget, whoever writes.
GUARDS = (
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is never changed or deleted (% refused)', TG_ARGV[0], TG_OP USING ERRCODE = 'check_violation';
    END $$
    """,
    *(
        statement
        for table in ("campaign_versions", "campaign_changes")
        for statement in (
            f"CREATE TRIGGER {table}_stay BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION refuse_change('{table}')",
            f"CREATE TRIGGER {table}_are_never_emptied BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('{table}')",
        )
    ),
    "CREATE TRIGGER campaign_keeps_its_identity BEFORE UPDATE OF id, currency, created_at ON campaigns"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change('what a campaign is')",
    """
    CREATE FUNCTION check_budget() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        most bigint := (SELECT budget FROM campaign_versions WHERE campaign_id = NEW.id ORDER BY version DESC LIMIT 1);
    BEGIN
        IF NEW.spent > OLD.spent AND NEW.spent > most THEN
            RAISE EXCEPTION 'campaign % would have granted % of a budget of %', NEW.id, NEW.spent, most
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER campaign_keeps_its_budget BEFORE UPDATE OF spent ON campaigns"
    " FOR EACH ROW EXECUTE FUNCTION check_budget()",
)
