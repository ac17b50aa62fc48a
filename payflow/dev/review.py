"""The desk at which people decide about transfers: in the database of this platform, or the one that the environment names."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import SQLAlchemyError

from payflow.dev.addresses import DatabaseUnreachable, database_of
from payflow.dev.folders import Folders
from payflow.dev.wallet_desk import operator
from payflow.kernel.clock import SystemClock
from payflow.kernel.db import Database
from subgraphs.transactions import review
from subgraphs.transactions.domain import Event, Transfer
from subgraphs.transactions.review import Case, Decision, case, waiting

__all__ = ["case", "case_data", "case_table", "decide", "decision", "list_data", "list_table", "run", "waiting"]

Answer = TypeVar("Answer")


def run(data_dir: Path, ask: Callable[[Database], Awaitable[Answer]]) -> Answer:
    """Ask the database. Raises DatabaseUnreachable, and what `ask` raises."""
    return asyncio.run(_run(Folders(data_dir.resolve()), ask))


async def decide(database: Database, transfer_id: UUID, decided: Decision) -> Case:
    """Carry the decision into the saga; answers the case as it stands then. Raises ReviewRefused."""
    await review.decide(database, transfer_id, decided, clock=SystemClock())
    return await case(database, transfer_id)


def decision(what: str, *, by: str | None, reason: str) -> Decision:
    """Who decides what, and why. A name that is given is a claim: the user that runs the command stands beside it."""
    return Decision(Event(what), f"{by} ({operator()})" if by else operator(), reason)


def list_data(transfers: Sequence[Transfer]) -> list[dict[str, Any]]:
    """What `list --json` prints: one object a transfer, amounts in minor units."""
    return [_data(transfer) for transfer in transfers]


def case_data(found: Case) -> dict[str, Any]:
    """What `show`, `resume` and `cancel` print with --json: the transfer, its steps and its reviews."""
    return {
        **_data(found.transfer),
        "steps": [
            {"name": step.name, "status": step.status, "attempts": step.attempts, "error": step.error}
            for step in found.steps
        ],
        "reviews": [
            {"at": line.at.isoformat(), "event": line.event, "actor": line.actor, "reason": line.reason}
            for line in found.reviews
        ],
    }


def list_table(transfers: Sequence[Transfer]) -> RenderableType:
    """A sentence where nothing waits, else a table."""
    if not transfers:
        return "Nothing waits for a decision."
    table = Table(title=f"{len(transfers)} transfers wait for a decision")
    for column in ("transfer", "amount", "step", "waits for"):
        table.add_column(column, no_wrap=True)
    for transfer in transfers:
        table.add_row(str(transfer.id), transfer.amount.formatted, str(transfer.escalated_from), _age(transfer))
    return table


def case_table(found: Case) -> RenderableType:
    """One transfer, its steps, and what has been said of it."""
    transfer = found.transfer
    facts = Table(title=f"Transfer {transfer.id}", show_header=False)
    for name, value in {
        "kind": transfer.kind.lower(),
        "amount": transfer.amount.formatted,
        "state": f"{transfer.state}, from {transfer.escalated_from}" if transfer.escalated_from else transfer.state,
        "from wallet": str(transfer.from_wallet_id),
        "to wallet": str(transfer.to_wallet_id),
        "hold": str(transfer.hold_id),
        "since": f"{transfer.created_at:%Y-%m-%d %H:%M:%S} UTC",
    }.items():
        facts.add_row(name, value)
    steps = Table("step", "status", "tries", "went wrong", title="Steps")
    for step in found.steps:
        steps.add_row(step.name, step.status, str(step.attempts), Text(step.error or ""))
    said = Table("at", "who", "what", "why", title="Reviews")
    for line in found.reviews:
        said.add_row(f"{line.at:%Y-%m-%d %H:%M:%S}", Text(line.actor), line.event.lower(), Text(line.reason))
    return Group(facts, steps, said)


async def _run(folders: Folders, ask: Callable[[Database], Awaitable[Answer]]) -> Answer:
    database = Database(database_of(folders, "transactions"))
    try:
        return await ask(database)
    except (SQLAlchemyError, OSError):
        raise DatabaseUnreachable(
            "The database of transactions does not answer; start the platform with `payflow up`,"
            " or name the database in PAYFLOW_TRANSACTIONS_DATABASE_URL"
        ) from None
    finally:
        await database.close()


def _data(transfer: Transfer) -> dict[str, Any]:
    return {
        "id": str(transfer.id),
        "kind": transfer.kind,
        "state": transfer.state,
        "escalatedFrom": transfer.escalated_from,
        "since": (transfer.state_since or transfer.created_at).isoformat(),
        "amount": transfer.amount.amount,
        "currency": transfer.amount.currency,
        "fromWalletId": str(transfer.from_wallet_id),
        "toWalletId": str(transfer.to_wallet_id),
        "holdId": str(transfer.hold_id),
        "failureCode": transfer.failure_code,
    }


def _age(transfer: Transfer) -> str:
    minutes = int((datetime.now(UTC) - (transfer.state_since or transfer.created_at)).total_seconds()) // 60
    hours, minutes = divmod(max(0, minutes), 60)
    return f"{hours} h {minutes:02} min"
