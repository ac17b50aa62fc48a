"""Changes of what clients send: arguments of fields and directives, and fields of input objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLType,
    is_required_argument,
    is_required_input_field,
    print_ast,
)
from graphql.utilities.get_default_value_ast import get_default_value_ast
from graphql.utilities.sort_value_node import sort_value_node

from router.changes.change import Change, change
from router.changes.kinds import Kind
from router.changes.words import deprecation_changes, description_changes, was_deprecated

Input: TypeAlias = GraphQLArgument | GraphQLInputField


@dataclass(frozen=True, slots=True)
class _Kinds:
    removed: Kind
    required_added: Kind
    optional_added: Kind
    became_required: Kind
    type_changed: Kind
    type_widened: Kind
    default_changed: Kind


_ARGUMENTS = _Kinds(
    Kind.ARGUMENT_REMOVED,
    Kind.REQUIRED_ARGUMENT_ADDED,
    Kind.OPTIONAL_ARGUMENT_ADDED,
    Kind.ARGUMENT_BECAME_REQUIRED,
    Kind.ARGUMENT_TYPE_CHANGED,
    Kind.ARGUMENT_TYPE_WIDENED,
    Kind.ARGUMENT_DEFAULT_CHANGED,
)
_INPUT_FIELDS = _Kinds(
    Kind.INPUT_FIELD_REMOVED,
    Kind.REQUIRED_INPUT_FIELD_ADDED,
    Kind.OPTIONAL_INPUT_FIELD_ADDED,
    Kind.INPUT_FIELD_BECAME_REQUIRED,
    Kind.INPUT_FIELD_TYPE_CHANGED,
    Kind.INPUT_FIELD_TYPE_WIDENED,
    Kind.INPUT_FIELD_DEFAULT_CHANGED,
)


def argument_changes(
    old: Mapping[str, GraphQLArgument], new: Mapping[str, GraphQLArgument], owner: str
) -> Iterator[Change]:
    """The arguments of a field or directive. Their absence is noticed by whoever uses the owner."""
    names = {name: f"{owner}({name}:)" for name in {**old, **new}}
    return _changes(old, new, names, owner=owner, kinds=_ARGUMENTS)


def input_field_changes(
    old: Mapping[str, GraphQLInputField], new: Mapping[str, GraphQLInputField], owner: str
) -> Iterator[Change]:
    """The fields of an input object."""
    names = {name: f"{owner}.{name}" for name in {**old, **new}}
    return _changes(old, new, names, owner=owner, kinds=_INPUT_FIELDS)


def _changes(
    old: Mapping[str, Input], new: Mapping[str, Input], coordinates: Mapping[str, str], *, owner: str, kinds: _Kinds
) -> Iterator[Change]:
    for name, coordinate in coordinates.items():
        if name not in new:
            yield change(kinds.removed, coordinate, f"{coordinate} is gone{was_deprecated(old[name])}.")
        elif name not in old:
            yield _added(new[name], coordinate, owner=owner, kinds=kinds)
        else:
            yield from _type_changes(old[name], new[name], coordinate, owner=owner, kinds=kinds)
            yield from _default_changes(old[name], new[name], coordinate, owner=owner, kinds=kinds)
            yield from description_changes(old[name], new[name], coordinate)
            yield from deprecation_changes(old[name], new[name], coordinate)


def _added(new: Input, coordinate: str, *, owner: str, kinds: _Kinds) -> Change:
    if _is_required(new):
        message = f"{coordinate} is new, and must be given: its type is {new.type}."
        return change(kinds.required_added, coordinate, message, concerns=owner)
    return change(kinds.optional_added, coordinate, f"{coordinate} of type {new.type} is new.", concerns=owner)


def _type_changes(old: Input, new: Input, coordinate: str, *, owner: str, kinds: _Kinds) -> Iterator[Change]:
    if str(old.type) == str(new.type):
        return
    kind = kinds.type_widened if takes_all(old.type, new.type) else kinds.type_changed
    noticed_without = [owner] if _is_required(new) and not _is_required(old) else []
    message = f"{coordinate} takes {new.type}; before, {old.type}."
    yield change(kind, coordinate, message, concerns=[coordinate, *noticed_without])


def _default_changes(old: Input, new: Input, coordinate: str, *, owner: str, kinds: _Kinds) -> Iterator[Change]:
    before, after = default_of(old), default_of(new)
    if before == after:
        return
    if _is_required(new) and not _is_required(old):
        message = f"{coordinate} must be given: its default {before} is gone."
        yield change(kinds.became_required, coordinate, message, concerns=owner)
        return
    message = f"The default of {coordinate} is {after or 'none'}; before, {before or 'none'}."
    yield change(kinds.default_changed, coordinate, message, concerns=owner)


def _is_required(given: Input) -> bool:
    return is_required_argument(given) if isinstance(given, GraphQLArgument) else is_required_input_field(given)


def default_of(given: Input) -> str | None:
    """The default as introspection shows it, whatever the order of an object's fields."""
    node = get_default_value_ast(given)
    return print_ast(sort_value_node(node)) if node else None


def takes_all(old: GraphQLType, new: GraphQLType) -> bool:
    """Whether every value and variable of the old type fits the new one."""
    if isinstance(new, GraphQLNonNull):
        return isinstance(old, GraphQLNonNull) and takes_all(old.of_type, new.of_type)
    if isinstance(old, GraphQLNonNull):
        return takes_all(old.of_type, new)
    if isinstance(old, GraphQLList) or isinstance(new, GraphQLList):
        return isinstance(old, GraphQLList) and isinstance(new, GraphQLList) and takes_all(old.of_type, new.of_type)
    return str(old) == str(new)
