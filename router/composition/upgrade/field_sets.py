"""Field sets as strings: federation 1 also took `fields: ["id", "code"]` and `fields: id`."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from graphql import EnumValueNode, ListValueNode, StringValueNode, ValueNode

from router.composition.model.schema import Applied, Element, Field, Schema, Type
from router.composition.upgrade.editing import edit_fields, edit_types
from router.composition.upgrade.surroundings import Surroundings

E = TypeVar("E", bound=Element)
_WITH_FIELDS = frozenset({"key", "requires", "provides"})


def write_field_sets_as_strings(schema: Schema, _: Surroundings) -> Schema:
    """Make the fields of every @key, @requires and @provides one string where that is possible."""
    return edit_types(schema, _edit_type)


def _edit_type(type_: Type) -> Type:
    return edit_fields(_edit(type_), _edit_field)


def _edit_field(field: Field) -> Field:
    return _edit(field)


def _edit(element: E) -> E:
    directives = tuple(_written_as_string(applied) for applied in element.directives)
    return element if directives == element.directives else replace(element, directives=directives)


def _written_as_string(applied: Applied) -> Applied:
    fields = applied.arguments.get("fields")
    if applied.name not in _WITH_FIELDS or fields is None or isinstance(fields, StringValueNode):
        return applied
    text = _text(fields)
    if text is None:
        return applied
    return replace(applied, arguments={**applied.arguments, "fields": StringValueNode(value=text)})


def _text(value: ValueNode) -> str | None:
    if isinstance(value, StringValueNode | EnumValueNode):
        return value.value
    if not isinstance(value, ListValueNode):
        return None
    parts = [_text(part) if not isinstance(part, ListValueNode) else None for part in value.values]
    return None if None in parts else " ".join(part for part in parts if part is not None)
