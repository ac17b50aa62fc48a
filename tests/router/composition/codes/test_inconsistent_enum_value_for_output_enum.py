"""INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM: a value of an enum that clients only read is in some subgraphs only; it is kept."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CASES = (
    composed(
        "a value in one of two",
        "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM",
        at=["E.B"],
        says=['in subgraph "a" but not in subgraph "b"'],
        a="type Query { a: E }\nenum E { A B }",
        b="type Query { b: E }\nenum E { A }",
    ),
    composed(
        "no value in common",
        "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM",
        at=["E.A", "E.B", "E.C"],
        a="type Query { a: [E!]! }\nenum E { A }",
        b="type Query { b: E }\nenum E { B }",
        c="type Query { c: E }\nenum E { C }",
    ),
    composed(
        "a hidden value too",
        "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM",
        at=["E.B"],
        a="type Query { a: E }\nenum E { A B @inaccessible }",
        b="type Query { b: E }\nenum E { A }",
    ),
    composed(
        "the same values in another order",
        a="type Query { a: E }\nenum E { A B }",
        b="type Query { b: E }\nenum E { B A }",
    ),
    composed(
        "an enum of one subgraph",
        a="type Query { a: E }\nenum E { A B }",
        b="type Query { b: Int }",
    ),
)


@each(CASES)
def test_inconsistent_enum_value_for_output_enum(case: Case) -> None:
    """Each case gives exactly its codes."""
    check("INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM", case)
