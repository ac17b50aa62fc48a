"""INCONSISTENT_INPUT_OBJECT_FIELD: an input field of some subgraphs only is dropped."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CASES = (
    composed(
        "in one of two",
        "INCONSISTENT_INPUT_OBJECT_FIELD",
        at=["I.g"],
        says=['in subgraph "a" but not in subgraph "b"'],
        a="type Query { a(i: I): Int }\ninput I { f: Int g: Int }",
        b="type Query { b(i: I): Int }\ninput I { f: Int }",
    ),
    composed(
        "in three of four",
        "INCONSISTENT_INPUT_OBJECT_FIELD",
        says=['in subgraphs "a", "b" and "d" but not in subgraph "c"'],
        a="type Query { a(i: I): Int }\ninput I { f: Int g: Int }",
        b="type Query { b(i: I): Int }\ninput I { f: Int g: Int }",
        c="type Query { c(i: I): Int }\ninput I { f: Int }",
        d="type Query { d(i: I): Int }\ninput I { f: Int g: Int }",
    ),
    composed(
        "required, with a default",
        "INCONSISTENT_INPUT_OBJECT_FIELD",
        a="type Query { a(i: I): Int }\ninput I { f: Int g: [Int!]! = [] }",
        b="type Query { b(i: I): Int }\ninput I { f: Int }",
    ),
    composed(
        "added by an extension",
        "INCONSISTENT_INPUT_OBJECT_FIELD",
        a="type Query { a(i: I): Int }\ninput I { f: Int }\nextend input I { g: Int }",
        b="type Query { b(i: I): Int }\ninput I { f: Int }",
    ),
    composed(
        "what is said of a dropped field does not matter",
        "INCONSISTENT_INPUT_OBJECT_FIELD",
        a='type Query { a(i: I): Int }\ninput I { f: Int g: Int @deprecated(reason: "x") }',
        b='type Query { b(i: I): Int }\ninput I { f: Int g: Int @deprecated(reason: "y") }',
        c="type Query { c(i: I): Int }\ninput I { f: Int }",
    ),
    composed(
        "hidden",
        a="type Query { a(i: I): Int }\ninput I { f: Int g: Int @inaccessible }",
        b="type Query { b(i: I): Int }\ninput I { f: Int }",
    ),
    composed(
        "in every subgraph that has the input object",
        a="type Query { a(i: I): Int }\ninput I { f: Int g: Int }",
        b="type Query { b: Int }",
    ),
)


@each(CASES)
def test_inconsistent_input_object_field(case: Case) -> None:
    """Each case gives exactly its codes."""
    check("INCONSISTENT_INPUT_OBJECT_FIELD", case)
