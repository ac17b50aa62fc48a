"""The ledger: its tables, and the triggers that keep it true whoever writes to it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("owner_id", sa.Uuid),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("posted", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("held", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("floor", sa.BigInteger),
        sa.Column("seq", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("last_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.UniqueConstraint(
            "owner_id", "kind", "currency", name="account_owner_kind_currency", postgresql_nulls_not_distinct=True
        ),
        sa.CheckConstraint("kind IN ('USER', 'EXTERNAL', 'REWARDS')", name="kind_is_known"),
        sa.CheckConstraint("(kind = 'USER') = (owner_id IS NOT NULL)", name="users_accounts_have_owners"),
        sa.CheckConstraint("kind <> 'USER' OR floor IS NOT NULL", name="users_accounts_have_floors"),
        sa.CheckConstraint("kind <> 'USER' OR posted <= 9007199254740991", name="users_balances_are_exact_in_json"),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_is_a_code"),
        sa.CheckConstraint("held >= 0", name="held_is_not_negative"),
        sa.CheckConstraint("floor IS NULL OR posted - held >= floor", name="floor_holds"),
        sa.CheckConstraint("seq >= 0", name="seq_counts"),
        postgresql_with={"fillfactor": 60},
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("transfer_id", sa.Uuid),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('DEPOSIT', 'HOLD', 'CAPTURE', 'RELEASE', 'REWARD')", name="journal_kind_is_known"),
        sa.CheckConstraint("amount BETWEEN 1 AND 1000000000000000", name="journal_amount_is_in_bounds"),
        sa.Index("journal_transfer", "transfer_id", postgresql_where="transfer_id IS NOT NULL"),
    )
    op.create_table(
        "entry",
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True),
        sa.Column("journal_id", sa.Uuid, sa.ForeignKey("journal.id"), nullable=False),
        sa.Column("delta_posted", sa.BigInteger, nullable=False),
        sa.Column("delta_held", sa.BigInteger, nullable=False),
        sa.Column("posted_after", sa.BigInteger, nullable=False),
        sa.Column("held_after", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("journal_id", "account_id", name="entry_one_line_per_account"),
        sa.CheckConstraint("delta_posted <> 0 OR delta_held <> 0", name="entry_changes_something"),
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("payee_id", sa.Uuid, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("transfer_id", sa.Uuid, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("captured", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("released", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name="hold_amount_is_positive"),
        sa.CheckConstraint("account_id <> payee_id", name="hold_has_two_sides"),
        sa.CheckConstraint(
            "captured >= 0 AND released >= 0 AND captured + released <= amount", name="hold_resolves_at_most_once"
        ),
        sa.Index("hold_open", "account_id", postgresql_where="captured + released < amount"),
        postgresql_with={"fillfactor": 80},
    )
    op.create_table(
        "idempotency",
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.LargeBinary),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("ref", sa.Uuid),
        sa.Column("result", JSONB),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.clock_timestamp()),
        sa.CheckConstraint("length(key) BETWEEN 1 AND 64", name="key_is_in_bounds"),
        sa.CheckConstraint("(outcome = 'ACCEPTED') = (ref IS NOT NULL)", name="what_is_accepted_has_an_effect"),
    )
    for statement in (*_FUNCTIONS, *_TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("Books are not thrown away; restore a backup instead.")


_FUNCTIONS = (
    # What is written stays written; a mistake is put right by another journal.
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is never changed or deleted (% refused)', TG_ARGV[0], TG_OP USING ERRCODE = 'check_violation';
    END $$
    """,
    # Deferred to the commit, when all lines are there. Also run per entry, so that nobody adds a line to an old journal.
    """
    CREATE FUNCTION check_journal() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        checked uuid;
        lines bigint;
        total numeric;
        foreign_lines bigint;
    BEGIN
        IF TG_TABLE_NAME = 'journal' THEN checked := NEW.id; ELSE checked := NEW.journal_id; END IF;
        SELECT count(*), coalesce(sum(entry.delta_posted), 0), count(*) FILTER (WHERE account.currency <> journal.currency)
          INTO lines, total, foreign_lines
          FROM journal JOIN entry ON entry.journal_id = journal.id JOIN account ON account.id = entry.account_id
         WHERE journal.id = checked;
        IF lines = 0 OR total <> 0 OR foreign_lines <> 0 THEN
            RAISE EXCEPTION 'journal % does not balance: % lines, sum %, % in another currency', checked, lines, total, foreign_lines
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    # The entries of an account are a chain without a gap.
    """
    CREATE FUNCTION check_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        before entry%ROWTYPE;
    BEGIN
        SELECT * INTO before FROM entry WHERE account_id = NEW.account_id AND seq = NEW.seq - 1;
        IF NEW.seq <> coalesce(before.seq, 0) + 1
           OR NEW.posted_after <> coalesce(before.posted_after, 0) + NEW.delta_posted
           OR NEW.held_after <> coalesce(before.held_after, 0) + NEW.delta_held
           OR NEW.at < before.at THEN
            RAISE EXCEPTION 'entry % of account % does not follow from the one before it', NEW.seq, NEW.account_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    # Deferred to the commit: an account stands where its newest entry says, so a balance cannot change by itself.
    """
    CREATE FUNCTION check_account() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        newest entry%ROWTYPE;
    BEGIN
        SELECT * INTO newest FROM entry WHERE account_id = NEW.id AND seq = NEW.seq;
        IF NEW.seq <> coalesce(newest.seq, 0)
           OR NEW.posted <> coalesce(newest.posted_after, 0)
           OR NEW.held <> coalesce(newest.held_after, 0)
           OR NEW.last_at IS DISTINCT FROM newest.at THEN
            RAISE EXCEPTION 'account % does not stand where its entry % says', NEW.id, NEW.seq USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
)

_TRIGGERS = (
    *(
        statement
        for table in ("journal", "entry")
        for statement in (
            f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION refuse_change('{table}')",
            f"CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('{table}')",
        )
    ),
    "CREATE TRIGGER account_keeps_its_identity BEFORE UPDATE OF id, owner_id, kind, currency ON account"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change('whose an account is')",
    "CREATE CONSTRAINT TRIGGER journal_balances AFTER INSERT ON journal DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION check_journal()",
    "CREATE CONSTRAINT TRIGGER entry_keeps_the_balance AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW WHEN (NEW.delta_posted <> 0) EXECUTE FUNCTION check_journal()",
    "CREATE TRIGGER entry_follows AFTER INSERT ON entry FOR EACH ROW EXECUTE FUNCTION check_entry()",
    "CREATE CONSTRAINT TRIGGER account_matches_its_entries AFTER INSERT OR UPDATE ON account"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_account()",
)
