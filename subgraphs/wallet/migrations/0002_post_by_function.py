"""The complete ledger: one function posts everything, in one round trip; shards, an audit chain, statuses, reversals, refunds.

The functions and triggers stand beside this, in sql/, as they are run.
"""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import DOMAIN

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ACCOUNT_STATUS, HOLD_PURPOSE = (DOMAIN(name, sa.Text, create_type=False) for name in ("account_status", "hold_purpose"))


def upgrade() -> None:
    _drop_old_rules()
    _run("0002_domains.sql")
    _run("0002_chain.sql")
    _change_accounts()
    _change_journals()
    op.add_column("entry", sa.Column("chain", sa.LargeBinary))
    _change_holds()
    op.drop_constraint("what_is_accepted_has_an_effect", "idempotency")
    _run("0002_backfill.sql")
    op.create_check_constraint("what_is_ok_has_an_effect", "idempotency", "(outcome = 'OK') = (ref IS NOT NULL)")
    op.alter_column("idempotency", "result", nullable=False)
    op.alter_column("journal", "effective_at", nullable=False)
    op.alter_column("entry", "chain", nullable=False)
    for script in ("rules", "decisions", "posting", "opening"):
        _run(f"0002_{script}.sql")


def downgrade() -> None:
    raise RuntimeError("What was posted since cannot be told in the older form; restore a backup instead.")


def _drop_old_rules() -> None:
    op.execute("DROP TRIGGER account_keeps_its_identity ON account")
    op.execute("DROP TRIGGER account_matches_its_entries ON account")
    op.execute("DROP TRIGGER journal_balances ON journal")
    op.execute("DROP TRIGGER entry_keeps_the_balance ON entry")
    op.execute("DROP TRIGGER entry_follows ON entry")
    for table in ("journal", "entry"):
        op.execute(f"DROP TRIGGER {table}_is_append_only ON {table}")
        op.execute(f"DROP TRIGGER {table}_is_never_emptied ON {table}")
    for function in ("check_journal", "check_entry", "check_account"):
        op.execute(f"DROP FUNCTION {function}()")


def _change_accounts() -> None:
    op.add_column("account", sa.Column("status", ACCOUNT_STATUS, nullable=False, server_default="OPEN"))
    op.add_column("account", sa.Column("shard", sa.SmallInteger, nullable=False, server_default="0"))
    op.add_column("account", sa.Column("chain", sa.LargeBinary, nullable=False, server_default=""))
    op.drop_constraint("account_owner_kind_currency", "account")
    op.create_index(
        "account_owner_kind_currency_shard",
        "account",
        ["owner_id", "kind", "currency", "shard"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where="status <> 'CLOSED'",  # a closed wallet makes room for another
    )
    op.create_index("account_owner", "account", ["owner_id"], postgresql_where="owner_id IS NOT NULL")
    op.create_table(
        "account_status_change",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("from_status", ACCOUNT_STATUS, nullable=False),
        sa.Column("to_status", ACCOUNT_STATUS, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_status <> to_status", name="status_change_changes_something"),
        sa.Index("status_change_account", "account_id", "at"),
    )


def _change_journals() -> None:
    op.add_column("journal", sa.Column("reverses", sa.Uuid, sa.ForeignKey("journal.id")))
    op.add_column("journal", sa.Column("effective_at", sa.DateTime(timezone=True)))
    op.add_column("journal", sa.Column("actor", sa.Text))
    op.add_column("journal", sa.Column("reason", sa.Text))
    op.create_check_constraint(
        "reversals_name_what_they_reverse", "journal", "(kind = 'REVERSAL') = (reverses IS NOT NULL)"
    )
    op.create_index(
        "journal_reversed_once", "journal", ["reverses"], unique=True, postgresql_where="reverses IS NOT NULL"
    )


def _change_holds() -> None:
    op.add_column("hold", sa.Column("purpose", HOLD_PURPOSE, nullable=False, server_default="TRANSFER"))
    op.add_column("hold", sa.Column("expired", sa.Boolean, nullable=False, server_default="false"))
    op.create_check_constraint(
        "what_expired_was_given_back", "hold", "NOT expired OR (released > 0 AND captured + released = amount)"
    )
    op.create_index("hold_expiry", "hold", ["expires_at"], postgresql_where="captured + released < amount")


def _run(script: str) -> None:
    """Run a file as it stands: by the driver, which takes many statements at once."""
    statements = (Path(__file__).parent / "sql" / script).read_text()
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute(statements))
