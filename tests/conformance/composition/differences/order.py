"""The same subgraphs with their fields in another order, which changes nothing of what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any, cast

from graphql import DefinitionNode, DocumentNode, GraphQLSyntaxError, parse, print_ast

from router.composition import SubgraphInput

SHUFFLES = 6


def other_orders(subgraphs: tuple[SubgraphInput, ...]) -> Iterator[tuple[SubgraphInput, ...]]:
    """Reversed first, then shuffled."""
    for number in range(SHUFFLES):
        yield tuple(replace(each, sdl=_reordered(each.sdl, number)) for each in subgraphs)


def _reordered(sdl: str, number: int) -> str:
    try:
        document = parse(sdl, no_location=True)
    except GraphQLSyntaxError:
        return sdl
    return print_ast(DocumentNode(definitions=tuple(_turned(node, number) for node in document.definitions))) + "\n"


def _turned(node: DefinitionNode, number: int) -> DefinitionNode:
    fields: list[Any] = list(getattr(node, "fields", None) or ())
    if not fields:
        return node
    if number == 0:
        fields.reverse()
    else:
        Random(number).shuffle(fields)
    changed: Any = node  # every kind of definition that has fields has them in a tuple
    return cast("DefinitionNode", replace(changed, fields=tuple(fields)))
