"""Up to where the ledger has been verified. The role that serves has no rights here: it is what is audited."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_mark",
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("seq >= 1", name="marks_name_an_entry"),
    )
    op.create_table(
        "audit_pass",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_full", sa.Boolean, nullable=False),
        sa.Column("entries", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("audit_pass")
    op.drop_table("audit_mark")
