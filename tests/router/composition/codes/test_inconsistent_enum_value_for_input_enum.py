"""INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM: a value of an enum that clients only send is in some subgraphs only, and dropped."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CASES = (
    composed(
        "an argument",
        "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM",
        at=["E.B"],
        says=['in subgraph "a" but not in subgraph "b"'],
        a="type Query { a(e: E): Int }\nenum E { A B }",
        b="type Query { b: Int }\nenum E { A }",
    ),
    composed(
        "an input field, by values in the middle",
        "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM",
        at=["E.B", "E.D"],
        a="type Query { a(i: I): Int }\ninput I { e: [E] }\nenum E { A B C }",
        b="type Query { b(i: I): Int }\ninput I { e: [E] }\nenum E { A C D }",
        c="type Query { c(i: I): Int }\ninput I { e: [E] }\nenum E { C B A D }",
    ),
    composed(
        "a directive",
        "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM",
        a="type Query { a: Int }\ndirective @d(e: E) on FIELD\nenum E { A B }",
        b="type Query { b: Int }\ndirective @d(e: E) on FIELD\nenum E { A }",
    ),
    composed(
        "what is said of a dropped value does not matter",
        "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM",
        a='type Query { a(e: E): Int }\nenum E { A B @deprecated(reason: "x") }',
        b='type Query { b(e: E): Int }\nenum E { A B @deprecated(reason: "y") }',
        c="type Query { c(e: E): Int }\nenum E { A }",
    ),
    composed(
        "a hidden value may be missing",
        a="type Query { a(e: E): Int }\nenum E { A B @inaccessible }",
        b="type Query { b: Int }\nenum E { A }",
    ),
    composed(
        "clients that only read an enum see all its values",
        "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM",
        a="type Query { a: E }\nenum E { A B }",
        b="type Query { b: Int }\nenum E { A }",
    ),
)


@each(CASES)
def test_inconsistent_enum_value_for_input_enum(case: Case) -> None:
    """Each case gives exactly its codes."""
    check("INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM", case)
