"""Satisfiability: every operation that the API allows can be answered by the subgraphs, on whatever path it gets there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from router.composition.advice import inconsistent_runtime_types_for_shareable_return
from router.composition.model.obstacles import SplitMutation
from router.composition.model.outcome import Place
from router.composition.model.report import Report
from router.composition.model.schema import Schema
from router.composition.model.subgraph import Subgraph
from router.composition.rules import (
    max_validation_subgraph_paths_exceeded,
    satisfiability_error,
    shareable_has_mismatched_runtime_types,
)
from router.composition.satisfiability.api import Api
from router.composition.satisfiability.explain import explain
from router.composition.satisfiability.explore import Explorer, TooManyPaths
from router.composition.satisfiability.model import joined_of
from router.composition.satisfiability.states import Findings
from router.graph import Graph, Reach
from router.limits import SATISFIABILITY_PATHS_MAX, UNSATISFIABLE_FIELDS_SHOWN_MAX


def check_satisfiability(supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Follow every path that clients can write through the subgraphs, and report each step that leads nowhere."""
    joined = joined_of(supergraph, subgraphs)
    reach = Reach(Graph(joined))
    try:
        found = Explorer(Api(supergraph, joined), reach).explore()
    except TooManyPaths:
        max_validation_subgraph_paths_exceeded.report(SATISFIABILITY_PATHS_MAX, report)
        return
    places = _Places(subgraphs)
    _report_dead_ends(found, reach, places, report)
    for coordinate, types in found.disjoint.items():
        shareable_has_mismatched_runtime_types.report(coordinate, types, places.of(coordinate), report)
    for coordinate, types in found.uneven.items():
        inconsistent_runtime_types_for_shareable_return.hint(coordinate, types, report)


def _report_dead_ends(found: Findings, reach: Reach, places: _Places, report: Report) -> None:
    dead_ends = list(found.dead_ends.values())
    for dead_end in dead_ends[:UNSATISFIABLE_FIELDS_SHOWN_MAX]:
        satisfiability_error.report(explain(dead_end, reach), places.of(dead_end.coordinate), report)
    satisfiability_error.report_rest([end.coordinate for end in dead_ends[UNSATISFIABLE_FIELDS_SHOWN_MAX:]], report)
    for split in found.split:
        explained = {name: tuple(explain(end, reach) for end in ends) for name, ends in split.dead_ends.items()}
        mutation = SplitMutation(split.coordinate, explained)
        satisfiability_error.report_mutation(mutation, places.of(split.coordinate), report)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where types and fields stand in the subgraphs that have them."""

    subgraphs: Sequence[Subgraph]

    def of(self, coordinate: str) -> list[Place | None]:
        type_name, _, field_name = coordinate.partition(".")
        types = [found for subgraph in self.subgraphs if (found := subgraph.type(type_name)) is not None]
        if not field_name:
            return [type_.place for type_ in types]
        return [type_.fields[field_name].place for type_ in types if field_name in type_.fields]
