"""The command line: serve, compose, plan, inspect. What goes wrong is one sentence on stderr and exit 1."""

from __future__ import annotations

import asyncio
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from router.errors import ClientError, ConfigError

if TYPE_CHECKING:
    from router.config import RouterConfig
    from router.operation import Operation
    from router.supergraph import Supergraph

# Each command imports what it runs: `--help` and `compose` need no server, and five routers may be starting at once.

app = typer.Typer(
    name="router",
    help="A GraphQL federation router: composes subgraphs into a supergraph, and serves it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Format(StrEnum):
    """How a command prints what it made."""

    TEXT = "text"
    JSON = "json"


class Stage(StrEnum):
    """What `inspect` can show: the artifact that a stage of the pipeline hands on."""

    PUBLIC = "public"
    NORMALIZED = "normalized"
    PLAN = "plan"


SupergraphFile = Annotated[Path, typer.Option("--supergraph", help="The composed supergraph (SDL).")]
OperationFile = Annotated[Path, typer.Option("--operation", help="A GraphQL document.")]
OperationName = Annotated[
    str | None, typer.Option("--operation-name", help="Which operation, where there are several.")
]
Variables = Annotated[str, typer.Option("--variables", help="The variables, as a JSON object.")]
OutputFormat = Annotated[Format, typer.Option("--format", help="How to print the result.")]


@app.command()
def serve(
    supergraph: Annotated[Path | None, typer.Option(help="The composed supergraph; else the configuration's.")] = None,
    config: Annotated[Path | None, typer.Option(help="The router's configuration (YAML).")] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on; 127.0.0.1 unless configured.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; 4000 unless configured, 0 for any.")] = None,
) -> None:
    """Serve a supergraph at /graphql, over HTTP and WebSocket."""
    from router import server
    from router.app import create_app
    from router.logs import configure_logging

    server.exit_when_told()
    settings = _settings(supergraph=supergraph, config=config, host=host, port=port)
    configure_logging()
    bound = server.bind(settings.listen)
    application = create_app(settings)
    address = f"http://{settings.listen.host}:{bound.getsockname()[1]}/graphql"
    server.run(
        application,
        bound,
        shutdown_s=settings.timeouts.shutdown_s,
        announce=lambda: typer.echo(f"Serving {address}", err=True),
    )


@app.command()
def compose(
    config: Annotated[Path, typer.Option(help="The subgraphs to compose (YAML, in the format of rover).")],
    output: Annotated[Path | None, typer.Option(help="Where to write the supergraph; else it is printed.")] = None,
    format_: OutputFormat = Format.TEXT,
) -> None:
    """Compose subgraphs into a supergraph, or say why they do not compose (exit 1)."""
    from router.composition import Composed, format_text
    from router.composition import compose as compose_subgraphs
    from router.composition.sources import load_subgraphs

    outcome = compose_subgraphs(asyncio.run(load_subgraphs(config)))
    if isinstance(outcome, Composed) and output is not None:
        _write(output, outcome.sdl)
    if format_ is Format.JSON:
        typer.echo(json.dumps(outcome.as_dict(), indent=2))
    elif not isinstance(outcome, Composed):
        typer.echo(format_text(outcome), err=True)
    elif output is None:
        typer.echo(outcome.sdl, nl=False)
    if not isinstance(outcome, Composed):
        raise typer.Exit(1)


@app.command()
def plan(
    supergraph: SupergraphFile,
    operation: OperationFile,
    operation_name: OperationName = None,
    variables: Variables = "{}",
    format_: OutputFormat = Format.TEXT,
) -> None:
    """Show how an operation would be fetched from the subgraphs, without fetching anything."""
    from router.plan.show import show
    from router.plan.wire import to_json
    from router.planner import plan as make_plan

    loaded = _supergraph(supergraph)
    made = make_plan(_operation(loaded, operation, operation_name, variables), loaded)
    typer.echo(show(made) if format_ is Format.TEXT else json.dumps(to_json(made), indent=2))


@app.command()
def inspect(
    stage: Annotated[Stage, typer.Argument(help="The artifact to print.")],
    supergraph: SupergraphFile,
    operation: Annotated[Path | None, typer.Option(help="A GraphQL document; `public` needs none.")] = None,
    operation_name: OperationName = None,
    variables: Variables = "{}",
) -> None:
    """Show what one stage makes of a supergraph or an operation: the first artifact that looks wrong names the culprit."""
    from graphql import print_schema

    from router.operation.show import show

    if stage is Stage.PUBLIC:
        typer.echo(print_schema(_supergraph(supergraph).api))
        return
    if operation is None:
        raise ConfigError(f"`inspect {stage.value}` needs an operation: name a file with --operation.")
    if stage is Stage.PLAN:
        plan(supergraph, operation, operation_name, variables)
        return
    typer.echo(show(_operation(_supergraph(supergraph), operation, operation_name, variables)))


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 refused with one sentence, 2 wrongly called."""
    try:
        app(arguments)
    except (ConfigError, ClientError) as error:
        typer.echo(str(error), err=True)
        sys.exit(1)


def _settings(*, supergraph: Path | None, config: Path | None, host: str | None, port: int | None) -> RouterConfig:
    """The configuration file's settings, with what the command line says in their place."""
    from router.config import RouterConfig, load_config

    settings = load_config(config) if config is not None else RouterConfig()
    listen = settings.listen.model_copy(update=_given(host=host, port=port))
    return settings.model_copy(update={"listen": listen, **_given(supergraph=supergraph)})


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _supergraph(path: Path) -> Supergraph:
    from router.app import read_supergraph

    return read_supergraph(path)


def _operation(supergraph: Supergraph, path: Path, name: str | None, variables: str) -> Operation:
    """The normalised operation of a file, as a caller who may have everything would run it."""
    from router.exchange import ClientRequest
    from router.operation import normalize
    from router.pipeline import RouterState, parse, validate
    from router.transport import FakeTransport

    request = ClientRequest(_read(path), name, _variables(variables))
    router = RouterState(supergraph, FakeTransport())
    document = parse(request, router)
    valid = validate(document, request, router)
    return normalize(document, name, supergraph, valid.variables)


def _variables(text: str) -> dict[str, Any]:
    try:
        variables = json.loads(text)
    except json.JSONDecodeError as error:
        raise ConfigError(f"--variables is not valid JSON: {error}.") from None
    if not isinstance(variables, dict):
        raise ConfigError('--variables must be a JSON object such as {"id": "1"}.')
    return variables


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"The file {path} does not exist.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The file {path} cannot be read: {error}.") from None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"The file {path} cannot be written: {error.strerror}.") from None
