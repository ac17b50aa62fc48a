"""COST_APPLIED_TO_INTERFACE_FIELD: what an interface field costs depends on the implementation."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import Field, Schema
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


def check_merged(supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Report @cost that comes to an interface field from an interface object, where another subgraph has the field too."""
    for type_ in supergraph.types.values():
        for field in type_.fields.values() if type_.kind == "INTERFACE" else ():
            owners = [s for s in subgraphs if _has_interface_field(s, field)] if field.has("cost") else []
            if owners:
                report.error(
                    Code.COST_APPLIED_TO_INTERFACE_FIELD,
                    f'@cost comes to the interface field "{field.coordinate}" from an interface object, but the field is one'
                    f" of the interface in {wording.subgraphs(s.name for s in owners)} too, where it is resolved by the"
                    " implementations: apply it to those.",
                    subgraphs=[s.name for s in subgraphs if s.schema.find(field.coordinate) is not None],
                    coordinates=[field.coordinate],
                    places=[s.place(field.coordinate) for s in subgraphs],
                )


def _has_interface_field(subgraph: Subgraph, field: Field) -> bool:
    type_ = subgraph.type(field.parent)
    return type_ is not None and type_.kind == "INTERFACE" and field.name in type_.fields
