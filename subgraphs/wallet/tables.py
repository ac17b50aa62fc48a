"""The tables of wallet. Their triggers, and the functions that alone write them, stand beside the migrations, in sql/."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import DOMAIN, JSONB

from payflow.kernel.event_log import declare_event_log
from payflow.kernel.outbox import Outbox

metadata = MetaData()


def _domain(name: str, rule: str, check: str) -> Text:
    """Text, in Python; in PostgreSQL a type of its own."""
    return Text().with_variant(DOMAIN(name, Text, constraint_name=rule, check=check), "postgresql")


# What one value may be is said by its type: cheaper than a CHECK of the table, which every statement that writes it reads anew.
CURRENCY_CODE = _domain("currency_code", "currency_is_a_code", "VALUE ~ '^[A-Z]{3}$'")
ACCOUNT_KIND = _domain("account_kind", "kind_is_known", "VALUE IN ('USER', 'EXTERNAL', 'REWARDS', 'CAMPAIGN')")
ACCOUNT_STATUS = _domain("account_status", "status_is_known", "VALUE IN ('OPEN', 'FROZEN', 'CLOSED')")
JOURNAL_KIND = _domain(
    "journal_kind",
    "journal_kind_is_known",
    "VALUE IN ('DEPOSIT', 'WITHDRAWAL', 'HOLD', 'CAPTURE', 'RELEASE', 'EXPIRY', 'REFUND', 'REWARD', 'REWARD_CLAWBACK',"
    " 'REVERSAL', 'FUNDING', 'DEFUNDING')",
)
HOLD_PURPOSE = _domain("hold_purpose", "hold_purpose_is_known", "VALUE IN ('TRANSFER', 'REFUND')")
COMMAND_KEY = _domain("command_key", "key_is_in_bounds", "length(VALUE) BETWEEN 1 AND 64")

# No index on posted, held, seq or last_at, and room on each page: then an update writes no index (HOT).
account = Table(
    "account",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("owner_id", Uuid),
    Column("kind", ACCOUNT_KIND, nullable=False),
    Column("currency", CURRENCY_CODE, nullable=False),
    Column("posted", BigInteger, nullable=False, server_default="0"),
    Column("held", BigInteger, nullable=False, server_default="0"),
    Column("floor", BigInteger),
    Column("seq", BigInteger, nullable=False, server_default="0"),
    Column("last_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("status", ACCOUNT_STATUS, nullable=False, server_default="OPEN"),
    Column(
        "shard", SmallInteger, nullable=False, server_default="0"
    ),  # of a system account, so that not all meet on one row
    Column("chain", LargeBinary, nullable=False, server_default=""),
    Index(
        "account_owner_kind_currency_shard",
        "owner_id",
        "kind",
        "currency",
        "shard",
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where="status <> 'CLOSED'",  # a closed wallet makes room for another
    ),
    Index("account_owner", "owner_id", postgresql_where="owner_id IS NOT NULL"),
    CheckConstraint("held >= 0", name="held_is_not_negative"),
    CheckConstraint("floor IS NULL OR posted - held >= floor", name="floor_holds"),
    postgresql_with={"fillfactor": 60},
)

journal = Table(
    "journal",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", JOURNAL_KIND, nullable=False),
    Column("transfer_id", Uuid),
    Column("currency", CURRENCY_CODE, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("reverses", Uuid, ForeignKey("journal.id")),
    Column(
        "effective_at", DateTime(timezone=True), nullable=False
    ),  # of a reversal: when what it takes back was posted
    Column("actor", Text),
    Column("reason", Text),
    CheckConstraint("amount BETWEEN 1 AND 1000000000000000", name="journal_amount_is_in_bounds"),
    CheckConstraint("(kind = 'REVERSAL') = (reverses IS NOT NULL)", name="reversals_name_what_they_reverse"),
    Index("journal_reversed_once", "reverses", unique=True, postgresql_where="reverses IS NOT NULL"),
    Index("journal_transfer", "transfer_id", postgresql_where="transfer_id IS NOT NULL"),
)

entry = Table(
    "entry",
    metadata,
    Column("account_id", Uuid, primary_key=True),  # this and journal_id: a trigger looks both up at once
    Column("seq", BigInteger, primary_key=True),
    Column("journal_id", Uuid, nullable=False),
    Column("delta_posted", BigInteger, nullable=False),
    Column("delta_held", BigInteger, nullable=False),
    Column("posted_after", BigInteger, nullable=False),
    Column("held_after", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("chain", LargeBinary, nullable=False),
    UniqueConstraint("journal_id", "account_id", name="entry_one_line_per_account"),
)

hold = Table(
    "hold",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id"), nullable=False),
    Column("payee_id", Uuid, ForeignKey("account.id"), nullable=False),
    Column("transfer_id", Uuid, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("captured", BigInteger, nullable=False, server_default="0"),
    Column("released", BigInteger, nullable=False, server_default="0"),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("purpose", HOLD_PURPOSE, nullable=False, server_default="TRANSFER"),
    Column("expired", Boolean, nullable=False, server_default="false"),
    CheckConstraint("amount > 0", name="hold_amount_is_positive"),
    CheckConstraint("account_id <> payee_id", name="hold_has_two_sides"),
    CheckConstraint(
        "captured >= 0 AND released >= 0 AND captured + released <= amount", name="hold_resolves_at_most_once"
    ),
    CheckConstraint(
        "NOT expired OR (released > 0 AND captured + released = amount)", name="what_expired_was_given_back"
    ),
    Index("hold_open", "account_id", postgresql_where="captured + released < amount"),
    Index("hold_expiry", "expires_at", postgresql_where="captured + released < amount"),
    postgresql_with={"fillfactor": 80},
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("key", COMMAND_KEY, primary_key=True),
    Column("fingerprint", LargeBinary),
    Column("outcome", Text, nullable=False),
    Column("ref", Uuid),
    Column("result", JSONB, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    CheckConstraint("(outcome = 'OK') = (ref IS NOT NULL)", name="what_is_ok_has_an_effect"),
)

account_status_change = Table(
    "account_status_change",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id"), nullable=False),
    Column("from_status", ACCOUNT_STATUS, nullable=False),
    Column("to_status", ACCOUNT_STATUS, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint("from_status <> to_status", name="status_change_changes_something"),
    Index("status_change_account", "account_id", "at"),
)

# Up to where each account has been verified, and when; the owner's alone. See audit_marks.
audit_mark = Table(
    "audit_mark",
    metadata,
    Column("account_id", Uuid, ForeignKey("account.id"), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("chain", LargeBinary, nullable=False),
    CheckConstraint("seq >= 1", name="marks_name_an_entry"),
)

audit_pass = Table(
    "audit_pass",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("is_full", Boolean, nullable=False),
    Column("entries", BigInteger, nullable=False),
)

# Which entries have not been told of yet. What they say is what is told, so no event is stored here: see sql/0004_account_changes.sql.
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
declare_event_log(metadata)
SEQUENCE_CHANGES = "SELECT taken, told, repeated FROM sequence_account_changes(:most)"


def make_outbox() -> Outbox:
    """The outbox of one process: postings write it, so whoever posts wakes it."""
    return Outbox(outbox)
