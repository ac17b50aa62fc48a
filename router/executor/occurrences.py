"""Finds the objects that a plan's path leads to in the merged tree, each with the position where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from router.plan import Each, Path, PathKey

Position: TypeAlias = tuple[str | int, ...]
"""Where a value stands in the merged tree: the tree's own keys (not always the client's) and list indices."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One object of the merged tree. No two positions share a dict, so changing one changes nothing else."""

    position: Position
    node: dict[str, Any]


def occurrences(tree: dict[str, Any], path: Path) -> list[Occurrence]:
    """Every object at `path`, in document order. Nulls, and values that are not of the path's shape, lead nowhere."""
    values: list[tuple[Position, Any]] = [((), tree)]
    for step in path:
        values = [reached for position, value in values for reached in _follow(position, value, step)]
    return [Occurrence(position, value) for position, value in values if isinstance(value, dict)]


def _follow(position: Position, value: Any, step: PathKey | Each) -> Iterator[tuple[Position, Any]]:
    if isinstance(step, Each):
        if isinstance(value, list):
            yield from (((*position, index), element) for index, element in enumerate(value))
    # An object whose type is not known yet matches no guard.
    elif isinstance(value, dict) and step.key in value and (not step.on or value.get("__typename") in step.on):
        yield (*position, step.key), value[step.key]
