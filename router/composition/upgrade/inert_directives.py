"""Directives that federation 1 allowed where they have no effect: @key on interfaces, @provides without sub-fields."""

from __future__ import annotations

from router.composition.model.schema import COMPOSITE_KINDS, Field, Schema, Type
from router.composition.model.typeref import base_name
from router.composition.upgrade.editing import edit_fields, edit_types, without
from router.composition.upgrade.surroundings import Surroundings


def remove_inert_directives(schema: Schema, _: Surroundings) -> Schema:
    """The schema without keys, provides and requires on interfaces, and without provides on leaves."""

    def edit_object_field(field: Field) -> Field:
        target = schema.types.get(base_name(field.type))
        return field if target is not None and target.kind in COMPOSITE_KINDS else without(field, "provides")

    def edit(type_: Type) -> Type:
        if type_.kind == "INTERFACE":
            return edit_fields(without(type_, "key"), _without_field_sets)
        return edit_fields(type_, edit_object_field) if type_.kind == "OBJECT" else type_

    return edit_types(schema, edit)


def _without_field_sets(field: Field) -> Field:
    return without(field, "provides", "requires")
