"""`config`: whether a configuration file is good; or the JSON Schema that editors check one by."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def config(
    file: Annotated[Path | None, typer.Argument(help="The router's configuration (YAML).")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of such a file.")] = False,
) -> None:
    """Say whether a configuration file is good (exit 1 where it is not), or print the JSON Schema of it.

    Checked are the keys, their values, the environment variables it names, and the supergraph and subgraphs that it is for.
    """
    from router.assembly import Given, assemble, read_supergraph
    from router.config import load_config
    from router.config.json_schema import json_schema
    from router.logs import configure_logging

    if (file is None) is not schema:
        raise typer.BadParameter("give either a file or --schema")
    if file is None:
        typer.echo(json.dumps(json_schema(), indent=2))
        return
    configure_logging()
    settings = load_config(file)
    assemble(settings, read_supergraph(settings.supergraph), given=Given())
    typer.echo(f"{file} is good: {', '.join(sorted(settings.model_fields_set))} are set.")
