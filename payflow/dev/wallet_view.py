"""How an operator reads wallets and their history: tables for people, JSON for scripts."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from payflow.dev.wallet_desk import Shown, Told
from payflow.kernel.money import Money
from subgraphs.wallet.domain import Hold, Wallet
from subgraphs.wallet.history import Change, StatusChange

_COLOURS = {"OPEN": "green", "FROZEN": "yellow", "CLOSED": "red"}


def shown_json(shown: Shown) -> str:
    """`{id, owner, currency, status, posted, held, available, createdAt, holds: […], statusChanges: […]}`, minor units."""
    about = {
        **wallet_fields(shown.wallet),
        "holds": [_hold_fields(hold) for hold in shown.holds],
        "statusChanges": [_status_fields(change) for change in shown.status_changes],
    }
    return json.dumps(about, indent=2)


def told_json(told: Told) -> str:
    """`{wallet: {…}, chainIsWhole, entries: […]}`, minor units, newest first."""
    about = {
        "wallet": wallet_fields(told.wallet),
        "chainIsWhole": told.whole,
        "entries": [_change_fields(change) for change in told.changes],
    }
    return json.dumps(about, indent=2)


def show_wallet(shown: Shown, console: Console) -> None:
    """What is in the wallet, what is on hold, and who changed its status."""
    wallet = shown.wallet
    status = f"[{_COLOURS[wallet.status]}]{wallet.status}[/]"
    console.print(
        f"Wallet {wallet.id}, {wallet.currency}, {status}; of {wallet.owner_id}, opened {_at(wallet.created_at)}"
    )
    console.print(
        f"  available {wallet.available.formatted} + held {wallet.on_hold.formatted} = {wallet.total.formatted}"
    )
    if shown.holds:
        console.print(_holds_table(shown.holds))
    if shown.status_changes:
        console.print(_status_table(shown.status_changes))


def show_history(told: Told, console: Console) -> None:
    """A line per entry, newest first; then whether the audit chain is whole."""
    table = Table(title=f"Wallet {told.wallet.id} ({told.wallet.currency}), newest first")
    for name in ("seq", "at", "journal", "kind"):
        table.add_column(name, no_wrap=True)
    for name in ("posted", "held", "total after", "held after"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("about")
    for change in told.changes:
        table.add_row(*_change_cells(change, told.wallet.currency))
    console.print(table)
    if told.whole:
        console.print(
            "[green]The audit chain is whole[/] as far as it is shown; `payflow ledger verify` checks all of it."
        )
    else:
        console.print("[red]The audit chain is broken:[/] something was rewritten; `payflow ledger verify` says what.")


def wallet_fields(wallet: Wallet) -> dict[str, Any]:
    """A wallet for scripts."""
    return {
        "id": str(wallet.id),
        "owner": str(wallet.owner_id),
        "currency": wallet.currency,
        "status": wallet.status.value,
        "posted": wallet.posted,
        "held": wallet.held,
        "available": wallet.posted - wallet.held,
        "createdAt": wallet.created_at.isoformat(),
    }


def _hold_fields(hold: Hold) -> dict[str, Any]:
    return {
        "id": str(hold.id),
        "payee": str(hold.payee_id),
        "transfer": str(hold.transfer_id),
        "purpose": hold.purpose.value,
        "amount": hold.amount.amount,
        "captured": hold.captured,
        "remaining": hold.remaining,
        "expiresAt": hold.expires_at.isoformat(),
    }


def _status_fields(change: StatusChange) -> dict[str, Any]:
    return {
        "from": change.was.value,
        "to": change.became.value,
        "actor": change.actor,
        "reason": change.reason,
        "at": change.at.isoformat(),
    }


def _change_fields(change: Change) -> dict[str, Any]:
    return {
        "seq": change.seq,
        "at": change.at.isoformat(),
        "journal": str(change.journal_id),
        "kind": change.kind,
        "posted": change.posted,
        "held": change.held,
        "postedAfter": change.posted_after,
        "heldAfter": change.held_after,
        "transfer": None if change.transfer_id is None else str(change.transfer_id),
        "reverses": None if change.reverses is None else str(change.reverses),
        "actor": change.actor,
        "reason": change.reason,
        "chained": change.chained,
    }


def _holds_table(holds: Any) -> Table:
    table = Table(title="Open holds")
    for name in ("hold", "for", "to wallet", "remaining", "expires"):
        table.add_column(name, no_wrap=True)
    for hold in holds:
        remaining = Money(hold.remaining, hold.amount.currency).formatted
        table.add_row(str(hold.id), hold.purpose.value, str(hold.payee_id), remaining, _at(hold.expires_at))
    return table


def _status_table(changes: Any) -> Table:
    table = Table(title="Changes of status")
    for name in ("at", "from", "to", "by", "reason"):
        table.add_column(name, no_wrap=name != "reason")
    for change in changes:
        table.add_row(_at(change.at), change.was.value, change.became.value, Text(change.actor), Text(change.reason))
    return table


def _change_cells(change: Change, currency: str) -> list[str]:
    about = [f"transfer {change.transfer_id}"] if change.transfer_id else []
    if change.reverses:
        about.append(f"reverses {change.reverses}")
    if change.actor:
        about.append(escape(f"{change.actor}: {change.reason}"))
    if not change.chained:
        about.append("[red]NOT AS IT WAS WRITTEN[/]")
    amounts = [change.posted, change.held, change.posted_after, change.held_after]
    written = [Money(amount, currency).formatted for amount in amounts]
    return [str(change.seq), _at(change.at), str(change.journal_id), change.kind, *written, "\n".join(about)]


def _at(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M:%SZ")
