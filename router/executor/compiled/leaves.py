"""The types that values are decoded to. Decoding refuses what the generic engine would answer with null and an error.

So these agree with `router.executor.leaves`; some refuse more (an Int written `1.0`, an ID sent as a number), for then the
generic engine takes over and puts it right.
"""

from __future__ import annotations

from math import isfinite
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from graphql import GraphQLEnumType, GraphQLList, GraphQLNonNull, GraphQLOutputType, GraphQLSchema, get_named_type

from router.executor.exact import as_float
from router.executor.leaves import INT_MAX, INT_MIN

Annotation: TypeAlias = Any
"""A type as msgspec reads it."""


class _AnyNumber(type):
    def __instancecheck__(cls, value: object) -> bool:
        return True  # `as_decoded` has looked at it


class Number(metaclass=_AnyNumber):
    """A Float, as an int or as the text it was written as: so it reaches the client, or a subgraph, unchanged."""


def as_decoded(_: Any, value: Any) -> Any:
    """What decoding calls with each Number. Raises ValueError for anything else."""
    if type(value) is int or (type(value) is msgspec.Raw and isfinite(as_float(value))):
        return value
    raise ValueError


_BUILT_IN: dict[str, Annotation] = {
    "Int": Annotated[int, msgspec.Meta(ge=INT_MIN, le=INT_MAX)],
    "Float": Number,
    "String": str,
    "Boolean": bool,
    "ID": str,
}
_UNSEEN: dict[str, Annotation] = {**_BUILT_IN, "Int": int, "Float": Any}
_HASHABLE = frozenset({"Int", "String", "Boolean", "ID"})


def shown_leaf(type_: GraphQLOutputType, api: GraphQLSchema) -> Annotation:
    """A value that the client sees: of an enum, only what the API has."""
    name = get_named_type(type_).name
    declared = api.get_type(name)
    if isinstance(declared, GraphQLEnumType):
        return Literal[tuple(declared.values)]
    return _BUILT_IN.get(name, Any)


def unseen_leaf(type_: GraphQLOutputType | None) -> Annotation:
    """A value for the plan alone, such as a key: any value of an enum, and no range is checked."""
    if type_ is None:
        return str  # __typename
    named = get_named_type(type_)
    return str if isinstance(named, GraphQLEnumType) else _UNSEEN.get(named.name, Any)


def is_hashable(type_: GraphQLOutputType) -> bool:
    """Whether values are leaves that Python tells apart as JSON does. Float is not: 1 and 1.0 are equal."""
    bare = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    return isinstance(bare, GraphQLEnumType) or getattr(bare, "name", None) in _HASHABLE


def wrapped(inner: Annotation, type_: GraphQLOutputType | None, *, exact: bool) -> Annotation:
    """`inner` in the lists of a type. Unless `exact`, null is let through everywhere."""
    if isinstance(type_, GraphQLNonNull):
        found = _bare(inner, type_.of_type, exact=exact)
        return found if exact else _or_null(found)
    return _or_null(_bare(inner, type_, exact=exact))


def _bare(inner: Annotation, type_: GraphQLOutputType | None, *, exact: bool) -> Annotation:
    return list[wrapped(inner, type_.of_type, exact=exact)] if isinstance(type_, GraphQLList) else inner  # type: ignore[misc]  # made here


def _or_null(annotation: Annotation) -> Annotation:
    return Any if annotation is Any else annotation | None


def list_levels(type_: GraphQLOutputType) -> tuple[bool, ...]:
    """For each list level from the outside, whether its elements may be null."""
    levels: list[bool] = []
    while isinstance(type_, GraphQLList | GraphQLNonNull):
        if isinstance(type_, GraphQLList):
            levels.append(not isinstance(type_.of_type, GraphQLNonNull))
        type_ = type_.of_type
    return tuple(levels)
