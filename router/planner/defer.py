"""Plans deferred parts: the primary one first, as if there were no others, then each part by fetches of its own.

A part enters the objects it speaks of by their keys, their own subgraph like any other, so that the fetches before it bring nothing
but keys for it. Where objects cannot be entered, their deferred fields come with what is around them, and are still delivered apart.
Source: the semantics of Apollo's query planner for @defer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from router.errors import Unplannable
from router.graph import TYPENAME, Graph, Need, Node
from router.operation.model import Operation
from router.planner.apart import Later, apart, dissolved, parts_of
from router.planner.cover import Cover
from router.planner.fetches import Builder
from router.planner.sites import Part, Presence, Site, sites_of
from router.planner.walk import START, Walk
from router.planner.wanted import Wanted, wanted_of
from router.supergraph.model import Supergraph

Start: TypeAlias = Callable[[Builder, Site, tuple[Need, ...]], None]
"""Begins an operation at its root."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The sites of an operation, what is fetched of them, and its deferred parts."""

    root: Site
    builder: Builder
    parts: tuple[tuple[Later, Part], ...] = ()


@dataclass(frozen=True, slots=True)
class Layouter:
    """Lays an operation out. `wanted` is what the client sees, its deferred parts apart."""

    operation: Operation
    supergraph: Supergraph
    graph: Graph
    start: Start

    def at_once(self, wanted: Wanted) -> Layout:
        """An operation in which nothing is deferred."""
        return self._begun(wanted, wanted)

    def in_parts(self, wanted: Wanted) -> Layout:
        """An operation with deferred fragments. Each try finds more that cannot be fetched by themselves, or is the last."""
        whole = wanted_of(dissolved(self.operation), self.supergraph.api)
        around: frozenset[int] = frozenset()
        while True:
            fetched = apart(wanted_of(dissolved(self.operation, around), self.supergraph.api), whole)
            begun = self._begun(whole, fetched)
            parts = _Parts(begun.builder, list(parts_of(fetched, begun.root)))
            for later in parts_of(wanted, begun.root):
                parts.add(later)
            if not parts.refused:
                return Layout(begun.root, begun.builder, tuple(parts.made))
            around |= parts.refused

    def _begun(self, whole: Wanted, fetched: Wanted) -> Layout:
        root = sites_of(whole, self.operation.root, self.graph)
        reserved = frozenset(definition.variable.name.value for definition in self.operation.variables)
        builder = Builder(self.graph, Walk(self.graph), reserved)
        self.start(builder, root, fetched.needs)
        return Layout(root, builder)


@dataclass(slots=True)
class _Parts:
    """The parts of one try, and the numbers of fragments that could not be served by fetches of their own."""

    builder: Builder
    fetched: list[Later]
    made: list[tuple[Later, Part]] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    _known: dict[tuple[int, int], Part] = field(default_factory=dict)

    def add(self, later: Later) -> None:
        if later.key not in self._known:
            self._known[later.key] = part = Part(1 + len(self._known), self._around(later))
            self._look_from(part)
            needs = [need for each in self.fetched if each.key == later.key for need in each.postponed.wanted.needs]
            if not _serve(self.builder, later.site, tuple(needs)):
                self.refused.update((later.postponed.number, *later.through))
        self.made.append((later, self._known[later.key]))

    def _around(self, later: Later) -> Part:
        if later.within is not None:
            return self._known[later.within.key]
        return next(part for part in self.builder.part.around() if part.within is None)

    def _look_from(self, part: Part) -> None:
        around = list(part.around())
        for known in self._known.values():
            known.is_visible = known in around
        self.builder.part = part


def _serve(builder: Builder, site: Site, needs: tuple[Need, ...]) -> bool:
    """Fetch what a part needs of the objects at a site. False where it cannot be had without those around it."""
    if any(need.name == TYPENAME for need in needs) and not _is_named(builder, site):
        return False
    needs = tuple(need for need in needs if need.name != TYPENAME)
    if not needs:
        return True
    try:
        if not site.path:
            cover = builder.walk.cover(Node(START, site.type), needs)
            builder.start(cover, site)
            return not cover.rest
        ways = [_ways_out(builder, site, needs, type_) for type_ in sorted(site.types)]
        for found in ways:
            for cover, presence in found:
                builder.leave(cover, presence)
    except Unplannable:
        return False
    return True


def _is_named(builder: Builder, site: Site) -> bool:
    """Whether somebody tells the types of all objects at a site."""
    standing = list(site.visible())
    named = [at for at in standing if not builder.graph.is_interface_object(at.node)]
    return all(any(at.scope.covers(presence.scope) for at in named) for presence in standing)


def _ways_out(builder: Builder, site: Site, needs: Sequence[Need], type_: str) -> list[tuple[Cover, Presence]]:
    """How the part is entered from the fetches that bring objects of a type: once for all objects of each scope."""
    wanted = tuple(builder.walk.restricted(need, type_) for need in needs if type_ in need.types)
    standing = sorted((p for p in site.visible() if type_ in p.types), key=lambda presence: presence.group.stage)
    found: list[tuple[Cover, Presence]] = []
    for presence in standing if wanted else ():
        if not any(at.scope.covers(presence.scope) for _, at in found):
            found.append(_way_out(builder, site, wanted, presence, type_))
    return found


def _way_out(
    builder: Builder, site: Site, wanted: tuple[Need, ...], presence: Presence, type_: str
) -> tuple[Cover, Presence]:
    offers = list(_offers(builder, site, wanted, presence, type_))
    if not offers:
        raise Unplannable("Objects that are deferred cannot be entered by themselves.")
    return min(offers, key=lambda offer: offer[0].cost)


def _offers(
    builder: Builder, site: Site, wanted: tuple[Need, ...], presence: Presence, type_: str
) -> Iterator[tuple[Cover, Presence]]:
    for at in site.present(type_, presence.scope):
        if not builder.graph.is_interface_object(at.node):
            narrowed = builder.narrowed(at, type_)
            cover = builder.walk.leaving(builder.stand(narrowed), wanted)
            if not cover.rest:
                yield cover, narrowed
