"""The invariants of the books asked in SQL, of a few wallets after every step: small enough to be asked a hundred thousand times.

The ledger's own audit asks all of them of everything; it is asked in the end, and this here does not believe it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_BROKEN = text("""
    WITH mine AS (SELECT * FROM account WHERE id = ANY (:wallets)),
    line AS (
        SELECT entry.*, lag(seq, 1, 0::bigint) OVER story AS seq_before, lag(posted_after, 1, 0::bigint) OVER story AS posted_before,
               lag(held_after, 1, 0::bigint) OVER story AS held_before, lag(at) OVER story AS at_before,
               lag(chain, 1, ''::bytea) OVER story AS chain_before
          FROM entry WHERE account_id = ANY (:wallets) WINDOW story AS (PARTITION BY account_id ORDER BY seq)
    ),
    told AS (
        SELECT account_id, count(*) AS lines, sum(delta_posted) AS posted, sum(delta_held) AS held, max(at) AS at,
               (array_agg(posted_after ORDER BY at DESC, seq DESC))[1] AS posted_now
          FROM line GROUP BY account_id
    )
    SELECT 'I1 ' || currency FROM account GROUP BY currency HAVING sum(posted) <> 0
     UNION ALL
    SELECT 'I2 ' || journal.id FROM journal JOIN entry ON journal_id = journal.id
     WHERE journal.id IN (SELECT journal_id FROM line)
     GROUP BY journal.id
    HAVING sum(delta_posted) <> 0 OR (kind NOT IN ('HOLD', 'RELEASE', 'EXPIRY') AND count(*) FILTER (WHERE delta_posted <> 0) < 2)
     UNION ALL
    SELECT 'I3 ' || mine.id FROM mine LEFT JOIN told ON account_id = mine.id
     WHERE mine.posted <> coalesce(told.posted, 0) OR mine.held <> coalesce(told.held, 0)
        OR mine.held <> (SELECT coalesce(sum(amount - captured - released), 0) FROM hold WHERE hold.account_id = mine.id)
     UNION ALL
    SELECT 'I4 ' || id FROM mine WHERE floor IS NULL OR posted - held < floor
     UNION ALL
    SELECT 'I4 ' || account_id || ' ' || seq FROM line WHERE posted_after - held_after < 0
     UNION ALL
    SELECT 'I5 ' || id FROM mine WHERE held < 0
     UNION ALL
    SELECT 'I5 ' || id FROM hold WHERE account_id = ANY (:wallets)
       AND (captured < 0 OR released < 0 OR captured + released > amount)
     UNION ALL
    SELECT 'I6 ' || account_id || ' ' || seq FROM line
     WHERE seq <> seq_before + 1 OR posted_after <> posted_before + delta_posted OR held_after <> held_before + delta_held
        OR at < at_before OR chain <> sha256(
               chain_before || uuid_send(account_id) || int8send(seq) || uuid_send(journal_id) || int8send(delta_posted)
               || int8send(delta_held) || int8send(posted_after) || int8send(held_after) || timestamptz_send(at))
     UNION ALL
    SELECT 'I6 ' || mine.id FROM mine LEFT JOIN told ON account_id = mine.id
     WHERE mine.seq <> coalesce(lines, 0) OR mine.last_at IS DISTINCT FROM told.at
     UNION ALL
    SELECT 'I13 ' || mine.id FROM mine JOIN told ON account_id = mine.id WHERE mine.posted <> posted_now
""")
_HEADS = text("SELECT account_id, seq, chain FROM entry WHERE account_id = ANY (:wallets)")


@dataclass
class Books:
    """What was read of the wallets before, so that nothing of it may ever read otherwise (I7)."""

    written: dict[tuple[UUID, int], bytes] = field(default_factory=dict)

    async def broken(self, connection: AsyncConnection, wallets: Sequence[UUID]) -> list[str]:
        """The invariants that do not hold, and of what."""
        found = list((await connection.execute(_BROKEN, {"wallets": list(wallets)})).scalars())
        heads = (await connection.execute(_HEADS, {"wallets": list(wallets)})).all()
        now = {(row.account_id, row.seq): bytes(row.chain) for row in heads}
        found += [
            f"I7 {account} {seq}" for (account, seq), chain in self.written.items() if now.get((account, seq)) != chain
        ]
        self.written = now
        return found
