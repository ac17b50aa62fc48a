"""A need taken apart into strands, so that each can be had elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from router.graph import Need
from router.limits import STRANDS_MAX

WayDown: TypeAlias = tuple[Need, ...]
"""From a child of a need to one of its leaves, or to where it is not taken apart any further."""


def ways_down(need: Need) -> list[WayDown]:
    """A way to each leaf; where they are many, to each child."""
    leaves = list(_to_leaves(need))
    return leaves if len(leaves) <= STRANDS_MAX else [(child,) for child in need.needs]


def _to_leaves(need: Need) -> Iterator[WayDown]:
    if not need.needs:
        yield ()
    for child in need.needs:
        yield from ((child, *rest) for rest in _to_leaves(child))
