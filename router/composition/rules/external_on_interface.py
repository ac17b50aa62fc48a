"""EXTERNAL_ON_INTERFACE: nobody resolves an interface field, so nobody can do it elsewhere."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph


def check(subgraph: Subgraph, report: Report) -> None:
    """Report interface fields marked external."""
    for type_ in subgraph.schema.types.values():
        if type_.kind != "INTERFACE":
            continue
        for field in type_.fields.values():
            if field.coordinate in subgraph.facts.external:
                report.error(
                    Code.EXTERNAL_ON_INTERFACE,
                    f'[{subgraph.name}] Interface field "{field.coordinate}" cannot be @external:'
                    " mark the fields of its implementations instead.",
                    coordinates=[field.coordinate],
                    places=[field.place],
                )
