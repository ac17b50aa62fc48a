"""@external on the key fields of an extension: federation 1 demanded it there, though the extension does answer its own key.

An extension without a key goes by the first key of each other subgraph that has one.
"""

from __future__ import annotations

from collections.abc import Iterator

from router.composition.model.fieldset import FieldSetError, parse_field_set
from router.composition.model.schema import Field, Schema, Type
from router.composition.model.selected import select
from router.composition.upgrade.editing import edit_fields, edit_types, without
from router.composition.upgrade.extensions import is_extension
from router.composition.upgrade.surroundings import Surroundings


def remove_externals_from_extension_keys(schema: Schema, surroundings: Surroundings) -> Schema:
    """The schema whose extensions declare their key fields as their own."""

    def edit(type_: Type) -> Type:
        if not is_extension(type_):
            return type_
        key_fields = set(_key_fields(type_, schema, surroundings))
        return edit_fields(type_, lambda field: _resolved_here(field) if field.name in key_fields else field)

    return edit_types(schema, edit)


def _resolved_here(field: Field) -> Field:
    return without(field, "external")


def _key_fields(type_: Type, schema: Schema, surroundings: Surroundings) -> Iterator[str]:
    own = type_.applied("key")
    for key in own:
        yield from _fields_of(schema, type_.name, key.string("fields"))
    if own:
        return
    for other in surroundings.others(type_.name):
        for key in other.element.applied("key")[:1]:
            yield from _fields_of(other.subgraph.schema, type_.name, key.string("fields"))


def _fields_of(schema: Schema, type_name: str, text: str | None) -> Iterator[str]:
    """The fields of the type itself that a set names; a set that does not parse is another rule's to report."""
    try:
        selections = parse_field_set(text or "")
    except FieldSetError:
        return
    for selected in select(schema, type_name, selections):
        if selected.parent == type_name and selected.field is not None:
            yield selected.field.name
