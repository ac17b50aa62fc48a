"""@external where federation 1 never looked at it: on object types, and on the fields of interfaces."""

from __future__ import annotations

from router.composition.model.schema import Field, Schema, Type
from router.composition.upgrade.editing import edit_fields, edit_types, without
from router.composition.upgrade.surroundings import Surroundings


def remove_externals_from_types(schema: Schema) -> Schema:
    """The schema without @external on object types."""
    return edit_types(schema, lambda type_: without(type_, "external"))


def remove_externals_from_interfaces(schema: Schema, _: Surroundings) -> Schema:
    """The schema without @external on interface fields: nobody resolves those."""
    return edit_types(schema, _edit_interface)


def _edit_interface(type_: Type) -> Type:
    return edit_fields(type_, _resolved_here) if type_.kind == "INTERFACE" else type_


def _resolved_here(field: Field) -> Field:
    return without(field, "external")
