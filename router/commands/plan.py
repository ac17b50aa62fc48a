"""`plan` and `inspect`: what each stage makes of a supergraph and an operation, without fetching anything."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from router.commands import files
from router.commands.options import Format, OperationFile, OperationName, OutputFormat, SupergraphFile, Variables
from router.errors import ConfigError

if TYPE_CHECKING:
    from router.operation import Operation
    from router.supergraph import Supergraph


class Stage(StrEnum):
    """What `inspect` can show: the artifact that a stage of the pipeline hands on."""

    PUBLIC = "public"
    NORMALIZED = "normalized"
    PLAN = "plan"


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


def _supergraph(path: Path) -> Supergraph:
    from router.app import read_supergraph

    return read_supergraph(path)


def _operation(supergraph: Supergraph, path: Path, name: str | None, variables: str) -> Operation:
    """The normalised operation of a file, as a caller who may have everything would run it."""
    from router.exchange import ClientRequest
    from router.operation import normalize
    from router.pipeline import RouterState, parse, validate
    from router.transport import FakeTransport

    request = ClientRequest(files.read(path), name, _variables(variables))
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
