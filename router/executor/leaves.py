"""Checks enum values and built-in scalars that subgraphs answer. Pure: a value goes in, a value or a refusal comes out.

Source: GraphQL specification, section 3.5 "Scalars", result coercion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from graphql import GraphQLEnumType, GraphQLScalarType
from msgspec import Raw

from router.executor.exact import as_float

INT_MAX = 2**31 - 1
INT_MIN = -(2**31)


class NotRepresentable(Exception):
    """The value is none of the type's."""


def complete_leaf(value: Any, expected: GraphQLScalarType | GraphQLEnumType) -> Any:
    """The value as the client may see it: one of the API's enum values, or of the right JSON kind for a built-in scalar.

    Raises NotRepresentable, for instance for an inaccessible enum value or an Int past 32 bits.
    """
    if isinstance(expected, GraphQLEnumType):
        if isinstance(value, str) and value in expected.values:
            return value
        raise NotRepresentable
    return _BUILT_IN[expected.name](value)


def _int(value: Any) -> int:
    if isinstance(value, Raw):
        value = as_float(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and INT_MIN <= value <= INT_MAX:
        return value
    raise NotRepresentable


def _float(value: Any) -> int | float | Raw:
    if isinstance(value, Raw) and not isfinite(as_float(value)):
        raise NotRepresentable
    if isinstance(value, int | float | Raw) and not isinstance(value, bool):
        return value
    raise NotRepresentable


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise NotRepresentable


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise NotRepresentable


def _id(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _string(value)


_BUILT_IN: Mapping[str, Callable[[Any], Any]] = {
    "Int": _int,
    "Float": _float,
    "String": _string,
    "Boolean": _boolean,
    "ID": _id,
}
