"""INTERFACE_FIELD_NO_IMPLEM: a type that implements an interface anywhere has all fields that the interface has anywhere."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.outcome import Place
from router.composition.model.report import Report
from router.composition.model.schema import Field, Schema, Type
from router.composition.model.subgraph import Subgraph


def check(supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Report missing fields of implementations."""
    for type_ in supergraph.types.values():
        for interface in type_.interfaces:
            for field in supergraph.types[interface].fields.values():
                if field.name not in type_.fields:
                    _report(type_, field, subgraphs, report)


def _report(type_: Type, field: Field, subgraphs: Sequence[Subgraph], report: Report) -> None:
    declaring = [s for s in subgraphs if s.schema.find_field(field.parent, field.name) is not None]
    implementing = [s for s in subgraphs if field.parent in getattr(s.type(type_.name), "interfaces", ())]
    report.error(
        Code.INTERFACE_FIELD_NO_IMPLEM,
        f'Interface field "{field.coordinate}" is declared in {wording.subgraphs(s.name for s in declaring)}, but type'
        f' "{type_.name}", which implements "{field.parent}" in {wording.subgraphs(s.name for s in implementing)},'
        f' has no field "{field.name}" in any subgraph: add it there, or take it off the interface.',
        coordinates=[field.coordinate, type_.name],
        places=[*_places(declaring, field), *(_place(s, type_.name) for s in implementing)],
    )


def _places(subgraphs: Sequence[Subgraph], field: Field) -> list[Place | None]:
    fields = (subgraph.schema.find_field(field.parent, field.name) for subgraph in subgraphs)
    return [found.place for found in fields if found is not None]


def _place(subgraph: Subgraph, type_name: str) -> Place | None:
    found = subgraph.type(type_name)
    return found.place if found is not None else None
