"""What was decided stays: a freeze, which its owner does not get round by closing the wallet; a hold; what stands under a key.

See sql/0005_keep_what_was_decided.sql.
"""

from pathlib import Path
from typing import Any

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    statements = (Path(__file__).parent / "sql" / "0005_keep_what_was_decided.sql").read_text()
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute(statements))


def downgrade() -> None:
    """The rule about frozen wallets stays: nothing older relies on its absence."""
    for table, guard in (
        ("hold", "hold_is_never_deleted"),
        ("hold", "hold_is_never_emptied"),
        ("idempotency", "idempotency_is_append_only"),
        ("idempotency", "idempotency_is_never_emptied"),
    ):
        op.execute(f"DROP TRIGGER {guard} ON {table}")
