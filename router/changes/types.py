"""Changes of the named types of a schema, each compared with the one of its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_introspection_type,
    is_specified_scalar_type,
)

from router.changes.change import Change, change
from router.changes.inputs import input_field_changes
from router.changes.kinds import Kind
from router.changes.outputs import field_changes
from router.changes.words import deprecation_changes, description_changes, was_deprecated

Composite: TypeAlias = GraphQLObjectType | GraphQLInterfaceType

_KINDS = {
    GraphQLScalarType: "a scalar",
    GraphQLObjectType: "an object",
    GraphQLInterfaceType: "an interface",
    GraphQLUnionType: "a union",
    GraphQLEnumType: "an enum",
    GraphQLInputObjectType: "an input object",
}


def type_changes(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[Change]:
    """Everything about the types; the built-in ones are everybody's and never change."""
    before, after = _own_types(old), _own_types(new)
    answered = _answered(new)
    for name in {**before, **after}:
        if name not in after:
            yield change(Kind.TYPE_REMOVED, name, f"The type {name} is gone.")
        elif name not in before:
            yield change(Kind.TYPE_ADDED, name, f"The type {name}, {_KINDS[type(after[name])]}, is new.")
        else:
            yield from description_changes(before[name], after[name], name)
            yield from _changes(before[name], after[name], new, answered=name in answered)


def root_changes(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[Change]:
    """Which types queries, mutations and subscriptions begin at."""
    for operation in ("query", "mutation", "subscription"):
        before, after = (getattr(schema, f"{operation}_type") for schema in (old, new))
        if before is not None and (after is None or after.name != before.name):
            now = f"at {after.name}" if after else "nowhere"
            message = f"A {operation} begins {now}; before, at {before.name}."
            yield change(Kind.ROOT_TYPE_CHANGED, before.name, message)


def _own_types(schema: GraphQLSchema) -> dict[str, GraphQLNamedType]:
    return {
        name: type_
        for name, type_ in schema.type_map.items()
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_)
    }


def _answered(schema: GraphQLSchema) -> frozenset[str]:
    """The types that some field answers."""
    fields = (
        field
        for type_ in schema.type_map.values()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
        for field in type_.fields.values()
    )
    return frozenset(get_named_type(field.type).name for field in fields)


def _changes(
    old: GraphQLNamedType, new: GraphQLNamedType, schema: GraphQLSchema, *, answered: bool
) -> Iterator[Change]:
    match old, new:
        case GraphQLObjectType(), GraphQLObjectType():
            yield from _composite_changes(old, new, schema)
        case GraphQLInterfaceType(), GraphQLInterfaceType():
            yield from _composite_changes(old, new, schema)
        case GraphQLInputObjectType(), GraphQLInputObjectType():
            yield from input_field_changes(old.fields, new.fields, old.name)
            yield from _one_of_changes(old, new)
        case GraphQLUnionType(), GraphQLUnionType():
            yield from _member_changes(old, new)
        case GraphQLEnumType(), GraphQLEnumType():
            yield from _value_changes(old, new, answered=answered)
        case GraphQLScalarType(), GraphQLScalarType():
            yield from _specification_changes(old, new)
        case _:
            message = f"{old.name} is {_KINDS[type(new)]}; before, {_KINDS[type(old)]}."
            yield change(Kind.TYPE_KIND_CHANGED, old.name, message)


def _composite_changes(old: Composite, new: Composite, schema: GraphQLSchema) -> Iterator[Change]:
    yield from field_changes(old.fields, new.fields, old.name, schema)
    before, after = ([interface.name for interface in type_.interfaces] for type_ in (old, new))
    for name in before:
        if name not in after:
            message = f"{old.name} no longer implements {name}."
            yield change(Kind.INTERFACE_REMOVED, old.name, message, concerns=name)
    for name in after:
        if name not in before:
            yield change(Kind.INTERFACE_ADDED, old.name, f"{old.name} now implements {name}.", concerns=name)


def _one_of_changes(old: GraphQLInputObjectType, new: GraphQLInputObjectType) -> Iterator[Change]:
    if new.is_one_of and not old.is_one_of:
        yield change(Kind.ONE_OF_ADDED, old.name, f"{old.name} wants exactly one of its fields (@oneOf).")
    elif old.is_one_of and not new.is_one_of:
        yield change(Kind.ONE_OF_REMOVED, old.name, f"{old.name} takes any number of its fields (no longer @oneOf).")


def _member_changes(old: GraphQLUnionType, new: GraphQLUnionType) -> Iterator[Change]:
    before, after = ([member.name for member in union.types] for union in (old, new))
    for name in before:
        if name not in after:
            yield change(Kind.UNION_MEMBER_REMOVED, old.name, f"{name} is no longer a member of {old.name}.")
    for name in after:
        if name not in before:
            yield change(Kind.UNION_MEMBER_ADDED, old.name, f"{name} is a new member of {old.name}.")


def _value_changes(old: GraphQLEnumType, new: GraphQLEnumType, *, answered: bool) -> Iterator[Change]:
    for name in {**old.values, **new.values}:
        coordinate = f"{old.name}.{name}"
        if name not in new.values:
            message = f"{coordinate} is gone{was_deprecated(old.values[name])}."
            yield change(Kind.ENUM_VALUE_REMOVED, coordinate, message)
        elif name not in old.values:
            kind = Kind.ENUM_VALUE_ADDED if answered else Kind.INPUT_ENUM_VALUE_ADDED
            yield change(kind, coordinate, f"{coordinate} is new.", concerns=old.name)
        else:
            yield from description_changes(old.values[name], new.values[name], coordinate)
            yield from deprecation_changes(old.values[name], new.values[name], coordinate)


def _specification_changes(old: GraphQLScalarType, new: GraphQLScalarType) -> Iterator[Change]:
    before, after = old.specified_by_url, new.specified_by_url
    if before != after:
        message = f"{old.name} is specified by {after or 'nothing'}; before, by {before or 'nothing'}."
        yield change(Kind.SPECIFIED_BY_CHANGED, old.name, message)
