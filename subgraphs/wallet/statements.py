"""The history of wallets as SQL: pages of statements, and what was in a wallet at an instant. Reads only, batch first.

An account's entries count 1, 2, 3 … and their time never runs back, so the last entry before an instant is found by halving: some
twenty look-ups in the primary key among a million entries, and no index on time that every posting would have to pay for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.errors import InvalidArgument
from payflow.kernel.money import Money
from subgraphs.wallet.domain import Entry, EntryKind, JournalKind, entry_kind

# What one page looks through: some 30 ms. Where a filter finds too little in as many entries, the page says where to go on.
SCAN_MAX = 10_000
_ELSEWHERE = frozenset(
    {"HOLD", "RELEASE", "EXPIRY", "FUNDING", "DEFUNDING"}
)  # journals that are no lines of a statement


class StatementPage(NamedTuple):
    """`most` lines of a wallet's statement, newest first, before the sequence number (None: from the newest).

    `kinds`: of these only. `since` and `until`: written at or after the one and before the other.
    """

    wallet_id: UUID
    before: int | None
    most: int
    kinds: frozenset[EntryKind] | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """A page's lines. Where the search stopped at its bound before it had found enough, `resume` is where to go on, as `before`."""

    found: list[Entry]
    resume: int | None = None


class Moment(NamedTuple):
    """A wallet at an instant."""

    wallet_id: UUID
    at: datetime


class Stand(NamedTuple):
    """What was in a wallet, in minor units."""

    posted: int
    held: int


def sequence_of(cursor: str) -> int:
    """The sequence number that a cursor of a statement carries. Raises InvalidArgument."""
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise InvalidArgument("The cursor is not valid; give back one that this API has answered.")
    return int(cursor)


def _entries_before(instant: str) -> str:
    """SQL: how many of the account's entries were written before the instant, by halving (`low` are, `high` is not)."""
    return f"""(
        WITH RECURSIVE half (low, high) AS (
              SELECT CAST(0 AS bigint), account.seq + 1
               UNION ALL
              SELECT CASE WHEN entry.at < {instant} THEN entry.seq ELSE half.low END,
                     CASE WHEN entry.at < {instant} THEN half.high ELSE entry.seq END
                FROM half JOIN entry ON entry.account_id = account.id AND entry.seq = (half.low + half.high) / 2
               WHERE half.high - half.low > 1)
        SELECT max(low) FROM half)"""  # noqa: S608  the instant is one of ours, below


_LINE_COLUMNS = """entry.account_id, entry.seq, entry.delta_posted, entry.posted_after, entry.at,
           journal.kind, journal.transfer_id, journal.currency"""

# One query for any number of pages: each is a backward scan of the primary key, between `low` and `high` and no longer than :scan.
# A page that has no lines still has a row, which tells where its search stopped. CASE keeps the journal out of unfiltered scans, and
# OFFSET keeps PostgreSQL from finding the bounds anew wherever they are used.
_PAGES = text(f"""
    SELECT page.number, span.stop, span.stop > span.low AS stopped_early, {_LINE_COLUMNS}
      FROM unnest(CAST(:wallets AS uuid[]), CAST(:befores AS bigint[]), CAST(:mosts AS bigint[]), CAST(:kinds AS text[]),
                  CAST(:sinces AS timestamptz[]), CAST(:untils AS timestamptz[]))
           WITH ORDINALITY AS page (wallet_id, before, most, kinds, since, until, number)
      JOIN account ON account.id = page.wallet_id
     CROSS JOIN LATERAL (
           SELECT CASE WHEN page.since IS NULL THEN 0 ELSE {_entries_before("page.since")} END AS low,
                  least(page.before, account.seq + 1,
                        CASE WHEN page.until IS NOT NULL THEN {_entries_before("page.until")} + 1 END) AS high
           OFFSET 0) AS bound
     CROSS JOIN LATERAL (
           SELECT bound.low, bound.high, greatest(bound.low, bound.high - 1 - :scan) AS stop) AS span
      LEFT JOIN LATERAL (
           SELECT * FROM entry
            WHERE entry.account_id = page.wallet_id AND entry.delta_posted <> 0
              AND entry.seq > span.stop AND entry.seq < span.high
              AND CASE WHEN page.kinds IS NULL THEN true ELSE
                  (SELECT journal.kind || CASE WHEN entry.delta_posted > 0 THEN '+' ELSE '-' END
                     FROM journal WHERE journal.id = entry.journal_id) = ANY (string_to_array(page.kinds, ' ')) END
            ORDER BY entry.seq DESC
            LIMIT page.most) AS entry ON true
      LEFT JOIN journal ON journal.id = entry.journal_id
     ORDER BY page.number, entry.seq DESC
""")  # noqa: S608  only our own words

