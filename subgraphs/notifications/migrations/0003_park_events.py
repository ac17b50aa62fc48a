"""Parked events, states of dead letters, replays, interventions; and an index by which the inbox forgets."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_parked()
    _extend_dead_letters()
    _create_interventions()
    op.create_index("inbox_by_age", "inbox", ["received_at"], postgresql_using="brin")


def downgrade() -> None:
    op.drop_index("inbox_by_age", "inbox")
    op.drop_table("interventions")
    op.drop_table("replays")
    op.drop_index("dead_letters_by_state", "dead_letters")
    op.drop_constraint("letter_state_is_known", "dead_letters")
    op.drop_column("dead_letters", "changed_at")
    op.drop_column("dead_letters", "state")
    op.drop_table("parked")


def _create_parked() -> None:
    op.create_table(
        "parked",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("consumer", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("error", sa.Text),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.UniqueConstraint("consumer", "event_id", name="parked_once"),
        sa.Index("parked_queues", "consumer", "topic", "key", "id"),
        sa.Index("parked_due", "consumer", "next_at"),
    )


def _extend_dead_letters() -> None:
    op.add_column("dead_letters", sa.Column("state", sa.Text, nullable=False, server_default="DEAD"))
    op.add_column(
        "dead_letters",
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.create_check_constraint("letter_state_is_known", "dead_letters", "state IN ('DEAD', 'REDRIVEN', 'DISCARDED')")
    op.create_index("dead_letters_by_state", "dead_letters", ["consumer", "state", "created_at"])


def _create_interventions() -> None:
    op.create_table(
        "replays",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("consumer", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True)),
        sa.Column("rewound", sa.ARRAY(sa.Integer), nullable=False, server_default="{}"),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("done_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "interventions",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("consumer", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.CheckConstraint("action IN ('REDRIVE', 'DISCARD', 'REPLAY')", name="action_is_known"),
        sa.CheckConstraint("action <> 'DISCARD' OR reason <> ''", name="discarding_has_a_reason"),
        sa.Index("interventions_by_subject", "subject", "id"),
    )
