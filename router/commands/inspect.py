"""`inspect`: what a supergraph says, as tables."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from router.commands.options import SupergraphFile
from router.errors import ConfigError

if TYPE_CHECKING:
    from router.supergraph import Supergraph


class Part(StrEnum):
    """What can be shown of a supergraph."""

    PUBLIC = "public"
    SUBGRAPHS = "subgraphs"
    TYPES = "types"
    TYPE = "type"
    PROTECTION = "protection"
    PRICES = "prices"


def inspect(
    part: Annotated[Part, typer.Argument(help="What to print: see above.")],
    supergraph: SupergraphFile,
    name: Annotated[str | None, typer.Argument(help="The type, for `inspect type NAME`.")] = None,
) -> None:
    """Show what a supergraph says.

    * `public`: the schema that clients see
    * `subgraphs`: the services, how many types they know, and how many entities they can be asked for
    * `types`: every type with the subgraphs that know it, and its keys there
    * `type NAME`: which subgraph resolves which field on what conditions, and by which ways the type's objects are entered
    * `protection`: the types and fields that not everybody may have, and who may
    * `prices`: the fields that @cost and @listSize are about, and what they say

    `plan --stage` shows what becomes of an operation.
    """
    from graphql import print_schema

    from router.assembly import read_supergraph
    from router.cost.prices import show_prices
    from router.graph import graph_of
    from router.graph.show import show_subgraphs, show_type, show_types
    from router.security.show import show_protection

    if (part is Part.TYPE) != (name is not None):
        raise ConfigError(f"`inspect {part.value}` {'needs the name of a type' if name is None else 'takes no name'}.")
    loaded = read_supergraph(supergraph)
    if name is not None:
        typer.echo(show_type(graph_of(loaded), _known(name, loaded)))
        return
    shown: dict[Part, Callable[[], str]] = {
        Part.PUBLIC: lambda: print_schema(loaded.api),
        Part.SUBGRAPHS: lambda: show_subgraphs(loaded),
        Part.TYPES: lambda: show_types(loaded),
        Part.PROTECTION: lambda: show_protection(loaded.full),
        Part.PRICES: lambda: show_prices(loaded),
    }
    typer.echo(shown[part]())


def _known(name: str, supergraph: Supergraph) -> str:
    if name not in supergraph.types:
        near = difflib.get_close_matches(name, supergraph.types, n=3)
        meant = f" Did you mean {' or '.join(near)}?" if near else ""
        raise ConfigError(f'The supergraph has no object, interface or union type "{name}".{meant}')
    return name
