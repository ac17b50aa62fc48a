"""Extensions: federation 1 wants one definition among all subgraphs, federation 2 makes nothing of the difference."""

from __future__ import annotations

from dataclasses import replace

from router.composition.model.schema import ROOT_TYPES, Field, Schema, Type
from router.composition.model.subgraph import Subgraph
from router.composition.rules import extension_with_no_base
from router.composition.upgrade.editing import edit_fields, edit_types
from router.composition.upgrade.surroundings import Surroundings


def is_extension(type_: Type) -> bool:
    """Whether a subgraph only adds to the type: by `extend type` without a `type`, or by @extends."""
    return type_.kind in ("OBJECT", "INTERFACE") and (not type_.defined or type_.has("extends"))


def check_bases(subgraph: Subgraph, surroundings: Surroundings) -> None:
    """Report extensions of types that no other subgraph defines."""
    for type_ in subgraph.schema.types.values():
        if type_.name in ROOT_TYPES or not is_extension(type_):
            continue
        if not any(other.element.defined for other in surroundings.others(type_.name)):
            extension_with_no_base.report(type_, surroundings.report, subgraph=subgraph.name)


def turn_extensions_into_definitions(schema: Schema, _: Surroundings) -> Schema:
    """The schema whose extensions are definitions. @extends stays: the supergraph says `extension: true` of its keys."""
    return edit_types(schema, _defined)


def _defined(type_: Type) -> Type:
    if not is_extension(type_):
        return type_
    directives = tuple(replace(applied, declaration=0) for applied in type_.directives)
    return replace(edit_fields(type_, _of_definition), directives=directives, defined=True, extended=False)


def _of_definition(field: Field) -> Field:
    return replace(field, declaration=0) if field.declaration else field
