"""What a step of the upgrade knows besides the schema that it works on: the subgraph as it was, and all others as they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from router.composition.model.merging import Source
from router.composition.model.report import Report
from router.composition.model.schema import Type
from router.composition.model.subgraph import Subgraph

_WITH_FIELDS = ("OBJECT", "INTERFACE")
Versions: TypeAlias = Mapping[str, Sequence[Source[Type]]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`versions` are, by name, the object and interface types of every subgraph before any was upgraded."""

    subgraph: Subgraph
    versions: Versions
    report: Report

    def others(self, type_name: str) -> list[Source[Type]]:
        """How the other subgraphs have a type."""
        return [source for source in self.versions.get(type_name, ()) if source.subgraph.name != self.subgraph.name]


def find_versions(subgraphs: Sequence[Subgraph]) -> Versions:
    """Index the types of all subgraphs by name."""
    found: dict[str, list[Source[Type]]] = {}
    for subgraph in subgraphs:
        for type_ in subgraph.schema.types.values():
            if type_.kind in _WITH_FIELDS:
                found.setdefault(type_.name, []).append(Source(subgraph, type_))
    return found
