"""The ledger's audit: every invariant that a database can tell, in one snapshot, without trusting that anything kept it.

The tables' own rules refuse what would break most of them; the audit asks again. `audit_checks` says what is asked.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.audit import Check, Tell, Violation, run_all, silent, snapshot
from payflow.kernel.db import Database
from subgraphs.wallet import audit_marks
from subgraphs.wallet.audit_checks import CHECKS, KEPT_MARKS, MARKS_AT, NO_MARKS

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

_COUNTS = text("""
    SELECT (SELECT count(*) FROM account) AS accounts,
           (SELECT count(*) FROM journal WHERE at >= CAST(:since AS timestamptz)) AS journals,
           (SELECT count(*) FROM entry WHERE at >= CAST(:since AS timestamptz)) AS entries,
           (SELECT count(*) FROM hold WHERE created_at >= CAST(:since AS timestamptz)) AS holds,
           (SELECT count(*) FROM idempotency WHERE at >= CAST(:since AS timestamptz)) AS keys
""")
_SETTLED = text("""
    SELECT hold.id, hold.captured, hold.amount - hold.captured - hold.released AS open,
           (SELECT count(*) FROM journal WHERE journal.transfer_id = hold.transfer_id
               AND journal.kind = CASE hold.purpose WHEN 'REFUND' THEN 'REFUND' ELSE 'CAPTURE' END) AS journals
      FROM hold WHERE hold.id = ANY (:ids)
""")
_HOLDS = text("""
    SELECT id, transfer_id FROM hold WHERE id > :after AND created_at >= CAST(:since AS timestamptz) ORDER BY id LIMIT :most
""")


@dataclass(frozen=True, slots=True)
class Settled:
    """What the books say of a hold: paid out, still held, and the journals that paid for its transfer by holds of its purpose."""

    captured: int
    open: int
    journals: int


@dataclass(frozen=True, slots=True)
class Audit:
    """One look at the books. `since` is None where everything is read, else what was verified before it is taken as it is."""

    database: Database
    connection: AsyncConnection
    at: datetime
    since: datetime | None
    marks: str

    async def checked(self) -> dict[str, int]:
        """How many accounts, journals, entries, holds and keys this audit reads."""
        return dict((await self.connection.execute(_COUNTS, self._parameters)).mappings().one())

    async def violations(self, tell: Tell = silent) -> list[Violation]:
        """Everything that breaks an invariant; `tell` is told of each check as it begins."""
        checks = [Check(check.about, check.query.replace("{marks}", self.marks)) for check in CHECKS]
        return await run_all(self.database, self.connection, checks, self._parameters, tell)

    async def settled(self, hold_ids: Sequence[UUID]) -> dict[UUID, Settled]:
        """What became of those holds; of one that was never placed, nothing."""
        rows = await self.connection.execute(_SETTLED, {"ids": list(hold_ids)})
        return {row.id: Settled(row.captured, row.open, row.journals) for row in rows}

    async def holds(self, *, after: UUID, most: int) -> list[tuple[UUID, UUID]]:
        """The next (hold, transfer) ids by the hold's."""
        rows = await self.connection.execute(_HOLDS, {**self._parameters, "after": after, "most": most})
        return [(row.id, row.transfer_id) for row in rows]

    async def keep_marks(self) -> bool:
        """Let the next audit begin where this one ends. False where this role may not say so, or another was quicker."""
        entries = (await self.checked())["entries"]
        return await audit_marks.keep(
            self.database, self.connection, at=self.at, is_full=self.since is None, entries=entries
        )

    @property
    def _parameters(self) -> Mapping[str, object]:
        return {"since": self.since or BEGINNING}


@asynccontextmanager
async def opened(database: Database, *, full: bool = False, since: datetime | None = None) -> AsyncIterator[Audit]:
    """Look at what was written since the last audit that found nothing, or at everything, or from a moment on. Locks nothing."""
    async with snapshot(database) as connection:
        at = (await connection.execute(text("SELECT now()"))).scalar_one()
        if since is not None:
            yield Audit(database, connection, at, since, MARKS_AT)
        elif not full and (until := await audit_marks.verified_until(connection)) is not None:
            yield Audit(database, connection, at, until, KEPT_MARKS)
        else:
            yield Audit(database, connection, at, None, NO_MARKS)


async def verify(database: Database) -> list[Violation]:
    """Everything in the whole ledger that breaks an invariant; empty where the ledger is true. Writes nothing."""
    async with opened(database, full=True) as books:
        return await books.violations()
