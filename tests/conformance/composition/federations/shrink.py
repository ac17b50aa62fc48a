"""Makes a set of subgraphs smaller while something stays true of it: without a subgraph, a definition, a field, a directive…"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from graphql import GraphQLSyntaxError, Node, parse, print_ast

from router.composition import SubgraphInput

Subgraphs = tuple[SubgraphInput, ...]
TRIES = 600


def shrunk(subgraphs: Subgraphs, holds: Callable[[Subgraphs], bool], tries: int = TRIES) -> Subgraphs:
    """The smallest set found, in so many tries, of which it still holds."""
    position, since_success = 0, 0
    candidates = list(_smaller(subgraphs))
    for _ in range(tries):
        if since_success >= len(candidates):
            break
        position %= len(candidates)
        if holds(candidates[position]):
            subgraphs, since_success = candidates[position], 0
            candidates = list(_smaller(subgraphs))
        else:
            position, since_success = position + 1, since_success + 1
    return subgraphs


def _smaller(subgraphs: Subgraphs) -> Iterator[Subgraphs]:
    """The set with one thing less, the largest things first."""
    for index in range(len(subgraphs)):
        if len(subgraphs) > 1:
            yield subgraphs[:index] + subgraphs[index + 1 :]
    for index, subgraph in enumerate(subgraphs):
        for sdl in smaller_texts(subgraph.sdl):
            yield (*subgraphs[:index], replace(subgraph, sdl=sdl), *subgraphs[index + 1 :])


def smaller_texts(sdl: str) -> Iterator[str]:
    """The document with one thing less."""
    try:
        document = parse(sdl, no_location=True)
    except GraphQLSyntaxError:
        return
    for smaller in _without_one(document):
        if smaller.definitions:
            yield print_ast(smaller) + "\n"


def _without_one(node: Any) -> Iterator[Any]:
    """The node without one item of a list, at any depth, or without a description or default."""
    parts = {key: getattr(node, key, None) for key in node.keys if key not in ("loc", "name", "kind")}
    for key, value in parts.items():
        if isinstance(value, tuple):
            for index in range(len(value)):
                yield replace(node, **{key: value[:index] + value[index + 1 :]})
        elif value is not None and key in ("description", "default_value"):
            yield replace(node, **{key: None})
    for key, value in parts.items():
        yield from _within(node, key, value)


def _within(node: Any, key: str, value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            if isinstance(item, Node):
                for smaller in _without_one(item):
                    yield replace(node, **{key: (*value[:index], smaller, *value[index + 1 :])})
    elif isinstance(value, Node):
        for smaller in _without_one(value):
            yield replace(node, **{key: smaller})
