"""`check`: whether clients of one supergraph can live with another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from router.commands.options import Format, OutputFormat


def check(
    old: Annotated[Path, typer.Argument(help="The supergraph that is served (SDL).")],
    new: Annotated[Path, typer.Argument(help="The supergraph to be served instead (SDL).")],
    operations: Annotated[
        Path | None, typer.Option(help="A folder of operations that clients send: .graphql, .json, .jsonl.")
    ] = None,
    format_: OutputFormat = Format.TEXT,
) -> None:
    """Tell breaking, dangerous and safe changes between two supergraphs; exit 1 where clients break.

    Compared is what clients see, who may see it, and which subgraph answers it. Without --operations every breaking change
    is an exit 1.

    With --operations, exit 1 means that a recorded operation breaks: it is no longer valid, or it meets a breaking change. A
    breaking change that none of them meets is safe by usage and no exit 1. Operations that were not valid before do not
    count; where none was, it is as without --operations. Dangerous changes never are an exit 1.

    A .graphql file holds one or more operations with their fragments. A .json file holds one
    {"query", "operationName", "count"} or a list of them, a .jsonl file one a line; all but "query" may be left out.
    """
    from router.assembly import read_supergraph
    from router.changes import check as check_supergraphs
    from router.changes import format_text
    from router.commands.recorded import read_operations

    recorded = None if operations is None else read_operations(operations)
    report = check_supergraphs(read_supergraph(old), read_supergraph(new), recorded)
    typer.echo(format_text(report) if format_ is Format.TEXT else json.dumps(report.as_dict(), indent=2))
    if report.breaks:
        raise typer.Exit(1)
