"""The nouns of the search: states, the dead ends among their steps, and which states need not be followed again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from router.composition.model.obstacles import RuntimeTypes
from router.composition.satisfiability.trail import Trail
from router.graph import Position

Labels = frozenset[tuple[str, bool]]


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Objects of an API type at the end of a trail, wherever they may stand, under assumptions about override labels."""

    type: str
    positions: frozenset[Position]
    labels: Labels
    trail: Trail

    @property
    def is_root(self) -> bool:
        """Whether nothing has been selected yet."""
        return self.trail.before is None


@dataclass(frozen=True, slots=True, eq=False)
class DeadEnd:
    """A step that no subgraph can take: a field, or to learn that an object is of the type `name`."""

    state: State
    name: str
    trail: Trail
    coordinate: str
    taken_over: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """A mutation field of several subgraphs none of which leads to all that clients can ask of its result."""

    coordinate: str
    dead_ends: Mapping[str, tuple[DeadEnd, ...]]


@dataclass(slots=True)
class Findings:
    """What a search has found, each finding once, by coordinate. `met` counts the dead ends however often they were met."""

    dead_ends: dict[str, DeadEnd] = field(default_factory=dict)
    disjoint: dict[str, RuntimeTypes] = field(default_factory=dict)
    uneven: dict[str, RuntimeTypes] = field(default_factory=dict)
    split: list[Split] = field(default_factory=list)
    met: int = 0

    def add(self, dead_end: DeadEnd) -> None:
        """Note a dead end; the one met first has the shortest trail."""
        self.met += 1
        self.dead_ends.setdefault(dead_end.coordinate, dead_end)


@dataclass(slots=True)
class Visits:
    """The states followed so far. Those of `before` are known, and not added to."""

    before: Visits | None = None
    _through: dict[str, list[State]] = field(default_factory=dict)
    _all: set[tuple[str, frozenset[Position], Labels]] = field(default_factory=set)

    def cover(self, state: State) -> bool:
        """Whether following the state is in vain: it was, or one with fewer ways was and all its steps led on.

        Where a step of the other was a dead end, more ways may lead on, to dead ends behind.
        """
        if (state.type, state.positions, state.labels) in self._all:
            return True
        through = self._through.get(state.type, ())
        if any(other.positions <= state.positions and other.labels <= state.labels for other in through):
            return True
        return self.before is not None and self.before.cover(state)

    def add(self, state: State, *, led_on: bool) -> None:
        self._all.add((state.type, state.positions, state.labels))
        if led_on:
            self._through.setdefault(state.type, []).append(state)
