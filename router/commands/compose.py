"""`compose`: the subgraphs that a file names become a supergraph, or every reason is told why they do not."""

from __future__ import annotations

import asyncio
import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from router.commands import files
from router.commands.options import Format, OutputFormat

if TYPE_CHECKING:
    from router.composition import Composed, Rejected


class Hints(StrEnum):
    """The least level of the hints that are printed."""

    DEBUG = "debug"
    INFO = "info"
    WARN = "warn"
    NONE = "none"


def compose(
    config: Annotated[Path, typer.Option(help="The subgraphs to compose (YAML, in the format of rover).")],
    output: Annotated[Path | None, typer.Option(help="Where to write the supergraph; else it is printed.")] = None,
    format_: OutputFormat = Format.TEXT,
    hints: Annotated[Hints, typer.Option(help="Which hints to print: those of this level and above.")] = Hints.INFO,
) -> None:
    """Compose subgraphs into a supergraph, or say why they do not compose (exit 1).

    The supergraph goes to --output, or to standard output. Errors and hints go to standard error, each error with the
    file:line:column of its places; `explain CODE` tells more about one. With --format json, standard output holds one
    JSON object: success, sdl, errors, and hints of every level. A file of before is only touched by a success.
    """
    from router.composition import Composed
    from router.composition import compose as compose_subgraphs
    from router.composition.sources import load_subgraphs

    outcome = compose_subgraphs(asyncio.run(load_subgraphs(config)))
    if isinstance(outcome, Composed) and output is not None:
        files.write(output, outcome.sdl)
    if format_ is Format.JSON:
        typer.echo(json.dumps(outcome.as_dict(), indent=2))
    else:
        _tell(outcome, hints=hints, printed=output is None)
    if not isinstance(outcome, Composed):
        raise typer.Exit(1)


def _tell(outcome: Composed | Rejected, *, hints: Hints, printed: bool) -> None:
    from router.composition import Composed
    from router.composition.text import ERRORS_TOLD_MAX, findings, format_text

    if not isinstance(outcome, Composed):
        typer.echo(format_text(outcome, hints=hints.value, findings_max=ERRORS_TOLD_MAX), err=True)
        return
    for line in findings(outcome, hints=hints.value, findings_max=ERRORS_TOLD_MAX):
        typer.echo(line, err=True)
    if printed:
        typer.echo(outcome.sdl, nl=False)
