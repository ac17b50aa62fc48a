"""Notifications of refunds, payment requests and sessions, what readers want to be told of, and how much of a stream is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEPT = {
    "kept_is_the_end_of_the_stream": "kept_from BETWEEN 1 AND last_seq + 1",
    "unread_is_part_of_what_is_kept": "unread BETWEEN 0 AND last_seq + 1 - kept_from",
}
REFERENCES = {
    "rewards_name_their_reward": "(kind LIKE 'REWARD%') = (reward_id IS NOT NULL)",
    "requests_name_their_request": "(kind LIKE 'PAYMENT_REQUEST%') = (payment_request_id IS NOT NULL)",
    "something_is_told_of": "(kind = 'SESSION_ENDED') = (num_nonnulls(transfer_id, payment_request_id) = 0)",
}


def upgrade() -> None:
    op.add_column("readers", sa.Column("kept_from", sa.BigInteger, nullable=False, server_default="1"))
    op.drop_constraint("unread_is_part_of_the_stream", "readers")
    for name, rule in KEPT.items():
        op.create_check_constraint(name, "readers", rule)
    _extend_notifications()
    op.create_table(
        "preferences",
        sa.Column("reader_id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind <> 'SESSION_ENDED'", name="safety_is_never_muted"),
    )


def downgrade() -> None:
    raise RuntimeError("The older form has no room for what was told since; restore a backup instead.")


def _extend_notifications() -> None:
    op.alter_column("notifications", "transfer_id", nullable=True)
    op.add_column("notifications", sa.Column("payment_request_id", sa.Uuid))
    op.add_column("notifications", sa.Column("happened_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE notifications SET happened_at = created_at")
    op.alter_column("notifications", "happened_at", nullable=False)
    op.drop_constraint("rewards_name_their_reward", "notifications")
    for name, rule in REFERENCES.items():
        op.create_check_constraint(name, "notifications", rule)
    op.create_index("notifications_by_age", "notifications", ["created_at"], postgresql_using="brin")
