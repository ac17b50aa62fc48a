"""The outbox keeps what is not sequenced yet; what was told stands in the event log, each event at its position."""

from payflow.kernel.migrations.sequencing import flag_outbox, sequence_outbox

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sequence_outbox()


def downgrade() -> None:
    flag_outbox()
