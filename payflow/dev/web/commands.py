"""`payflow web …`: build, check and test the web client with the Node that is there, or the wheel's."""

from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path
from typing import Annotated

import typer

from payflow.dev.options import DEFAULT_DATA_DIR, DataDir
from payflow.dev.web import WEB_FOLDER

web = typer.Typer(help="The web client, web-demo/.", no_args_is_help=True)

Project = Annotated[Path | None, typer.Option(hidden=True, help="The checkout.")]


@web.command()
def build(
    *,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    anew: Annotated[bool, typer.Option("--anew", help="Build whatever is there.")] = False,
    project: Project = None,
) -> None:
    """Build the page where it is older than its sources, as `up` does. A router that runs serves it at once."""
    from payflow.dev.logs import Logs
    from payflow.dev.stack import PROJECT
    from payflow.dev.web.building import bring_up_to_date, require_web_client

    checkout = project or PROJECT
    require_web_client(checkout)
    logs = Logs((data_dir / "logs").resolve())
    made = asyncio.run(bring_up_to_date(checkout, logs, lambda doing: typer.echo(f"{doing}…"), anew=anew))
    typer.echo("The web client is built" if made else "The web client is current")


@web.command()
def check(*, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Lint, import rules, format and types of the web client."""
    _npm_run("check", data_dir)


@web.command("test")
def run_tests(*, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """The web client's own unit tests; those in a browser are in tests/web."""
    _npm_run("test", data_dir)


@web.command()
def dev(*, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Vite's server for who changes the web client, in front of the router that PAYFLOW_ROUTER names."""
    _npm_run("dev", data_dir)


def _npm_run(script: str, data_dir: Path) -> None:
    from payflow.dev.logs import Logs
    from payflow.dev.stack import PROJECT
    from payflow.dev.web.building import install_what_is_named
    from payflow.dev.web.node import told_to_npm

    node = asyncio.run(install_what_is_named(PROJECT, Logs((data_dir / "logs").resolve()), typer.echo))
    with node.environment() as environment:
        told = {name: os.environ[name] for name in ("PAYFLOW_ROUTER",) if name in os.environ}
        command = [*node.npm, "run", script]
        ended = subprocess.run(command, cwd=PROJECT / WEB_FOLDER, env={**told_to_npm(environment), **told}, check=False)  # noqa: S603 - ours
    raise typer.Exit(ended.returncode)
