"""EXTERNAL_UNUSED: an external field is there for a key, a requires, a provides or an interface, or it is dead."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph


def check(subgraph: Subgraph, report: Report) -> None:
    """Report external fields of objects and interfaces that nothing uses."""
    for type_ in subgraph.schema.types.values():
        for field in type_.fields.values():
            if field.coordinate in subgraph.facts.external and field.coordinate not in subgraph.facts.used:
                report.error(
                    Code.EXTERNAL_UNUSED,
                    f'[{subgraph.name}] Field "{field.coordinate}" is marked @external, but no @key, @requires, @provides'
                    " or interface uses it: remove the field, or its @external.",
                    coordinates=[field.coordinate],
                    places=[field.place],
                )
