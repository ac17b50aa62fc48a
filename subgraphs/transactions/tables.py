"""The tables of transactions. The constraints say what no bug may store."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from payflow.kernel.outbox import Outbox, outbox_table

metadata = MetaData()

# `due_at`: from then on a worker may take the transfer up. Whoever works at it moves it a lease ahead; an ended one has none.
transfers = Table(
    "transfers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("payer_id", Uuid, nullable=False),
    Column("payee_id", Uuid, nullable=False),
    Column("from_wallet_id", Uuid, nullable=False),
    Column("to_wallet_id", Uuid, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("note", Text),
    Column("hold_id", Uuid, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("due_at", DateTime(timezone=True)),
    Column("failure_code", Text),
    Column("refusal", JSONB(none_as_null=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    CheckConstraint("amount BETWEEN 1 AND 9007199254740991", name="amount_is_positive_and_exact"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_is_a_code"),
    CheckConstraint("from_wallet_id <> to_wallet_id", name="wallets_differ"),
    CheckConstraint("state IN ('HOLDING', 'CAPTURING', 'RELEASING', 'COMPLETED', 'FAILED')", name="state_is_known"),
    CheckConstraint("(state IN ('RELEASING', 'FAILED')) = (failure_code IS NOT NULL)", name="failures_say_why"),
    CheckConstraint("(state IN ('COMPLETED', 'FAILED')) = (ended_at IS NOT NULL)", name="ends_have_an_instant"),
    CheckConstraint("(state IN ('COMPLETED', 'FAILED')) = (due_at IS NULL)", name="only_the_unfinished_are_due"),
    Index("transfers_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index("transfers_of_payer", "payer_id", "id"),
    Index("transfers_of_payee", "payee_id", "id"),
)

transfer_steps = Table(
    "transfer_steps",
    metadata,
    Column("transfer_id", Uuid, ForeignKey("transfers.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    Column("error", Text),
    CheckConstraint("name IN ('HOLD', 'CAPTURE', 'RELEASE')", name="step_is_known"),
    CheckConstraint("status IN ('RUNNING', 'DONE', 'FAILED', 'COMPENSATED')", name="step_status_is_known"),
    CheckConstraint("(status = 'RUNNING') = (finished_at IS NULL)", name="finished_steps_have_an_instant"),
)

# What was answered under each idempotency key: a transfer, or a refusal before there was one.
commands = Table(
    "commands",
    metadata,
    Column("payer_id", Uuid, primary_key=True),
    Column("idempotency_key", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("transfer_id", Uuid, ForeignKey("transfers.id"), unique=True),
    Column("refusal", JSONB(none_as_null=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("(transfer_id IS NULL) <> (refusal IS NULL)", name="one_answer_a_key"),
)

outbox = outbox_table(metadata)


def make_outbox() -> Outbox:
    """The outbox of one process."""
    return Outbox(outbox)
