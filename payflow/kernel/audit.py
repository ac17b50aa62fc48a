"""What the audits of services share: checks written in SQL, run over one snapshot of a database, which they cannot change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import Database

VIOLATIONS_MAX = 100  # of one check; where a hundred are wrong, the next thousand tell nothing new
CHECK_TIMEOUT_MS = 30 * 60 * 1000  # one check reads whole tables
LANES = 2  # checks under way at once: a few cores of the database are for those who pay
# A check is one long query: worth spreading over the cores, however small the table that it begins with.
_PLANNING = {
    "max_parallel_workers_per_gather": "2",
    "min_parallel_table_scan_size": "0",
    "parallel_setup_cost": "10",
    "work_mem": "'128MB'",
    "jit": "off",
}

Tell = Callable[[str], None]
"""Is told what is being looked at, as it begins."""


@dataclass(frozen=True, slots=True)
class Violation:
    """`subject` names what breaks the invariant: a currency, or the id of an account, a journal, a hold, a key, a transfer."""

    invariant: str
    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class Check:
    """A query that finds what breaks invariants: rows of (invariant, subject, message). `about` says what it looks at."""

    about: str
    query: str


@asynccontextmanager
async def snapshot(database: Database, *, of: str | None = None) -> AsyncIterator[AsyncConnection]:
    """One REPEATABLE READ, READ ONLY transaction: all that is read in it is one moment, and it locks nobody out.

    `of` is the name of an exported snapshot to share, by default it is a new one.
    """
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        if of is not None:  # a name that PostgreSQL has made, in hex and dashes; the statement takes no parameters
            await connection.execute(text(f"SET TRANSACTION SNAPSHOT '{of}'"))
        await connection.execute(text(f"SET LOCAL statement_timeout = {CHECK_TIMEOUT_MS}"))
        await connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        for name, value in _PLANNING.items():
            await connection.execute(text(f"SET LOCAL {name} = {value}"))
        yield connection


async def run_all(
    database: Database,
    connection: AsyncConnection,
    checks: Sequence[Check],
    parameters: Mapping[str, Any],
    tell: Tell,
) -> list[Violation]:
    """What the checks find, in their order: several at a time, all in the connection's snapshot."""
    name = (await connection.execute(text("SELECT pg_export_snapshot()"))).scalar_one()
    found: dict[int, list[Violation]] = {}
    waiting = iter(enumerate(checks))

    async def lane() -> None:
        async with snapshot(database, of=name) as mine:
            for number, check in waiting:
                tell(check.about)
                found[number] = await run(mine, check, parameters)

    async with asyncio.TaskGroup() as lanes:
        for _ in range(LANES):
            lanes.create_task(lane())
    return [violation for number in sorted(found) for violation in found[number]]


async def run(connection: AsyncConnection, check: Check, parameters: Mapping[str, Any]) -> list[Violation]:
    """What the check finds, at most VIOLATIONS_MAX of it."""
    # As a CTE, the query is planned for all its rows: expecting a hundred, PostgreSQL would choose slow but early ones.
    query = f"WITH found AS MATERIALIZED ({check.query}) SELECT * FROM found LIMIT {VIOLATIONS_MAX}"  # noqa: S608 - ours
    rows = await connection.execute(text(query), dict(parameters))
    return [Violation(row.invariant, str(row.subject), row.message) for row in rows]


def silent(_: str) -> None:
    """Nobody listens."""
