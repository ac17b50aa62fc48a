"""The command `payflow`. Each command imports what it needs when it runs, so that `payflow --help` is there at once."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from payflow.dev import wallets
from payflow.dev.campaigns import campaigns
from payflow.dev.events import events
from payflow.dev.key_commands import keys
from payflow.dev.options import DEFAULT_DATA_DIR, DataDir
from payflow.dev.transfers import transfers
from payflow.dev.web.commands import web
from payflow.kernel.errors import PayflowError

app = typer.Typer(
    name="payflow",
    help="PayFlow: a payment platform as a federated GraphQL API.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(keys, name="keys")
ledger = typer.Typer(help="The books.", no_args_is_help=True)
app.add_typer(ledger, name="ledger")
ledger.command("history")(wallets.history)
ledger.command("reverse")(wallets.reverse)
app.add_typer(wallets.wallets, name="wallets")
app.add_typer(campaigns, name="campaigns")
app.add_typer(transfers, name="transfers")
app.add_typer(events, name="events")
app.add_typer(web, name="web")

INTERRUPTED = 130  # as shells say it: 128 + SIGINT


def main() -> None:
    """Run the command line; an error of ours is one sentence on stderr, exit 1."""
    try:
        app()
    except PayflowError as error:
        sys.exit(str(error))


@app.command()
def up(
    *,
    port: Annotated[
        int, typer.Option(envvar="PAYFLOW_PORT", help="Port of the API; the others follow from it.")
    ] = 4000,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    detach: Annotated[bool, typer.Option("--detach", help="Return when everything answers; stop with `down`.")] = False,
    reset: Annotated[
        bool, typer.Option("--reset", help="First remove all databases and logs of the data directory.")
    ] = False,
    no_web: Annotated[
        bool, typer.Option("--no-web", help="Do not build the web client; what was built before is served.")
    ] = False,
    project: Annotated[Path | None, typer.Option(hidden=True, help="The checkout to run.")] = None,
    report_to: Annotated[
        int | None, typer.Option(hidden=True, help="File descriptor for a detached supervisor.")
    ] = None,
) -> None:
    """Start the whole platform, with every server it needs, and keep it running until Ctrl-C."""
    import asyncio

    from rich.console import Console

    from payflow.dev.stack import PROJECT
    from payflow.dev.up import Interrupted, UpOptions

    options = UpOptions(port=port, data_dir=data_dir, reset=reset, web=not no_web, project=project or PROJECT)
    console = Console()
    try:
        if report_to is not None:
            from payflow.dev.detached import run_detached

            raise typer.Exit(run_detached(options, report_to))
        if detach:
            from payflow.dev.detached import start_detached

            start_detached(options, console)
        else:
            from payflow.dev.foreground import run_in_foreground

            asyncio.run(run_in_foreground(options, console))
    except (Interrupted, KeyboardInterrupt):
        raise typer.Exit(INTERRUPTED) from None


@app.command()
def down(*, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Stop the platform and everything it started."""
    from payflow.dev.down import stop_stack
    from payflow.dev.folders import Folders

    typer.echo(stop_stack(Folders(data_dir.resolve())))


@app.command()
def status(
    *,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Show every part; exit 0 when all are up, else 1."""
    from rich.console import Console

    from payflow.dev.folders import Folders
    from payflow.dev.status import report_status

    report = report_status(Folders(data_dir.resolve()))
    if as_json:
        typer.echo(json.dumps(report.as_json(), indent=2))
    else:
        Console().print(report.as_table())
    raise typer.Exit(0 if report.ready else 1)


@app.command()
def demo(
    *, port: Annotated[int, typer.Option(envvar="PAYFLOW_PORT", help="Port of the API, as given to `up`.")] = 4000
) -> None:
    """Tell the story live: two people, a deposit, a transfer, the reward and the notifications as they arrive."""
    from rich.console import Console

    from payflow.dev.demo import run

    run(f"http://127.0.0.1:{port}/graphql", Console())


@app.command()
def seed(
    *,
    port: Annotated[int, typer.Option(envvar="PAYFLOW_PORT", help="Port of the API, as given to `up`.")] = 4000,
    url: Annotated[str | None, typer.Option(help="The API, where it is another than that port's.")] = None,
    number: Annotated[int, typer.Option("--seed", help="Another number tells another story of the same people.")] = 1,
    not_production: Annotated[
        bool, typer.Option("--not-production", help="Seed a platform of another machine: nobody's real money is there.")
    ] = False,
) -> None:
    """Fill a platform with people, transfers, requests and rewards to look at. A second run adds nothing."""
    from rich.console import Console

    from payflow.dev.seed.command import run

    run(url or f"http://127.0.0.1:{port}/graphql", Console(), seed=number, anywhere=not_production)


@ledger.command("verify")
def verify(
    *,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Read everything again, whatever was verified before.")] = False,
    since: Annotated[
        datetime | None, typer.Option(help="Take what is older as it is; UTC, e.g. 2026-11-22T00:00:00.")
    ] = None,
) -> None:
    """Check every invariant of the ledger and of the transfers, from where the last check without a finding ended.

    Exit 0: all hold. 1: some are broken, and here is which and whose. 2: the databases cannot be reached.
    """
    import asyncio

    from rich.console import Console

    from payflow.dev import ledger as books
    from payflow.dev.addresses import DatabaseUnreachable
    from payflow.dev.folders import Folders

    if full and since:
        sys.exit("--full reads everything and --since does not; give one of them")
    progress = Console(stderr=True, quiet=as_json)
    moment = since and since.replace(tzinfo=UTC)
    try:
        with progress.status("Opening the books") as status:
            verifying = books.verify_ledger(Folders(data_dir.resolve()), full=full, since=moment, tell=status.update)
            report = asyncio.run(verifying)
    except DatabaseUnreachable as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(books.UNREACHABLE) from None
    if as_json:
        typer.echo(books.as_json(report))
    else:
        books.show(report, Console())
    raise typer.Exit(books.HOLDS if report.ok else books.BROKEN)


@app.command()
def schema() -> None:
    """Write schema/, the generated clients and docs/composition-codes.md anew from the code (for developers of PayFlow)."""
    from payflow.dev.schema import write_all
    from payflow.dev.stack import PROJECT

    write_all(PROJECT / "schema", PROJECT / "payflow" / "client", PROJECT / "docs")
    typer.echo("wrote schema/, payflow/client/ and docs/composition-codes.md")
