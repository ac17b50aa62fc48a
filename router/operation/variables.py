"""Coerces the variables of requests, for an operation that is asked often: what its definitions say is worked out once.

Source: GraphQL specification, section 6.1.2 "Coercing Variable Values". Values that plainly are of their scalar type pass as they
are; anything else is left to graphql-core, which knows all rules and words all errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    GraphQLError,
    GraphQLInputType,
    GraphQLNonNull,
    GraphQLSchema,
    VariableDefinitionNode,
    is_input_type,
    type_from_ast,
    value_from_ast,
)
from graphql.execution.values import get_variable_values

INT_MAX: Final = 2**31 - 1
INT_MIN: Final = -(2**31)

# Exact types: a bool is an int to Python and none to GraphQL.
_PLAIN: Final[Mapping[str, Callable[[Any], bool]]] = {
    "Int": lambda value: type(value) is int and INT_MIN <= value <= INT_MAX,
    "String": lambda value: type(value) is str,
    "ID": lambda value: type(value) is str,
    "Boolean": lambda value: type(value) is bool,
}


@dataclass(frozen=True, slots=True)
class _Definition:
    """One variable. `is_plain` is None where its type has to be coerced by the whole rules."""

    name: str
    nullable: bool
    default: Any
    is_plain: Callable[[Any], bool] | None


_NO_DEFAULT: Final = object()


class VariableReader:
    """The variable definitions of one operation, valid against `schema`; where it `suggests`, errors name what may be meant."""

    def __init__(
        self, schema: GraphQLSchema, definitions: Sequence[VariableDefinitionNode], *, suggests: bool = True
    ) -> None:
        self._schema = schema
        self._suggests = suggests
        self._nodes = tuple(definitions)
        self._definitions = tuple(_definition(node, schema) for node in definitions)

    def read(self, given: Mapping[str, Any], *, errors_max: int) -> Mapping[str, Any] | list[GraphQLError]:
        """The variables coerced and defaulted, or at most `errors_max` reasons why they cannot be; what is left out stays out."""
        coerced: dict[str, Any] = {}
        for definition in self._definitions:
            if definition.name in given:
                value = given[definition.name]
                if value is None and definition.nullable:
                    coerced[definition.name] = None
                elif definition.is_plain is not None and definition.is_plain(value):
                    coerced[definition.name] = value
                else:
                    return self._by_all_rules(given, errors_max)
            elif definition.default is not _NO_DEFAULT and definition.is_plain is not None:
                coerced[definition.name] = definition.default
            elif definition.default is not _NO_DEFAULT or not definition.nullable:
                return self._by_all_rules(given, errors_max)
        return coerced

    def _by_all_rules(self, given: Mapping[str, Any], errors_max: int) -> Mapping[str, Any] | list[GraphQLError]:
        coerced = get_variable_values(
            self._schema, self._nodes, dict(given), max_errors=errors_max, hide_suggestions=not self._suggests
        )
        return coerced if isinstance(coerced, list) else coerced.coerced


def _definition(node: VariableDefinitionNode, schema: GraphQLSchema) -> _Definition:
    name = node.variable.name.value
    type_ = type_from_ast(schema, node.type)
    if not is_input_type(type_):  # a built-in scalar that the schema never uses is valid and unknown to it
        return _Definition(name, nullable=False, default=_NO_DEFAULT, is_plain=None)
    nullable = not isinstance(type_, GraphQLNonNull)
    default = _NO_DEFAULT if node.default_value is None else value_from_ast(node.default_value, type_)
    return _Definition(name, nullable, default, _plainness(type_))


def _plainness(type_: GraphQLInputType) -> Callable[[Any], bool] | None:
    inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    return _PLAIN.get(getattr(inner, "name", ""))
