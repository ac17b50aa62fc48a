"""`payflow transfers review …`: what people do about transfers that the saga handed to them."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import typer

from payflow.dev.options import DEFAULT_DATA_DIR, DataDir, Json, Reason

transfers = typer.Typer(help="Transfers under way.", no_args_is_help=True)
review = typer.Typer(
    help="Transfers that need a person: their money stays held until somebody decides.", no_args_is_help=True
)
transfers.add_typer(review, name="review")

TransferId = Annotated[UUID, typer.Argument(metavar="ID", help="The transfer's id, as `review list` shows it.")]
By = Annotated[str | None, typer.Option("--by", help="Who decides, written down beside the user that runs this.")]


@review.command("list")
def list_(*, data_dir: DataDir = DEFAULT_DATA_DIR, as_json: Json = False) -> None:
    """Show what waits for a decision, the longest waiting first."""
    from payflow.dev import review as desk

    waiting = desk.run(data_dir, desk.waiting)
    _print(waiting, as_json=as_json, data=desk.list_data, table=desk.list_table)


@review.command()
def show(transfer_id: TransferId, *, data_dir: DataDir = DEFAULT_DATA_DIR, as_json: Json = False) -> None:
    """Show one transfer: its steps, why it waits, and what was decided about it before."""
    from payflow.dev import review as desk

    case = desk.run(data_dir, lambda database: desk.case(database, transfer_id))
    _print(case, as_json=as_json, data=desk.case_data, table=desk.case_table)


@review.command()
def resume(
    transfer_id: TransferId,
    *,
    reason: Reason,
    by: By = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Json = False,
) -> None:
    """Ask the wallet service for the same step again, under the same key."""
    _decide(transfer_id, "RESUMED", reason=reason, by=by, data_dir=data_dir, as_json=as_json)


@review.command()
def cancel(
    transfer_id: TransferId,
    *,
    reason: Reason,
    by: By = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Json = False,
) -> None:
    """Give the money back to the payer. If the payee has it already, the wallet says so, and the transfer completes."""
    _decide(transfer_id, "CANCELLED", reason=reason, by=by, data_dir=data_dir, as_json=as_json)


def _decide(transfer_id: UUID, what: str, *, reason: str, by: str | None, data_dir: Any, as_json: bool) -> None:
    from payflow.dev import review as desk

    decision = desk.decision(what, by=by, reason=reason)
    case = desk.run(data_dir, lambda database: desk.decide(database, transfer_id, decision))
    _print(case, as_json=as_json, data=desk.case_data, table=desk.case_table)


def _print(found: Any, *, as_json: bool, data: Any, table: Any) -> None:
    import json

    from rich.console import Console

    if as_json:
        typer.echo(json.dumps(data(found), indent=2))
    else:
        Console().print(table(found))
