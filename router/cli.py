"""The command line. What goes wrong is one sentence on stderr and exit 1; a wrong call is exit 2."""

from __future__ import annotations

import sys

import typer

from router.commands.check import check
from router.commands.compose import compose
from router.commands.config import config
from router.commands.explain import explain
from router.commands.inspect import inspect
from router.commands.plan import plan
from router.commands.serve import serve
from router.errors import ClientError, ConfigError

app = typer.Typer(
    name="router",
    help="A GraphQL federation router: composes subgraphs into a supergraph, and serves it.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (serve, config, compose, check, explain, plan, inspect):
    app.command()(command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 refused with one sentence, 2 wrongly called."""
    try:
        app(arguments)
    except (ConfigError, ClientError) as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
