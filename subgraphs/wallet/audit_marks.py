"""Up to where each account has been verified, so that the next audit need only read on; kept in tables that only the owner writes.

Marks save time and prove nothing: a full audit does not look at them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.audit import CHECK_TIMEOUT_MS
from payflow.kernel.db import Database

# A journal carries the time at which its accounts were locked, and is seen when it commits; no transaction lives that long.
SLACK = timedelta(minutes=5)
_OVERTAKEN = "40001"  # serialization failure: another audit has moved the marks since our snapshot

_MAY_KEEP = text("""
    SELECT NOT pg_is_in_recovery() AND has_table_privilege('audit_mark', 'UPDATE') AND has_table_privilege('audit_pass', 'INSERT')
""")
_LAST_PASS = text("SELECT max(at) FROM audit_pass")
_MAY_READ = text("SELECT has_table_privilege('audit_mark', 'SELECT') AND has_table_privilege('audit_pass', 'SELECT')")
_MOVE_MARKS = text("""
    INSERT INTO audit_mark AS mark (account_id, seq, chain) SELECT id, seq, chain FROM account WHERE seq > 0
    ON CONFLICT (account_id) DO UPDATE SET seq = excluded.seq, chain = excluded.chain
     WHERE (mark.seq, mark.chain) IS DISTINCT FROM (excluded.seq, excluded.chain)
""")
_NOTE_PASS = text("INSERT INTO audit_pass (at, is_full, entries) VALUES (:at, :is_full, :entries)")


async def verified_until(connection: AsyncConnection) -> datetime | None:
    """Everything older has been verified; None where nothing has, or this role may not know."""
    if not (await connection.execute(_MAY_READ)).scalar_one():
        return None
    last: datetime | None = (await connection.execute(_LAST_PASS)).scalar_one()
    return last - SLACK if last is not None else None


async def keep(database: Database, snapshot: AsyncConnection, *, at: datetime, is_full: bool, entries: int) -> bool:
    """Mark what the snapshot shows as verified. False where this role may not, or another audit was quicker."""
    if not (await snapshot.execute(_MAY_KEEP)).scalar_one():
        return False
    name = (await snapshot.execute(text("SELECT pg_export_snapshot()"))).scalar_one()
    try:
        await _write(database, name, {"at": at, "is_full": is_full, "entries": entries})
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _OVERTAKEN:
            raise
        return False
    return True


async def _write(database: Database, snapshot: str, audit_pass: dict[str, object]) -> None:
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ")
        # A name that PostgreSQL has made, in hex and dashes; the statement takes no parameters.
        await connection.execute(text(f"SET TRANSACTION SNAPSHOT '{snapshot}'"))
        await connection.execute(text(f"SET LOCAL statement_timeout = {CHECK_TIMEOUT_MS}"))
        await connection.execute(_MOVE_MARKS)
        await connection.execute(_NOTE_PASS, audit_pass)
        await connection.commit()
