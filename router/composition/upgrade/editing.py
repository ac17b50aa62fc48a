"""Edited copies of schemas: whatever an edit leaves as it is stays the same object, so that idle steps cost little."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from router.composition.model.schema import Element, Field, Schema, Type

E = TypeVar("E", bound=Element)


def edit_types(schema: Schema, edit: Callable[[Type], Type | None]) -> Schema:
    """The schema with every type edited; None takes a type out."""
    types = {name: edit(type_) for name, type_ in schema.types.items()}
    if all(types[name] is type_ for name, type_ in schema.types.items()):
        return schema
    return replace(schema, types={name: type_ for name, type_ in types.items() if type_ is not None})


def edit_fields(type_: Type, edit: Callable[[Field], Field | None]) -> Type:
    """The type with every field edited; None takes a field out."""
    fields = {name: edit(field) for name, field in type_.fields.items()}
    if all(fields[name] is field for name, field in type_.fields.items()):
        return type_
    return replace(type_, fields={name: field for name, field in fields.items() if field is not None})


def without(element: E, *directives: str) -> E:
    """The element without the applications of some directives."""
    kept = tuple(applied for applied in element.directives if applied.name not in directives)
    return element if len(kept) == len(element.directives) else replace(element, directives=kept)
