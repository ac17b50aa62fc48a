"""`explain`: what a code of composition means and what to do about it; without a code, all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from router.commands.options import Format, OutputFormat
from router.errors import ConfigError

if TYPE_CHECKING:
    from router.composition.catalogue import Entry


def explain(
    code: Annotated[str | None, typer.Argument(help="An error or hint of `compose`, e.g. FIELD_TYPE_MISMATCH.")] = None,
    format_: OutputFormat = Format.TEXT,
) -> None:
    """Explain a code that `compose` gave: what it means, the way out, and an example. Without one, list all codes."""
    from router.composition import catalogue

    found = catalogue.entries() if code is None else catalogue.find(code)
    if code is not None and not found:
        meant = ", ".join(catalogue.near(code))
        suggestion = f" Did you mean {meant}?" if meant else " `python -m router explain` lists those there are."
        raise ConfigError(f'No error or hint of composition is called "{code}".{suggestion}')
    if format_ is Format.JSON:
        typer.echo(json.dumps([_as_dict(entry) for entry in found], indent=2))
    elif code is None:
        typer.echo("\n".join(_listing(catalogue.by_group())))
    else:
        typer.echo("\n\n".join("\n".join(_explained(entry)) for entry in found))


def _as_dict(entry: Entry) -> dict[str, Any]:
    return {
        "code": entry.code,
        "level": entry.level,
        "group": entry.group,
        "meaning": entry.meaning,
        "wayOut": entry.way_out,
        "example": entry.example,
    }


def _listing(groups: dict[str, list[Entry]]) -> Iterator[str]:
    for title, members in groups.items():
        yield f"{title}\n"
        for entry in members:
            yield f"  {entry.code}\n      {entry.meaning}"
        yield ""
    yield "`python -m router explain CODE` tells more about one."


def _explained(entry: Entry) -> Iterator[str]:
    kind = f"an error; {entry.group}" if entry.level == "error" else f"a hint, level {entry.level}"
    yield f"{entry.code} ({kind})"
    yield ""
    yield f"  {entry.meaning}"
    yield f"  Way out: {entry.way_out}"
    if entry.example is not None:
        yield "\n  Subgraphs that give it:\n"
        yield from (f"    {line}".rstrip() for line in entry.example.splitlines())
