"""INVALID_SUBGRAPH_NAME: a subgraph has a name of its own that is neither empty nor reserved."""

from __future__ import annotations

import pytest

from router.composition import Rejected, compose
from tests.router.composition.case import FEDERATION_1, Case, check, composed, each, rejected, subgraph

CASES = (
    rejected(
        "reserved",
        "INVALID_SUBGRAPH_NAME",
        says=['cannot be called "_"'],
        subgraphs={"_": "type Query { a: Int }"},
    ),
    rejected(
        "reserved, of federation 1, beside others",
        "INVALID_SUBGRAPH_NAME",
        subgraphs={"a": "type Query { a: Int }", "_": FEDERATION_1 + "type Query { b: Int }"},
    ),
    rejected(
        "whatever its schema",
        "INVALID_SUBGRAPH_NAME",
        subgraphs={"_": 'type Query { a: Int }\ntype T @key(fields: "id") { id: ID! }', "b": "type Query { b: Int }"},
    ),
    composed(
        "anything else",
        subgraphs={
            "a_": "type Query { a: Int }",
            "2nd": "type Query { b: Int }",
            "a b/c": FEDERATION_1 + "type Query { c: Int }",
        },
    ),
)


@each(CASES)
def test_invalid_subgraph_name(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("INVALID_SUBGRAPH_NAME", case)


@pytest.mark.parametrize(
    ("names", "says"),
    [([""], 'cannot be called ""'), (["a", "b", "a"], '2 subgraphs are called "a"'), (["__a"], "becomes __A")],
)
def test_names_that_are_none(names: list[str], says: str) -> None:
    """The reference refuses them too, by an exception or for the GraphQL that they would give."""
    outcome = compose([subgraph(name, f"type Query {{ f{index}: Int }}") for index, name in enumerate(names)])

    assert isinstance(outcome, Rejected)
    assert [error.code.name for error in outcome.errors] == ["INVALID_SUBGRAPH_NAME"]
    assert says in outcome.errors[0].message
