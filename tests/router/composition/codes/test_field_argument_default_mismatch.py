"""FIELD_ARGUMENT_DEFAULT_MISMATCH: all subgraphs that give an argument a default give it the same."""

from __future__ import annotations

import pytest

from router.composition import Rejected, compose
from tests.router.composition.case import Case, check, composed, each, rejected, subgraph

CASES = (
    rejected(
        "two defaults",
        "FIELD_ARGUMENT_DEFAULT_MISMATCH",
        at=["Query.f(x:)"],
        says=['default 1 in subgraph "a" but default 2 in subgraph "b"'],
        places=["a:2", "b:2"],
        a="type Query { f(x: Int = 1): Int @shareable }",
        b="type Query { f(x: Int = 2): Int @shareable }",
    ),
    rejected(
        "two defaults, and one without",
        "FIELD_ARGUMENT_DEFAULT_MISMATCH",
        says=["no default in subgraph"],
        places=["a:2", "b:2", "c:2"],
        a="type Query { f(x: Int = 1): Int @shareable }",
        b="type Query { f(x: Int): Int @shareable }",
        c="type Query { f(x: Int = 2): Int @shareable }",
    ),
    rejected(
        "null is a default",
        "FIELD_ARGUMENT_DEFAULT_MISMATCH",
        says=["default null"],
        a="type Query { f(x: Int = null): Int @shareable }",
        b="type Query { f(x: Int = 1): Int @shareable }",
    ),
    rejected(
        "an item is not the list of it",
        "FIELD_ARGUMENT_DEFAULT_MISMATCH",
        a="type Query { f(x: [Int] = 1): Int @shareable }",
        b="type Query { f(x: [Int] = [1]): Int @shareable }",
    ),
    rejected(
        "a field set to null is not a field left out",
        "FIELD_ARGUMENT_DEFAULT_MISMATCH",
        a="type Query { f(x: I = {p: 1}): Int @shareable }\ninput I { p: Int q: Int }",
        b="type Query { f(x: I = {p: 1, q: null}): Int @shareable }\ninput I { p: Int q: Int }",
    ),
    rejected(
        "values of an enum",
        "FIELD_ARGUMENT_DEFAULT_MISMATCH",
        a="type Query { f(x: E = A): Int @shareable }\nenum E { A B }",
        b="type Query { f(x: E = B): Int @shareable }\nenum E { A B }",
    ),
    rejected(
        "of a directive",
        "FIELD_ARGUMENT_DEFAULT_MISMATCH",
        at=["@d(x:)"],
        a="type Query { a: Int }\ndirective @d(x: Int = 1) on FIELD",
        b="type Query { b: Int }\ndirective @d(x: Int = 2) on FIELD",
    ),
    composed(
        "the order of fields does not matter",
        a="type Query { f(x: I = {p: 1, q: [2]}): Int @shareable }\ninput I { p: Int q: [Int] }",
        b="type Query { f(x: I = {q: [2], p: 1}): Int @shareable }\ninput I { p: Int q: [Int] }",
    ),
    composed(
        "one number however it is written",
        a="type Query { f(x: Float = 1, y: [Float] = [0, 2]): Int @shareable }",
        b="type Query { f(x: Float = 1e0, y: [Float] = [-0.0, 2.0]): Int @shareable }",
    ),
    composed(
        "a block string with the same content",
        a='type Query { f(x: String = "x"): Int @shareable }',
        b='type Query { f(x: String = """x"""): Int @shareable }',
    ),
)


@each(CASES)
def test_field_argument_default_mismatch(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("FIELD_ARGUMENT_DEFAULT_MISMATCH", case)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("A", '"A"', id="an enum value is no string"),
        pytest.param("12345678901234567890", "12345678901234567891", id="large numbers keep their digits"),
    ],
)
def test_defaults_of_custom_scalars(one: str, other: str) -> None:
    """Only the subgraph knows what a literal means, so what is written differently is different."""
    outcome = compose(
        [
            subgraph("a", f"type Query {{ f(x: J = {one}): Int @shareable }}\nscalar J"),
            subgraph("b", f"type Query {{ f(x: J = {other}): Int @shareable }}\nscalar J"),
        ]
    )

    assert isinstance(outcome, Rejected)
    assert [error.code.name for error in outcome.errors] == ["FIELD_ARGUMENT_DEFAULT_MISMATCH"]
