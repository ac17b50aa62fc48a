"""`payflow wallets …`, and what an operator does with the books: `payflow ledger reverse` and `payflow ledger history`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from payflow.dev.options import DEFAULT_DATA_DIR, DataDir, Json, Reason

if TYPE_CHECKING:
    from subgraphs.wallet.commands import WalletStatus

wallets = typer.Typer(help="People's wallets: look, freeze, unfreeze, close.", no_args_is_help=True)

WalletId = Annotated[UUID, typer.Argument(metavar="WALLET", help="The wallet's id.")]
HISTORY_MAX = 1000  # entries at a time; the rest is behind --before


@wallets.command()
def show(wallet: WalletId, *, data_dir: DataDir = DEFAULT_DATA_DIR, as_json: Json = False) -> None:
    """Show what is in a wallet, what is on hold, and who changed its status and why."""
    from rich.console import Console

    from payflow.dev import wallet_desk as desk
    from payflow.dev import wallet_view as view
    from payflow.dev.folders import Folders

    shown = asyncio.run(desk.show(Folders(data_dir.resolve()), wallet))
    if as_json:
        typer.echo(view.shown_json(shown))
    else:
        view.show_wallet(shown, Console())


@wallets.command()
def freeze(wallet: WalletId, *, reason: Reason, data_dir: DataDir = DEFAULT_DATA_DIR, as_json: Json = False) -> None:
    """Let no money leave a wallet. Money may come in, and a hold that was placed before may still be captured."""
    from subgraphs.wallet.commands import WalletStatus

    _change(wallet, WalletStatus.FROZEN, reason=reason, data_dir=data_dir, as_json=as_json)


@wallets.command()
def unfreeze(wallet: WalletId, *, reason: Reason, data_dir: DataDir = DEFAULT_DATA_DIR, as_json: Json = False) -> None:
    """Let money leave a wallet again."""
    from subgraphs.wallet.commands import WalletStatus

    _change(wallet, WalletStatus.OPEN, reason=reason, data_dir=data_dir, as_json=as_json)


@wallets.command()
def close(wallet: WalletId, *, reason: Reason, data_dir: DataDir = DEFAULT_DATA_DIR, as_json: Json = False) -> None:
    """Close an empty wallet, for ever."""
    from subgraphs.wallet.commands import WalletStatus

    _change(wallet, WalletStatus.CLOSED, reason=reason, data_dir=data_dir, as_json=as_json)


def reverse(
    journal: Annotated[UUID, typer.Argument(metavar="JOURNAL", help="The journal's id, as `ledger history` shows it.")],
    *,
    reason: Reason,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Json = False,
) -> None:
    """Take a journal back by its exact inverse, once. Nothing is deleted: both stay in the books."""
    from payflow.dev import wallet_desk as desk
    from payflow.dev.folders import Folders

    reversal = asyncio.run(desk.reverse(Folders(data_dir.resolve()), journal, reason=reason))
    if as_json:
        typer.echo(
            json.dumps({"journal": str(journal), "reversedBy": str(reversal), "actor": desk.operator()}, indent=2)
        )
    else:
        typer.echo(f"Journal {journal} is reversed by journal {reversal}, by {desk.operator()}.")


def history(
    wallet: WalletId,
    *,
    last: Annotated[int, typer.Option(min=1, max=HISTORY_MAX, help="How many entries.")] = 50,
    before: Annotated[int | None, typer.Option(min=1, help="Only those before this seq, to go further back.")] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Json = False,
) -> None:
    """Show every change of a wallet, holds included, and whether its audit chain is whole; exit 1 where it is not."""
    from rich.console import Console

    from payflow.dev import wallet_desk as desk
    from payflow.dev import wallet_view as view
    from payflow.dev.folders import Folders

    told = asyncio.run(desk.tell_history(Folders(data_dir.resolve()), wallet, before=before, most=last))
    if as_json:
        typer.echo(view.told_json(told))
    else:
        view.show_history(told, Console())
    raise typer.Exit(0 if told.whole else 1)


def _change(wallet: UUID, to: WalletStatus, *, reason: str, data_dir: Path, as_json: bool) -> None:
    from payflow.dev import wallet_desk as desk
    from payflow.dev import wallet_view as view
    from payflow.dev.folders import Folders

    changed = asyncio.run(desk.change_status(Folders(data_dir.resolve()), wallet, to, reason=reason))
    if as_json:
        typer.echo(json.dumps(view.wallet_fields(changed), indent=2))
    else:
        typer.echo(f"Wallet {changed.id} is {changed.status}, by {desk.operator()}.")
