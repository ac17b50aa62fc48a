"""Every change of somebody's account is told: marks in the outbox, events in the log; see sql/0004_account_changes.sql.

What was posted before stays untold, and the first event of an account may say any `seq`.
"""

from pathlib import Path
from typing import Any

from alembic import op

from payflow.kernel.migrations.sequencing import create_event_log, vacuum_often

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_event_log()
    op.create_index("event_log_key", "event_log", ["key", "pos"])
    statements = (Path(__file__).parent / "sql" / "0004_account_changes.sql").read_text()
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute(statements))
    vacuum_often("outbox")


def downgrade() -> None:
    raise RuntimeError(
        "The posting function marks what is to be told, and cannot without this; restore a backup instead."
    )
