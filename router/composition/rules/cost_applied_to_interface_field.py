"""COST_APPLIED_TO_INTERFACE_FIELD: what an interface field costs depends on the implementation."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph


def check(subgraph: Subgraph, report: Report) -> None:
    """Report @cost on interface fields."""
    for type_ in subgraph.schema.types.values():
        for field in type_.fields.values() if type_.kind == "INTERFACE" else ():
            for directive in field.applied("cost"):
                report.error(
                    Code.COST_APPLIED_TO_INTERFACE_FIELD,
                    f'[{subgraph.name}] @cost cannot stand on the interface field "{field.coordinate}":'
                    " apply it to the implementations.",
                    coordinates=[field.coordinate],
                    places=[directive.place],
                )
