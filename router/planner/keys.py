"""Physical keys: under which name a field stands in the merged tree.

A client field keeps its response key and a field the plan needs keeps its name, unless that would put two different fields of one
object, or two shapes that one subgraph operation cannot hold, under one key. Then the later one gets a hidden alias. A denied field
always has one, which nothing that is fetched ever has: not even a subgraph that answers more than it was asked can fill it.
Source: GraphQL specification 5.3.2 "Field Selection Merging".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from router.graph import TYPENAME, Graph, Need
from router.supergraph.model import Field, SubgraphField


@dataclass(frozen=True, slots=True)
class Occupant:
    """A field that holds a key for objects of `types`, at the site that is the object `site`."""

    site: object
    types: frozenset[str]
    name: str
    arguments: str
    denied: bool


@dataclass(slots=True, eq=False)
class Slot:
    """All sites at one path of keys, whatever types guard the way: their fields meet in one selection set."""

    graph: Graph
    occupants: dict[str, list[Occupant]] = field(default_factory=dict)
    below: dict[str, Slot] = field(default_factory=dict)

    def child(self, key: str) -> Slot:
        """The slot below a key."""
        return self.below.setdefault(key, Slot(self.graph))

    def occupy(self, site: object, need: Need, *, denied: bool = False) -> str:
        """Find a key for a need at a site, and hold it."""
        newcomer = Occupant(site, need.types, need.name, need.arguments_text, denied)
        key = next(key for key in self._candidates(need, denied=denied) if self._fits(key, newcomer))
        self.occupants.setdefault(key, []).append(newcomer)
        return key

    def alike(self, need: Need) -> list[frozenset[str]]:
        """The types of a need in groups whose fields may share a key in every subgraph."""
        if len(need.types) == 1 or not self._vary(need):
            return [need.types]
        groups: list[list[str]] = []
        for type_ in sorted(need.types):
            fits = (
                group for group in groups if all(self._same_in_subgraphs(type_, other, need.name) for other in group)
            )
            group = next(fits, None)
            groups.append([type_]) if group is None else group.append(type_)
        return [frozenset(group) for group in groups]

    def _vary(self, need: Need) -> bool:
        """Whether a subgraph gives the field different shapes on different types: seldom, and soon seen."""
        shapes: dict[str, str] = {}
        for type_ in need.types:
            for graph, resolved in self.graph.type(type_).fields[need.name].by_subgraph.items():
                shape = self._shape(resolved)
                if shapes.setdefault(graph, shape) != shape:
                    return True
        return False

    def _same_in_subgraphs(self, one: str, other: str, name: str) -> bool:
        mine, its = (self.graph.type(type_).fields[name].by_subgraph for type_ in (one, other))
        return all(self._shape(mine[graph]) == self._shape(its[graph]) for graph in mine.keys() & its.keys())

    def _candidates(self, need: Need, *, denied: bool) -> Iterator[str]:
        wished = need.key or need.name
        # Arguments that the client did not write would only collide with those that it did.
        if wished != TYPENAME and (need.key or not need.arguments) and not denied:
            yield wished
        number = 0
        while True:
            yield f"_q{number}"
            number += 1

    def _fits(self, key: str, newcomer: Occupant) -> bool:
        return all(self._agree(newcomer, other) for other in self.occupants.get(key, ()))

    def _agree(self, one: Occupant, other: Occupant) -> bool:
        if one.site is other.site and one.types & other.types:
            return False
        if one.denied or other.denied:
            return one.denied and other.denied
        return all(
            self._same_shape((mine, one.name), (its, other.name))
            for mine in sorted(one.types)
            for its in sorted(other.types)
        )

    def _same_shape(self, one: tuple[str, str], other: tuple[str, str]) -> bool:
        """Whether two fields may share a key in one operation of any subgraph that has both."""
        if one == other:
            return True
        mine = self.graph.type(one[0]).fields[one[1]]
        its = self.graph.type(other[0]).fields[other[1]]
        shared = sorted(mine.by_subgraph.keys() & its.by_subgraph.keys())
        pairs = [(mine.by_subgraph[graph], its.by_subgraph[graph]) for graph in shared]
        same = (self._shape(a) == self._shape(b) for a, b in pairs)
        return self._shape(mine) == self._shape(its) and all(same)

    def _shape(self, field_: Field | SubgraphField) -> str:
        """Lists and nullability, and the name where there is nothing below to be compared on its own."""
        target = field_.target
        return field_.type if self.graph.supergraph.is_leaf(target) else field_.type.replace(target, "{}")
