"""The options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """How a command prints what it made."""

    TEXT = "text"
    JSON = "json"


SupergraphFile = Annotated[Path, typer.Option("--supergraph", help="The composed supergraph (SDL).")]
OperationFile = Annotated[Path, typer.Option("--operation", help="A GraphQL document.")]
OperationName = Annotated[
    str | None, typer.Option("--operation-name", help="Which operation, where there are several.")
]
Variables = Annotated[str, typer.Option("--variables", help="The variables, as a JSON object.")]
OutputFormat = Annotated[Format, typer.Option("--format", help="How to print the result.")]
