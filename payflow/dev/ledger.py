"""`payflow ledger verify`: the audits of the books and of the transfers, of this platform or of the databases that are named."""

from __future__ import annotations

import contextlib
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from payflow.dev.addresses import DatabaseUnreachable, NoPlatform, database_of
from payflow.dev.folders import Folders
from payflow.kernel.audit import Tell, Violation
from payflow.kernel.db import Database
from subgraphs.transactions import audit as sagas
from subgraphs.wallet import audit as books
from subgraphs.wallet.audit_checks import INVARIANTS as OF_THE_BOOKS

HOLDS, BROKEN, UNREACHABLE = 0, 1, 2  # exit codes


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked and found. `since` is None where everything was read; no `transfers` where their database is not known."""

    checked: Mapping[str, int | None]
    since: datetime | None
    seconds: float
    violations: list[Violation]

    @property
    def ok(self) -> bool:
        return not self.violations


async def verify_ledger(folders: Folders, *, full: bool, since: datetime | None, tell: Tell) -> Report:
    """Every violation since the last verification that found none, since a moment, or of all times. Raises DatabaseUnreachable."""
    begun = time.monotonic()
    try:
        async with _databases(folders) as (wallet, transactions), AsyncExitStack() as stack:
            transfers = await stack.enter_async_context(sagas.opened(transactions)) if transactions else None
            ledger = await stack.enter_async_context(books.opened(wallet, full=full, since=since))
            checked: dict[str, int | None] = {**await ledger.checked(), "transfers": None}
            violations = await ledger.violations(tell)
            if transfers is not None:
                checked["transfers"] = await transfers.checked(ledger.since)
                violations += await transfers.violations(ledger, since=ledger.since, tell=tell)
            if not violations and since is None:
                await ledger.keep_marks()
    except (SQLAlchemyError, OSError):
        raise DatabaseUnreachable(
            "The databases of wallet and transactions do not answer, or let us in; start the platform with `payflow up`,"
            " or name them in PAYFLOW_WALLET_DATABASE_URL and PAYFLOW_TRANSACTIONS_DATABASE_URL"
        ) from None
    return Report(checked, ledger.since, time.monotonic() - begun, violations)


@asynccontextmanager
async def _databases(folders: Folders) -> AsyncIterator[tuple[Database, Database | None]]:
    """Of the wallet, as its owner, who keeps the marks; and of transactions, where that is known."""
    async with AsyncExitStack() as stack:
        wallet = Database(database_of(folders, "wallet", as_owner=True))
        stack.push_async_callback(wallet.close)
        transactions = None
        with contextlib.suppress(NoPlatform):
            transactions = Database(database_of(folders, "transactions", as_owner=True))
            stack.push_async_callback(transactions.close)
        yield wallet, transactions


def as_json(report: Report) -> str:
    """`{"ok", "since", "checked": {accounts, …}, "seconds", "violations": [{invariant, subject, message}]}`."""
    return json.dumps(
        {
            "ok": report.ok,
            "since": report.since and report.since.isoformat(),
            "checked": dict(report.checked),
            "seconds": round(report.seconds, 3),
            "violations": [asdict(violation) for violation in report.violations],
        },
        indent=2,
    )


def show(report: Report, console: Console) -> None:
    """Each invariant and whether it holds, then what breaks it."""
    console.print(_summary(report))
    console.print(_extent(report))
    if report.ok:
        console.print("[green]The ledger balances:[/] every invariant holds.")
        return
    table = Table(title=f"{len(report.violations)} violations", title_style="red")
    table.add_column("rule", no_wrap=True)
    table.add_column("of", no_wrap=True)  # an id that is broken into two lines cannot be copied
    table.add_column("found")
    for violation in report.violations:
        table.add_row(violation.invariant, violation.subject, violation.message)
    console.print(table)


def _summary(report: Report) -> Table:
    broken = Counter(violation.invariant for violation in report.violations)
    invariants = OF_THE_BOOKS | ({} if report.checked["transfers"] is None else sagas.INVARIANTS)
    table = Table()
    table.add_column("rule", no_wrap=True)
    table.add_column("what must be")
    table.add_column("", no_wrap=True)
    for invariant, sentence in invariants.items():
        verdict = f"[red]{broken[invariant]} broken[/]" if broken[invariant] else "[green]holds[/]"
        table.add_row(invariant, sentence, verdict)
    return table


def _extent(report: Report) -> str:
    counts = ", ".join(f"{count:,} {what}" for what, count in report.checked.items() if count is not None)
    began = "from the beginning" if report.since is None else f"since {report.since:%Y-%m-%d %H:%M:%S} UTC"
    skipped = "" if report.checked["transfers"] is not None else "; transfers not checked, their database is not named"
    return f"Checked {began} in {report.seconds:.1f} s: {counts}{skipped}."
