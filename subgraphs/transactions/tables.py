"""The tables of transactions. The constraints say what no bug may store."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
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

# A refund is a transfer, too: from the payee of the payment it names, back to its payer.
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
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("due_at", DateTime(timezone=True)),
    Column("failure_code", Text),
    Column("refusal", JSONB(none_as_null=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("kind", Text, nullable=False, server_default="PAYMENT"),
    Column("refund_of", Uuid, ForeignKey("transfers.id")),
    Column("request_id", Uuid, ForeignKey("payment_requests.id", name="transfers_request_id_fkey", use_alter=True)),
    Column("refunded", BigInteger, nullable=False, server_default="0"),
    Column("refunding", BigInteger, nullable=False, server_default="0"),
    Column("escalated_from", Text),
    Column("state_since", DateTime(timezone=True)),
    CheckConstraint("amount BETWEEN 1 AND 9007199254740991", name="amount_is_positive_and_exact"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_is_a_code"),
    CheckConstraint("from_wallet_id <> to_wallet_id", name="wallets_differ"),
    CheckConstraint(
        "state IN ('HOLDING', 'CAPTURING', 'RELEASING', 'REVIEW', 'COMPLETED', 'FAILED')", name="state_is_known"
    ),
    CheckConstraint(
        "(coalesce(escalated_from, state) IN ('RELEASING', 'FAILED')) = (failure_code IS NOT NULL)",
        name="failures_say_why",
    ),
    CheckConstraint("kind IN ('PAYMENT', 'REFUND')", name="kind_is_known"),
    CheckConstraint("(kind = 'REFUND') = (refund_of IS NOT NULL)", name="refunds_name_their_payment"),
    CheckConstraint(
        "refunded >= 0 AND refunding >= 0 AND refunded + refunding <= amount", name="refunds_are_within_the_payment"
    ),
    CheckConstraint("kind = 'PAYMENT' OR refunded + refunding = 0", name="only_payments_are_refunded"),
    CheckConstraint("(state = 'REVIEW') = (escalated_from IS NOT NULL)", name="reviews_know_the_way_back"),
    CheckConstraint("escalated_from IN ('HOLDING', 'CAPTURING', 'RELEASING')", name="escalated_state_is_known"),
    CheckConstraint("(state IN ('COMPLETED', 'FAILED')) = (ended_at IS NOT NULL)", name="ends_have_an_instant"),
    CheckConstraint("(state IN ('COMPLETED', 'FAILED')) = (due_at IS NULL)", name="only_the_unfinished_are_due"),
    Index("transfers_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index("transfers_of_payer", "payer_id", "id", postgresql_where=text("kind = 'PAYMENT'")),
    Index("transfers_of_payee", "payee_id", "id", postgresql_where=text("kind = 'PAYMENT'")),
    Index("transfers_refunds", "refund_of", "id", postgresql_where=text("refund_of IS NOT NULL")),
    Index("transfers_in_review", "state_since", postgresql_where=text("state = 'REVIEW'")),
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

# What was answered under each idempotency key: a transfer, or a refusal before there was one. The key is stored before its transfer.
commands = Table(
    "commands",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("idempotency_key", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("transfer_id", Uuid, ForeignKey("transfers.id", deferrable=True, initially="DEFERRED")),
    Column("refusal", JSONB(none_as_null=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("scope", Text, primary_key=True),
    Column("request_id", Uuid, ForeignKey("payment_requests.id", deferrable=True, initially="DEFERRED")),
    CheckConstraint("num_nonnulls(transfer_id, request_id, refusal) = 1", name="one_answer_a_key"),
    CheckConstraint("scope IN ('transfer', 'refund', 'request', 'pay')", name="scope_is_known"),
)

# Who asked for a person's decision, and what was decided: append-only.
transfer_reviews = Table(
    "transfer_reviews",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("transfer_id", Uuid, ForeignKey("transfers.id"), nullable=False),
    Column("event", Text, nullable=False),
    Column("escalated_from", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint("event IN ('ESCALATED', 'RESUMED', 'CANCELLED')", name="review_event_is_known"),
    CheckConstraint("reason <> ''", name="reviews_say_why"),
    Index("transfer_reviews_of", "transfer_id", "id"),
)

# What each payer has paid, and not got back by a failure, by the minute: what daily limits are counted by.
transfer_spending = Table(
    "transfer_spending",
    metadata,
    Column("payer_id", Uuid, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("minute", DateTime(timezone=True), primary_key=True),
    Column("amount", BigInteger, nullable=False),
    CheckConstraint("amount >= 0", name="spending_is_not_negative"),
)

# `transfer_id`: of an open request the payment under way, of a paid one the payment. It is named before it is stored.
payment_requests = Table(
    "payment_requests",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("requester_id", Uuid, nullable=False),
    Column("payer_id", Uuid, nullable=False),
    Column("to_wallet_id", Uuid, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("note", Text),
    Column("status", Text, nullable=False),
    Column("transfer_id", Uuid, ForeignKey("transfers.id", deferrable=True, initially="DEFERRED"), unique=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    CheckConstraint("requester_id <> payer_id", name="nobody_asks_themself"),
    CheckConstraint("amount BETWEEN 1 AND 9007199254740991", name="amount_is_positive_and_exact"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_is_a_code"),
    CheckConstraint("status IN ('OPEN', 'PAID', 'DECLINED', 'CANCELLED', 'EXPIRED')", name="status_is_known"),
    CheckConstraint("(status = 'OPEN') = (closed_at IS NULL)", name="ends_have_an_instant"),
    CheckConstraint("expires_at > created_at", name="requests_live_for_a_while"),
    CheckConstraint(
        "CASE status WHEN 'OPEN' THEN true WHEN 'PAID' THEN transfer_id IS NOT NULL ELSE transfer_id IS NULL END",
        name="only_the_paid_name_their_payment",
    ),
    Index("payment_requests_of_requester", "requester_id", "id"),
    Index("payment_requests_of_payer", "payer_id", "id"),
    Index("payment_requests_open", "requester_id", "payer_id", postgresql_where=text("status = 'OPEN'")),
    Index("payment_requests_due", "expires_at", postgresql_where=text("status = 'OPEN'")),
)

outbox = outbox_table(metadata)


def make_outbox() -> Outbox:
    """The outbox of one process."""
    return Outbox(outbox)
