"""Payment requests, the transfers that pay them, and the answers to those who ask."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_payment_requests()
    _index_payment_requests()
    op.create_foreign_key("transfers_request_id_fkey", "transfers", "payment_requests", ["request_id"], ["id"])
    _extend_commands()


def downgrade() -> None:
    raise RuntimeError("What was asked and paid since cannot be told in the older form; restore a backup instead.")


def _create_payment_requests() -> None:
    # The payment is named before it is stored: the request's row is locked first, as everywhere.
    payment = sa.ForeignKey("transfers.id", deferrable=True, initially="DEFERRED")
    op.create_table(
        "payment_requests",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("requester_id", sa.Uuid, nullable=False),
        sa.Column("payer_id", sa.Uuid, nullable=False),
        sa.Column("to_wallet_id", sa.Uuid, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("transfer_id", sa.Uuid, payment, unique=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("requester_id <> payer_id", name="nobody_asks_themself"),
        sa.CheckConstraint("amount BETWEEN 1 AND 9007199254740991", name="amount_is_positive_and_exact"),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_is_a_code"),
        sa.CheckConstraint("status IN ('OPEN', 'PAID', 'DECLINED', 'CANCELLED', 'EXPIRED')", name="status_is_known"),
        sa.CheckConstraint("(status = 'OPEN') = (closed_at IS NULL)", name="ends_have_an_instant"),
        sa.CheckConstraint("expires_at > created_at", name="requests_live_for_a_while"),
        sa.CheckConstraint(
            "CASE status WHEN 'OPEN' THEN true WHEN 'PAID' THEN transfer_id IS NOT NULL ELSE transfer_id IS NULL END",
            name="only_the_paid_name_their_payment",
        ),
    )


def _index_payment_requests() -> None:
    op.create_index("payment_requests_of_requester", "payment_requests", ["requester_id", "id"])
    op.create_index("payment_requests_of_payer", "payment_requests", ["payer_id", "id"])
    open_ = sa.text("status = 'OPEN'")
    op.create_index("payment_requests_open", "payment_requests", ["requester_id", "payer_id"], postgresql_where=open_)
    op.create_index("payment_requests_due", "payment_requests", ["expires_at"], postgresql_where=open_)


def _extend_commands() -> None:
    op.add_column("commands", sa.Column("request_id", sa.Uuid))
    op.create_foreign_key(
        "commands_request_id_fkey",
        "commands",
        "payment_requests",
        ["request_id"],
        ["id"],
        deferrable=True,
        initially="DEFERRED",
    )
    op.drop_constraint("one_answer_a_key", "commands")
    op.create_check_constraint("one_answer_a_key", "commands", "num_nonnulls(transfer_id, request_id, refusal) = 1")
