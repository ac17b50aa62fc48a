"""Where a search stands, and the ways that lead on from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from router.graph import Entry, Node
from router.planner.assign import Opening
from router.planner.cover import Hop
from router.planner.terms import Terms

Target: TypeAlias = tuple[str, str]
"""Where a way leads: a subgraph, and what it calls the type."""


@dataclass(frozen=True, slots=True)
class Way:
    """An entry whose key can be had, what that costs, and the stage of the fetch it opens.

    `own` is the part of the cost that is not that of the ways `behind` it, by which its key is had.
    """

    entry: Entry
    cost: float
    stage: int
    own: float
    behind: tuple[Target, ...] = ()

    @property
    def target(self) -> Target:
        return (self.entry.graph, self.entry.typename)


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """Where a search stands: at an object, in a fetch of `stage`, with these ways to go on.

    Where it `leaves`, its own subgraph is a way like any other.
    """

    node: Node
    terms: Terms
    stage: int
    ways: tuple[Way, ...] = ()
    leaves: bool = False

    @property
    def openings(self) -> list[Opening]:
        """The prices of the ways."""
        return [Opening(way.own, self.indices(way.behind)) for way in self.ways]

    def indices(self, targets: Iterable[Target]) -> tuple[int, ...]:
        """Which of the ways lead to the targets."""
        wanted = set(targets)
        return tuple(index for index, way in enumerate(self.ways) if way.target in wanted) if wanted else ()

    def behind(self, hops: Iterable[Hop]) -> tuple[Way, ...]:
        """The ways that the hops take, and those behind them."""
        taken = {(hop.entry.graph, hop.entry.typename) for hop in hops}
        wanted = taken.union(*(way.behind for way in self.ways if way.target in taken))
        return tuple(way for way in self.ways if way.target in wanted)


def openings_for(stand: Stand) -> Iterator[list[Opening]]:
    """What the ways may cost a need: one that is paid for anyway, by another need, is free to this one."""
    priced, free = stand.openings, Opening(0.0)
    yield priced
    for index in range(len(priced)):
        yield [*priced[:index], free, *priced[index + 1 :]]
    yield [free] * len(priced)
