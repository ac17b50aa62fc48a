"""`plan`: what becomes of an operation, stage by stage, without fetching anything."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from router.commands.options import Format, OperationFile, OperationName, OutputFormat, SupergraphFile, Variables
from router.commands.stages import Asked, Clock, Stage, as_json, followed, shown
from router.errors import ConfigError

if TYPE_CHECKING:
    from router.config import CostSettings
    from router.supergraph import Supergraph


def plan(
    supergraph: SupergraphFile,
    operation: OperationFile,
    operation_name: OperationName = None,
    variables: Variables = "{}",
    label: Annotated[list[str] | None, typer.Option(help="A label of @override that is true; may be repeated.")] = None,
    config: Annotated[
        Path | None, typer.Option(help="For --stage cost: the router's configuration, whose section `cost` says sizes.")
    ] = None,
    stage: Annotated[Stage, typer.Option(help="What to print: see above.")] = Stage.PLAN,
    format_: OutputFormat = Format.TEXT,
    batched: Annotated[bool, typer.Option(help="With --format json: each request as one node, as it is sent.")] = False,
    timings: Annotated[bool, typer.Option(help="Tell on standard error how long each stage took.")] = False,
) -> None:
    """Show how an operation would be fetched from the subgraphs, without fetching anything.

    --stage prints what a stage hands on to the next; the first that looks wrong names the culprit:

    * `operation`: the operation with its conditions decided and its fragments dissolved
    * `wanted`: the places of the answer, and which objects they are wanted of
    * `search`: which subgraph is entered for what, by which key, and what that costs
    * `fetches`: what is asked of whom, as it is found out, after each pass of the optimiser, and as requests
    * `plan`: the requests in waves; with --format json in the format of Apollo's query planner
    * `cost`: what each field of each request is estimated to cost, and why
    * `code`: the Python that a plan is compiled to once it has proved popular
    """
    from router.assembly import read_supergraph

    if format_ is Format.JSON and stage is not Stage.PLAN:
        raise ConfigError(f"--format json prints the plan only: leave it out to see the stage `{stage.value}`.")
    if batched and format_ is not Format.JSON:
        raise ConfigError("--batched says how to write JSON: use it with --format json.")
    clock = Clock()
    loaded = clock.time("supergraph", lambda: read_supergraph(supergraph))
    asked = Asked(operation, operation_name, _variables(variables), _costs(config), _labels(label or (), loaded))
    way = followed(asked, loaded, clock)
    if format_ is Format.JSON:
        typer.echo(json.dumps(as_json(way, clock, batched=batched), indent=2))
    else:
        typer.echo(shown(stage, way, clock))
    if timings:
        typer.echo("\n".join(clock.lines()), err=True)


def _variables(text: str) -> dict[str, Any]:
    try:
        variables = json.loads(text)
    except json.JSONDecodeError as error:
        raise ConfigError(f"--variables is not valid JSON: {error}.") from None
    if not isinstance(variables, dict):
        raise ConfigError('--variables must be a JSON object such as {"id": "1"}.')
    return variables


def _costs(config: Path | None) -> CostSettings:
    from router.config import CostSettings, load_config

    return (None if config is None else load_config(config).cost) or CostSettings()


def _labels(given: Iterable[str], supergraph: Supergraph) -> frozenset[str]:
    unknown = sorted(set(given) - supergraph.labels.keys())
    if unknown:
        known = ", ".join(sorted(supergraph.labels)) or "none"
        raise ConfigError(f'No @override has the label "{unknown[0]}"; there are: {known}.')
    return frozenset(given)
