"""Transfers, the steps of their sagas, the answers given under idempotency keys, and the outbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_transfers()
    _create_transfer_steps()
    _create_commands()
    _create_outbox()


def downgrade() -> None:
    for table in ("outbox", "commands", "transfer_steps", "transfers"):
        op.drop_table(table)


def _create_transfers() -> None:
    op.create_table(
        "transfers",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("payer_id", sa.Uuid, nullable=False),
        sa.Column("payee_id", sa.Uuid, nullable=False),
        sa.Column("from_wallet_id", sa.Uuid, nullable=False),
        sa.Column("to_wallet_id", sa.Uuid, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("hold_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("failure_code", sa.Text),
        sa.Column("refusal", JSONB),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("amount BETWEEN 1 AND 9007199254740991", name="amount_is_positive_and_exact"),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_is_a_code"),
        sa.CheckConstraint("from_wallet_id <> to_wallet_id", name="wallets_differ"),
        sa.CheckConstraint(
            "state IN ('HOLDING', 'CAPTURING', 'RELEASING', 'COMPLETED', 'FAILED')", name="state_is_known"
        ),
        sa.CheckConstraint("(state IN ('RELEASING', 'FAILED')) = (failure_code IS NOT NULL)", name="failures_say_why"),
        sa.CheckConstraint("(state IN ('COMPLETED', 'FAILED')) = (ended_at IS NOT NULL)", name="ends_have_an_instant"),
        sa.CheckConstraint("(state IN ('COMPLETED', 'FAILED')) = (due_at IS NULL)", name="only_the_unfinished_are_due"),
    )
    op.create_index("transfers_due", "transfers", ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL"))
    op.create_index("transfers_of_payer", "transfers", ["payer_id", "id"])
    op.create_index("transfers_of_payee", "transfers", ["payee_id", "id"])


def _create_transfer_steps() -> None:
    op.create_table(
        "transfer_steps",
        sa.Column("transfer_id", sa.Uuid, sa.ForeignKey("transfers.id"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("error", sa.Text),
        sa.CheckConstraint("name IN ('HOLD', 'CAPTURE', 'RELEASE')", name="step_is_known"),
        sa.CheckConstraint("status IN ('RUNNING', 'DONE', 'FAILED', 'COMPENSATED')", name="step_status_is_known"),
        sa.CheckConstraint("(status = 'RUNNING') = (finished_at IS NULL)", name="finished_steps_have_an_instant"),
    )


def _create_commands() -> None:
    op.create_table(
        "commands",
        sa.Column("payer_id", sa.Uuid, primary_key=True),
        sa.Column("idempotency_key", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("transfer_id", sa.Uuid, sa.ForeignKey("transfers.id"), unique=True),
        sa.Column("refusal", JSONB),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(transfer_id IS NULL) <> (refusal IS NULL)", name="one_answer_a_key"),
    )


def _create_outbox() -> None:
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
    )
    op.create_index("outbox_pending", "outbox", ["id"], postgresql_where=sa.text("published_at IS NULL"))
    op.create_index("outbox_positions", "outbox", ["topic", "partition", "offset"])
