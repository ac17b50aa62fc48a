"""The outline of the supergraph: every type with its kind, interfaces and members, before any field is merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from router.composition.model.merging import Source, merged_kind
from router.composition.model.report import Report
from router.composition.model.schema import BUILT_IN_SCALARS, Schema, Type
from router.composition.model.subgraph import Subgraph
from router.composition.rules import interface_object_usage_error, type_kind_mismatch


def find_versions(subgraphs: Sequence[Subgraph]) -> dict[str, list[Source[Type]]]:
    """The subgraphs' versions of every type, by name. Scalars of GraphQL itself need no merging."""
    versions: dict[str, list[Source[Type]]] = {}
    for subgraph in subgraphs:
        for name, type_ in subgraph.schema.types.items():
            if name not in BUILT_IN_SCALARS:
                versions.setdefault(name, []).append(Source(subgraph, type_))
    return versions


def draw_outline(versions: Mapping[str, Sequence[Source[Type]]], report: Report) -> Schema:
    """Union the types of all subgraphs; a type of different kinds is reported and takes the first."""
    return Schema({name: _draw_type(name, found, report) for name, found in versions.items()})


def _draw_type(name: str, versions: Sequence[Source[Type]], report: Report) -> Type:
    kind = merged_kind(versions[0].element)
    same = [version.element for version in versions if merged_kind(version.element) == kind]
    if len(same) < len(versions):
        type_kind_mismatch.report(versions, report, name=name)
    elif all(type_.has("interfaceObject") for type_ in same):
        interface_object_usage_error.report_no_interface(versions, report)
    return Type(
        name=name,
        coordinate=name,
        kind=kind,
        interfaces=tuple(dict.fromkeys(interface for type_ in same for interface in type_.interfaces)),
        members=tuple(dict.fromkeys(member for type_ in same for member in type_.members)),
    )
