"""The audit: every invariant of the ledger, over all accounts, in one snapshot of the database.

The database refuses what would break most of them; the audit asks again, without trusting that anything did.

I1  money is neither made nor lost: all accounts of a currency sum to zero
I2  every journal has lines, they sum to zero, and they are in its currency
I3  an account is the fold of its entries, and its held is what its open holds still hold
I4  no account is below its floor
I5  nothing held is negative, and no hold gives out more than it took
I6  an account's entries count 1, 2, 3 …, each follows from the one before, and time does not run back
I8  every accepted key has its one effect, and every effect its key
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import Database

VIOLATIONS_MAX = 100  # of one check; where a hundred are wrong, the next thousand tell nothing new
CHECK_TIMEOUT_MS = 10 * 60 * 1000  # one check reads whole tables


@dataclass(frozen=True, slots=True)
class Violation:
    """`subject` names what breaks the invariant: a currency, or the id of an account, a journal, a hold or a key."""

    invariant: str
    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class Check:
    """A query that finds what breaks an invariant: rows of (subject, found)."""

    invariant: str
    sentence: str
    query: str


CHECKS = (
    Check(
        "I1",
        "the accounts of a currency do not sum to zero",
        "SELECT currency AS subject, sum(posted) AS found FROM account GROUP BY currency HAVING sum(posted) <> 0",
    ),
    Check(
        "I2",
        "a journal's posted lines do not sum to zero",
        "SELECT journal_id AS subject, sum(delta_posted) AS found FROM entry"
        " GROUP BY journal_id HAVING sum(delta_posted) <> 0",
    ),
    Check(
        "I2",
        "a journal has no lines",
        "SELECT journal.id AS subject, journal.kind AS found FROM journal"
        " WHERE NOT EXISTS (SELECT FROM entry WHERE entry.journal_id = journal.id)",
    ),
    Check(
        "I2",
        "a journal has a line in another currency",
        "SELECT journal.id AS subject, account.currency AS found"
        " FROM journal JOIN entry ON entry.journal_id = journal.id JOIN account ON account.id = entry.account_id"
        " WHERE account.currency <> journal.currency",
    ),
    Check(
        "I3",
        "an account's posted or held is not the sum of its entries; entries say (posted, held)",
        "SELECT account.id AS subject, format('(%s, %s)', sum.posted, sum.held) AS found"
        " FROM account CROSS JOIN LATERAL (SELECT coalesce(sum(delta_posted), 0) AS posted, coalesce(sum(delta_held), 0) AS held"
        " FROM entry WHERE entry.account_id = account.id) AS sum"
        " WHERE account.posted <> sum.posted OR account.held <> sum.held",
    ),
    Check(
        "I3",
        "an account's held is not what its open holds still hold; holds say",
        "SELECT account.id AS subject, coalesce(open.held, 0) AS found FROM account LEFT JOIN"
        " (SELECT account_id, sum(amount - captured - released) AS held FROM hold GROUP BY account_id) AS open"
        " ON open.account_id = account.id WHERE account.held <> coalesce(open.held, 0)",
    ),
    Check(
        "I4",
        "an account is below its floor; available is",
        "SELECT id AS subject, posted - held AS found FROM account WHERE posted - held < floor",
    ),
    Check("I5", "an account's held is negative", "SELECT id AS subject, held AS found FROM account WHERE held < 0"),
    Check(
        "I5",
        "a hold gives out more than it took; (captured, released) are",
        "SELECT id AS subject, format('(%s, %s)', captured, released) AS found FROM hold"
        " WHERE captured < 0 OR released < 0 OR captured + released > amount",
    ),
    Check(
        "I6",
        "an account does not stand at its newest entry; entries (first, last, count) are",
        "SELECT account.id AS subject, format('(%s, %s, %s)', line.first, line.last, line.count) AS found"
        " FROM account LEFT JOIN (SELECT account_id, min(seq) AS first, max(seq) AS last, count(*) AS count"
        " FROM entry GROUP BY account_id) AS line ON line.account_id = account.id"
        " WHERE coalesce(line.last, 0) <> account.seq OR coalesce(line.count, 0) <> account.seq OR line.first <> 1",
    ),
    Check(
        "I6",
        "an entry does not follow from the one before it; its seq is",
        "SELECT account_id AS subject, seq AS found FROM (SELECT account_id, seq,"
        " posted_after - delta_posted <> coalesce(lag(posted_after) OVER chain, 0)"
        " OR held_after - delta_held <> coalesce(lag(held_after) OVER chain, 0)"
        " OR coalesce(at < lag(at) OVER chain, false) AS broken"
        " FROM entry WINDOW chain AS (PARTITION BY account_id ORDER BY seq)) AS line WHERE broken",
    ),
    Check(
        "I8",
        "a key was accepted and its effect is missing; its scope is",
        "SELECT key AS subject, scope AS found FROM idempotency WHERE outcome = 'OK' AND NOT EXISTS"
        " (SELECT FROM journal WHERE journal.id = ref) AND NOT EXISTS (SELECT FROM hold WHERE hold.id = ref)",
    ),
    Check(
        "I8",
        "money was paid in or held without one key for it; keys found",
        "SELECT effect.id AS subject, count(idempotency.ref) AS found FROM"
        " (SELECT id FROM journal WHERE kind IN ('DEPOSIT', 'REWARD') UNION ALL SELECT id FROM hold) AS effect"
        " LEFT JOIN idempotency ON idempotency.ref = effect.id GROUP BY effect.id HAVING count(idempotency.ref) <> 1",
    ),
)


async def verify(database: Database) -> list[Violation]:
    """Everything that breaks an invariant, at most VIOLATIONS_MAX per check; empty where the ledger is true. Locks nothing."""
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        await connection.execute(text(f"SET LOCAL statement_timeout = {CHECK_TIMEOUT_MS}"))
        return [violation for check in CHECKS for violation in await _violations(connection, check)]


async def _violations(connection: AsyncConnection, check: Check) -> list[Violation]:
    rows = await connection.execute(text(f"{check.query} LIMIT {VIOLATIONS_MAX}"))
    return [Violation(check.invariant, str(row.subject), f"{check.sentence}: {row.found}") for row in rows]
