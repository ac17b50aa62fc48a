"""Changes of what clients are answered: the fields of objects and interfaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    GraphQLUnionType,
)

from router.changes.change import Change, change
from router.changes.inputs import argument_changes
from router.changes.kinds import Kind
from router.changes.words import deprecation_changes, description_changes, was_deprecated


def field_changes(
    old: Mapping[str, GraphQLField], new: Mapping[str, GraphQLField], owner: str, schema: GraphQLSchema
) -> Iterator[Change]:
    """The fields of an object or interface; `schema` is the new one."""
    for name in {**old, **new}:
        coordinate = f"{owner}.{name}"
        if name not in new:
            yield change(Kind.FIELD_REMOVED, coordinate, f"{coordinate} is gone{was_deprecated(old[name])}.")
        elif name not in old:
            yield change(Kind.FIELD_ADDED, coordinate, f"{coordinate} of type {new[name].type} is new.")
        else:
            yield from _type_changes(old[name], new[name], coordinate, schema)
            yield from argument_changes(old[name].args, new[name].args, coordinate)
            yield from description_changes(old[name], new[name], coordinate)
            yield from deprecation_changes(old[name], new[name], coordinate)


def _type_changes(old: GraphQLField, new: GraphQLField, coordinate: str, schema: GraphQLSchema) -> Iterator[Change]:
    if str(old.type) != str(new.type):
        kind = Kind.FIELD_TYPE_NARROWED if is_narrower(new.type, old.type, schema) else Kind.FIELD_TYPE_CHANGED
        yield change(kind, coordinate, f"{coordinate} answers {new.type}; before, {old.type}.")


def is_narrower(new: GraphQLType, old: GraphQLType, schema: GraphQLSchema) -> bool:
    """Whether all that the new type answers could be answered before; `schema` says who implements what."""
    if isinstance(old, GraphQLNonNull):
        return isinstance(new, GraphQLNonNull) and is_narrower(new.of_type, old.of_type, schema)
    if isinstance(new, GraphQLNonNull):
        return is_narrower(new.of_type, old, schema)
    if isinstance(old, GraphQLList) or isinstance(new, GraphQLList):
        return (
            isinstance(old, GraphQLList)
            and isinstance(new, GraphQLList)
            and is_narrower(new.of_type, old.of_type, schema)
        )
    if str(old) == str(new):
        return True
    general = schema.get_type(str(old))
    return (
        isinstance(general, GraphQLInterfaceType | GraphQLUnionType)
        and isinstance(new, GraphQLObjectType | GraphQLInterfaceType)
        and schema.is_sub_type(general, new)
    )
