"""`payflow ledger verify`: the wallet's audit over the database of this platform, or the one that the environment names."""

from __future__ import annotations

import json
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from payflow.dev.folders import Folders
from payflow.dev.passwords import load_or_make_passwords
from payflow.dev.postgres import database_url
from payflow.dev.roles import database_name, serving_role
from payflow.kernel.db import Database
from payflow.kernel.errors import PayflowError
from payflow.kernel.settings import load_settings
from subgraphs.wallet.audit import Violation, verify


class LedgerUnreachable(PayflowError):
    """The wallet's database does not answer."""


async def verify_ledger(folders: Folders) -> list[Violation]:
    """Every violation of the ledger's invariants. Raises LedgerUnreachable."""
    database = Database(wallet_database_url(folders))
    try:
        return await verify(database)
    except (SQLAlchemyError, OSError):
        raise LedgerUnreachable(
            "The wallet's database does not answer; start the platform with `payflow up`,"
            " or name the database in PAYFLOW_WALLET_DATABASE_URL"
        ) from None
    finally:
        await database.close()


def wallet_database_url(folders: Folders) -> str:
    """PAYFLOW_WALLET_DATABASE_URL where it is set, else the embedded server's."""
    if url := load_settings().wallet_database_url:
        return url
    if not folders.secrets.exists():
        raise LedgerUnreachable(f"There is no platform in {folders.root}; start one with `payflow up`")
    passwords = load_or_make_passwords(folders.secrets)
    sockets, role = folders.socket_folder("postgres"), serving_role("wallet")
    return database_url(sockets, database_name("wallet"), role=role, password=passwords.databases["wallet"])


def as_json(violations: list[Violation]) -> str:
    """`{"ok": …, "violations": [{invariant, subject, message}]}`."""
    return json.dumps({"ok": not violations, "violations": [asdict(violation) for violation in violations]}, indent=2)


def show(violations: list[Violation], console: Console) -> None:
    """A sentence where the ledger is true, else a table of what is not."""
    if not violations:
        console.print("[green]The ledger balances:[/] every invariant holds over all wallets.")
        return
    table = Table(title=f"{len(violations)} violations", title_style="red")
    table.add_column("rule", no_wrap=True)
    table.add_column("of", no_wrap=True)  # an id that is broken into two lines cannot be copied
    table.add_column("found")
    for violation in violations:
        table.add_row(violation.invariant, violation.subject, violation.message)
    console.print(table)
