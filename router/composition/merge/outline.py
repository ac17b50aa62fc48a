"""The outline of the supergraph: every type with its kind, interfaces and members, before any field is merged."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.merging import merged_kind
from router.composition.model.schema import Schema, Type
from router.composition.model.subgraph import Subgraph
from router.composition.report import Report

_KIND_NAMES = {
    "SCALAR": "a scalar",
    "OBJECT": "an object type",
    "INTERFACE": "an interface",
    "UNION": "a union",
    "ENUM": "an enum",
    "INPUT_OBJECT": "an input object",
}


def draw_outline(subgraphs: Sequence[Subgraph], report: Report) -> Schema:
    """Union the types of all subgraphs; a type of different kinds is reported and takes the first."""
    types: dict[str, Type] = {}
    for name in dict.fromkeys(name for subgraph in subgraphs for name in subgraph.schema.types):
        versions = [(subgraph, found) for subgraph in subgraphs if (found := subgraph.type(name)) is not None]
        kinds = {merged_kind(found) for _, found in versions}
        if len(kinds) > 1:
            _report_kinds(name, versions, report)
        elif all(found.has("interfaceObject") for _, found in versions):
            _report_no_interface(name, versions, report)
        kind = merged_kind(versions[0][1])
        same = [found for _, found in versions if merged_kind(found) == kind]
        types[name] = Type(
            name=name,
            coordinate=name,
            kind="INTERFACE" if kind == "INTERFACE" else versions[0][1].kind,
            interfaces=tuple(dict.fromkeys(interface for found in same for interface in found.interfaces)),
            members=tuple(dict.fromkeys(member for found in same for member in found.members)),
        )
    return Schema(types)


def _report_kinds(name: str, versions: Sequence[tuple[Subgraph, Type]], report: Report) -> None:
    differences = wording.variants((subgraph.name, _kind_name(found)) for subgraph, found in versions)
    report.error(
        Code.TYPE_KIND_MISMATCH,
        f'Type "{name}" has mismatched kind: it is defined as {differences}.',
        coordinates=[name],
        places=[found.place for _, found in versions],
        subgraphs=[subgraph.name for subgraph, _ in versions],
    )


def _kind_name(type_: Type) -> str:
    return "an interface object" if type_.has("interfaceObject") else _KIND_NAMES[type_.kind]


def _report_no_interface(name: str, versions: Sequence[tuple[Subgraph, Type]], report: Report) -> None:
    report.error(
        Code.INTERFACE_OBJECT_USAGE_ERROR,
        f'Type "{name}" is declared with @interfaceObject in every subgraph that has it'
        f" ({wording.subgraphs(subgraph.name for subgraph, _ in versions)}): one of them must define the interface.",
        coordinates=[name],
        places=[found.place for _, found in versions],
    )
