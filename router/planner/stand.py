"""Where a search stands, and the ways that lead on from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from router.graph import Entry, Node
from router.planner.assign import Opening
from router.planner.cost import fetch_cost
from router.planner.cover import Cover, Target, Visit
from router.planner.terms import Terms

Inputs: TypeAlias = Mapping[tuple[int, str], Cover | None]
"""By the index of a way and the name of a field behind it: how the field's inputs are had, None where they cannot be had."""


@dataclass(frozen=True, slots=True)
class Way:
    """An entry whose key can be had, what that costs, and the stage of the fetch it opens.

    `own` is the part of the cost that is not that of the fetches `behind` it, by which its key is had.
    """

    entry: Entry
    cost: float
    stage: int
    own: float
    behind: tuple[Visit, ...] = ()

    @property
    def target(self) -> Target:
        return (self.entry.graph, self.entry.typename)

    def price(self, stage: int) -> float:
        """What a fetch costs that goes this way in a stage: with its key alone it is in the way's own, with inputs maybe later."""
        return self.own + fetch_cost(max(stage, self.stage)) - fetch_cost(self.stage)


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """Where a search stands: at an object, in a fetch of `stage`, with these ways to go on.

    Each way is a fetch that can be opened; `later` are further ones, each by the index of its way and a stage: those of fields
    whose `inputs` are not there when the key is. All are counted through, the ways first. Where it `leaves`, its own subgraph is
    a way like any other. Fetches of a subgraph and stage that are `open` are made anyway, for objects of other types.
    """

    node: Node
    terms: Terms
    stage: int
    ways: tuple[Way, ...] = ()
    leaves: bool = False
    inputs: Inputs = field(default_factory=dict)
    later: tuple[tuple[int, int], ...] = ()
    open: frozenset[tuple[str, int]] = frozenset()

    def foreseeing(self, inputs: Inputs) -> Stand:
        """The same with inputs of fields that are looked for, and the fetches that come later than the ways for their sake."""
        visits = [visit for way in self.ways for visit in way.behind]
        for (way, _), cover in inputs.items():
            if cover is not None:
                visits += [*cover.visits, (self.ways[way].target, self.stage + 1 + cover.height)]
        if not visits:
            return self
        numbers = self._numbers()
        known = [(numbers[target], stage) for target, stage in visits if target in numbers]
        later = sorted({(way, stage) for way, stage in known if stage > self.ways[way].stage})
        return replace(self, inputs=inputs, later=tuple(later))

    @property
    def openings(self) -> list[Opening]:
        """The prices of the fetches."""
        return [
            Opening(self._price(self.ways[way], stage), self.indices(self.ways[way].behind))
            for way, stage in self._fetches()
        ]

    def way_of(self, index: int) -> int:
        """The way that a fetch goes."""
        return self._fetches()[index][0]

    def visit(self, index: int) -> Visit:
        """Where a fetch leads, and when."""
        way, stage = self._fetches()[index]
        return (self.ways[way].target, stage)

    def index(self, way: int, stage: int) -> int:
        """The fetch that goes a way no earlier than in a stage."""
        return way if stage <= self.ways[way].stage else len(self.ways) + self.later.index((way, stage))

    def after(self, index: int) -> list[tuple[int, int]]:
        """The fetches that go the same way as one, but later, with their stages."""
        own, own_stage = self._fetches()[index]
        return [(self.index(own, stage), stage) for way, stage in self.later if way == own and stage > own_stage]

    def indices(self, visits: Iterable[Visit]) -> tuple[int, ...]:
        """Which of the fetches these visits are."""
        if not visits:
            return ()
        numbers = self._numbers()
        return tuple(sorted({self.index(numbers[target], stage) for target, stage in visits if target in numbers}))

    def price(self, visits: Iterable[Visit]) -> float:
        """What these visits cost together, without what they share with others."""
        numbers = self._numbers() if visits else {}
        return sum(self.ways[numbers[target]].price(stage) for target, stage in visits if target in numbers)

    def _price(self, way: Way, stage: int) -> float:
        return way.own - fetch_cost(way.stage) if (way.entry.graph, stage) in self.open else way.price(stage)

    def _fetches(self) -> list[tuple[int, int]]:
        return [*((number, way.stage) for number, way in enumerate(self.ways)), *self.later]

    def _numbers(self) -> dict[Target, int]:
        return {way.target: number for number, way in enumerate(self.ways)}


def openings_for(stand: Stand) -> Iterator[list[Opening]]:
    """What the fetches may cost a need: one that is paid for anyway, by another need, is free to this one."""
    priced, free = stand.openings, Opening(0.0)
    yield priced
    for index in range(len(priced)):
        yield [*priced[:index], free, *priced[index + 1 :]]
    yield [free] * len(priced)
