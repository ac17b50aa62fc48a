"""Options that several groups of commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[
    Path, typer.Option("--data-dir", envvar="PAYFLOW_DATA_DIR", help="Where databases, keys and logs are kept.")
]
DEFAULT_DATA_DIR = Path(".payflow")
Json = Annotated[bool, typer.Option("--json", help="For scripts.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, for whoever reads the books later.")]