# "At" includes what was written at that very microsecond, the finest there is.
_STANDS = text(f"""
    SELECT moment.number, coalesce(entry.posted_after, 0) AS posted, coalesce(entry.held_after, 0) AS held
      FROM unnest(CAST(:wallets AS uuid[]), CAST(:instants AS timestamptz[])) WITH ORDINALITY AS moment (wallet_id, at, number)
      JOIN account ON account.id = moment.wallet_id
      LEFT JOIN entry ON entry.account_id = account.id
                     AND entry.seq = {_entries_before("moment.at + interval '1 microsecond'")}
""")  # noqa: S608  only our own words


async def statement_pages(connection: AsyncConnection, pages: Sequence[StatementPage]) -> list[Lines]:
    """One answer per page, in the order of the pages. What only moved between available and held is no line."""
    wallets, befores, mosts, kinds, sinces, untils = zip(*pages, strict=True)
    parameters = {
        "wallets": list(wallets),
        "befores": list(befores),
        "mosts": list(mosts),
        "kinds": [None if wanted is None else " ".join(_journal_lines(wanted)) for wanted in kinds],
        "sinces": list(sinces),
        "untils": list(untils),
        "scan": SCAN_MAX,
    }
    found: list[list[Entry]] = [[] for _ in pages]
    resume: list[int | None] = [None for _ in pages]
    for row in await connection.execute(_PAGES, parameters):
        page = row.number - 1
        resume[page] = row.stop + 1 if row.stopped_early else None
        if row.seq is not None:
            found[page].append(_entry_of(row))
    return [
        Lines(lines, stop if len(lines) < page.most else None)
        for page, lines, stop in zip(pages, found, resume, strict=True)
    ]


async def stands(connection: AsyncConnection, moments: Sequence[Moment]) -> list[Stand]:
    """What was in each wallet at its instant: nothing before its first entry, what is in it now at an instant to come."""
    wallets, instants = zip(*moments, strict=True)
    found = [Stand(0, 0) for _ in moments]
    for row in await connection.execute(_STANDS, {"wallets": list(wallets), "instants": list(instants)}):
        found[row.number - 1] = Stand(row.posted, row.held)
    return found


def _journal_lines(wanted: Collection[EntryKind]) -> Iterator[str]:
    """Which journals' lines read so, as the query writes them: the journal's kind, and + for what came in or - for what left."""
    for kind in (kind for kind in JournalKind if kind.value not in _ELSEWHERE):
        for sign, delta in (("+", 1), ("-", -1)):
            if entry_kind(kind, delta) in wanted:
                yield f"{kind.value}{sign}"


def _entry_of(row: Row[*tuple[Any, ...]]) -> Entry:
    return Entry(
        wallet_id=row.account_id,
        seq=row.seq,
        kind=entry_kind(JournalKind(row.kind), row.delta_posted),
        amount=Money(row.delta_posted, row.currency),
        balance_after=Money(row.posted_after, row.currency),
        transfer_id=row.transfer_id,
        at=row.at,
    )
