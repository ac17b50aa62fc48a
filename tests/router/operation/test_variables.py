"""Variables read quickly are the variables that graphql-core reads."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import OperationDefinitionNode, build_schema, parse
from graphql.execution.values import get_variable_values
from hypothesis import given
from hypothesis import strategies as st

from router.operation.variables import VariableReader

SCHEMA = build_schema(
    """
    type Query { a(x: Int, y: [String], z: Float): Int }
    enum Size { S L }
    input Box { height: Int! = 3, size: Size, inner: Box }
    scalar Anything
    """
)
TYPES = [
    "Int",
    "Int!",
    "String",
    "String!",
    "ID",
    "ID!",
    "Boolean",
    "Boolean!",
    "Float",
    "Float!",
    "Size",
    "[Int!]",
    "[[ID]]",
    "Box",
    "Box!",
    "Anything",
]
DEFAULTS = {
    "Int": "5",
    "Int!": "5",
    "String": '"s"',
    "ID!": "7",
    "Boolean": "true",
    "Size": "S",
    "[Int!]": "[1]",
    "Box": "{}",
}
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, -1, 2**31 - 1, 2**31, -(2**31) - 1, 1.0, 1.5, "S", "x", "", "1"]),
    st.lists(st.sampled_from([1, "1", None]), max_size=2),
    st.dictionaries(
        st.sampled_from(["height", "size", "inner", "odd"]), st.sampled_from([1, "S", None, {}]), max_size=2
    ),
)


def definitions(*declared: str) -> OperationDefinitionNode:
    operation = parse(f"query({' '.join(declared)}) {{ a }}").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return operation


@given(
    st.lists(st.tuples(st.sampled_from(TYPES), st.booleans()), min_size=1, max_size=3),
    st.dictionaries(st.sampled_from(["v0", "v1", "v2", "odd"]), VALUES, max_size=4),
)
def test_the_outcome_is_graphql_cores(declared: list[tuple[str, bool]], given_values: dict[str, Any]) -> None:
    """Whatever the types, defaults and values: the same coerced values, or the same errors."""
    texts = [
        f"$v{index}: {type_}{f' = {DEFAULTS[type_]}' if defaulted and type_ in DEFAULTS else ''}"
        for index, (type_, defaulted) in enumerate(declared)
    ]
    nodes = definitions(*texts).variable_definitions or ()

    read = VariableReader(SCHEMA, nodes).read(given_values, errors_max=5)

    truth = get_variable_values(SCHEMA, nodes, given_values, max_errors=5)
    if isinstance(truth, list):
        assert isinstance(read, list)
        assert [error.message for error in read] == [error.message for error in truth]
    else:
        assert repr(read) == repr(truth.coerced)


@pytest.mark.parametrize("value", [True, 2**31, 1.0, "1"])
def test_what_only_looks_like_an_int_goes_by_all_rules(value: object) -> None:
    """A bool is no Int, a whole float is one, and text is none."""
    read = VariableReader(SCHEMA, definitions("$n: Int!").variable_definitions or ()).read({"n": value}, errors_max=1)

    assert read == {"n": 1} if value == 1.0 and value is not True else isinstance(read, list)


@pytest.mark.parametrize("suggests", [True, False])
def test_names_are_suggested_where_they_may_be_known(suggests: bool) -> None:
    """Who must not read the schema is not told of it either by what is wrong with a variable."""
    declared = definitions("$box: Box!").variable_definitions or ()

    read = VariableReader(SCHEMA, declared, suggests=suggests).read({"box": {"heigt": 1}}, errors_max=1)

    assert isinstance(read, list)
    assert ("Did you mean" in read[0].message) is suggests
