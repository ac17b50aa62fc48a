"""Merging: from valid subgraphs to one schema with join directives, kind by kind, every conflict reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from router.composition.codes import Code
from router.composition.merge.auth import find_auth_sources
from router.composition.merge.definitions import merge_definitions
from router.composition.merge.descriptions import choose_description
from router.composition.merge.enums import merge_enum
from router.composition.merge.inputs import merge_input
from router.composition.merge.interface_objects import add_interface_object_fields
from router.composition.merge.interfaces import merge_interface
from router.composition.merge.objects import merge_object
from router.composition.merge.outline import draw_outline
from router.composition.merge.scalars import merge_scalar
from router.composition.merge.unions import merge_union
from router.composition.model.merging import Merging, Source
from router.composition.model.schema import Applied, Schema, Type, TypeKind
from router.composition.model.subgraph import Subgraph
from router.composition.report import Report

# Enums come last: how the rest uses them decides how they merge.
_MERGE_BY_KIND: dict[TypeKind, Callable[[Type, Sequence[Source[Type]], Merging], Type | None]] = {
    "UNION": merge_union,
    "SCALAR": merge_scalar,
    "INPUT_OBJECT": merge_input,
    "INTERFACE": merge_interface,
    "OBJECT": merge_object,
}


def merge(subgraphs: tuple[Subgraph, ...], report: Report) -> Schema:
    """The supergraph's schema. It is of use only where the report has no error."""
    outline = draw_outline(subgraphs, report)
    merging = Merging(subgraphs, outline, report, find_auth_sources(subgraphs, outline))
    types: dict[str, Type] = {}
    for kind, merge_one in _MERGE_BY_KIND.items():
        types |= _merge_kind(kind, merge_one, merging)
    definitions = merge_definitions(merging)
    types |= _merge_kind("ENUM", merge_enum, merging)
    if "Query" not in types:
        report.error(
            Code.NO_QUERIES, "No subgraph has a query: a supergraph needs at least one field on the type Query."
        )
    types = add_interface_object_fields(types, merging)
    return Schema(types, definitions, _description(merging), _directives(subgraphs))


def _merge_kind(
    kind: TypeKind,
    merge_one: Callable[[Type, Sequence[Source[Type]], Merging], Type | None],
    merging: Merging,
) -> dict[str, Type]:
    outlined = (type_ for type_ in merging.outline.types.values() if type_.kind == kind)
    merged = (merge_one(type_, merging.type_sources(type_), merging) for type_ in outlined)
    return {type_.name: type_ for type_ in merged if type_ is not None}


def _description(merging: Merging) -> str | None:
    given = [(s.name, s.schema.description) for s in merging.subgraphs if s.schema.description is not None]
    return choose_description(given, merging, coordinate="schema", subgraphs=[name for name, _ in given])


def _directives(subgraphs: Sequence[Subgraph]) -> tuple[Applied, ...]:
    """Tags of the schema itself."""
    tags = [d for subgraph in subgraphs for d in subgraph.schema.directives if d.name == "tag"]
    return tuple({tag.key: tag for tag in tags}.values())
