"""Reads the values of arguments from a @context: they stand in the merged tree above the object that is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec

from router.executor.occurrences import Position
from router.executor.requests import member
from router.plan import ContextRead

Context: TypeAlias = tuple[bytes, ...]
"""The variables that hold context values, as members of a JSON object."""


def context_of(tree: dict[str, Any], position: Position, reads: Sequence[ContextRead]) -> Context | None:
    """The context of the object at `position`, or None where a value that must be there is not.

    A nullable value that is not there is null: whoever failed to provide it has reported that.
    """
    context: list[bytes] = []
    for read in reads:
        value = _value(_at(tree, position[: read.at]), read)
        if value is None and not read.nullable:
            return None
        context.append(member(read.variable, msgspec.json.encode(value)))
    return tuple(context)


def _at(tree: dict[str, Any], position: Position) -> dict[str, Any]:
    node: Any = tree
    for part in position:
        node = node[part]
    found: dict[str, Any] = node
    return found


def _value(node: dict[str, Any], read: ContextRead) -> Any:
    keys = _keys(node, read)
    return None if keys is None else _follow(node, keys)


def _keys(node: dict[str, Any], read: ContextRead) -> tuple[str, ...] | None:
    """The keys for the object's own type; an object nobody was asked to name is of the one type it can be."""
    if "__typename" not in node:
        return read.keys[0][1] if len(read.keys) == 1 else None
    return dict(read.keys).get(node["__typename"])


def _follow(value: Any, keys: tuple[str, ...]) -> Any:
    if not keys:
        return value
    if isinstance(value, list):
        return [_follow(element, keys) for element in value]
    return _follow(value.get(keys[0]), keys[1:]) if isinstance(value, dict) else None
