"""Merging: from valid subgraphs to one schema with join directives, kind by kind, every conflict reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from router.composition.advice import implicitly_upgraded_federation_version
from router.composition.merge.abstracting import find_interface_objects
from router.composition.merge.auth import find_auth_sources
from router.composition.merge.definitions import merge_definitions
from router.composition.merge.descriptions import choose_description
from router.composition.merge.directives import merge_directives
from router.composition.merge.enums import merge_enum
from router.composition.merge.inputs import merge_input
from router.composition.merge.interface_objects import add_interface_object_fields
from router.composition.merge.interfaces import merge_interface
from router.composition.merge.objects import merge_object
from router.composition.merge.outline import draw_outline, find_versions
from router.composition.merge.scalars import merge_scalar
from router.composition.merge.unions import merge_union
from router.composition.merge.wrapped_directives import wrap_directives
from router.composition.model.linking import OwnDirectives
from router.composition.model.merging import Merging, Source
from router.composition.model.report import Report
from router.composition.model.schema import Applied, Element, Schema, Type, TypeKind
from router.composition.model.subgraph import Subgraph
from router.composition.rules import no_queries

# Enums come last: how the rest uses them decides how they merge.
_MERGE_BY_KIND: dict[TypeKind, Callable[[Type, Sequence[Source[Type]], Merging], Type | None]] = {
    "UNION": merge_union,
    "SCALAR": merge_scalar,
    "INPUT_OBJECT": merge_input,
    "INTERFACE": merge_interface,
    "OBJECT": merge_object,
}


def merge(subgraphs: tuple[Subgraph, ...], own: OwnDirectives, report: Report) -> Schema:
    """The supergraph's schema, with the `own` directives of the subgraphs. It is of use only where there is no error."""
    for subgraph in subgraphs:
        implicitly_upgraded_federation_version.check(subgraph, report)
    versions = find_versions(subgraphs)
    outline = draw_outline(versions, report)
    merging = Merging(
        subgraphs=subgraphs,
        versions=versions,
        outline=outline,
        report=report,
        auth_sources=find_auth_sources(subgraphs, outline),
        interface_objects=find_interface_objects(subgraphs),
        own=own,
    )
    types: dict[str, Type] = {}
    for kind, merge_one in _MERGE_BY_KIND.items():
        types |= _merge_kind(kind, merge_one, merging)
    definitions = merge_definitions(merging)
    types |= _merge_kind("ENUM", merge_enum, merging)
    if "Query" not in types:
        no_queries.report(report)
    types = add_interface_object_fields(types, merging)
    return Schema(types, definitions, _description(merging), _directives(merging))


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


def _directives(merging: Merging) -> tuple[Applied, ...]:
    """What is said of the schema itself."""
    sources = [
        Source(subgraph, Element(name="schema", coordinate="schema", directives=subgraph.schema.directives))
        for subgraph in merging.subgraphs
    ]
    return (*merge_directives(sources, merging, coordinate="schema"), *wrap_directives(sources))
