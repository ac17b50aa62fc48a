"""EMPTY_MERGED_ENUM_TYPE: the subgraphs' versions of an enum that clients send have a value in common."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "no value in common",
        "EMPTY_MERGED_ENUM_TYPE",
        at=["E"],
        says=['"E" is common to subgraphs "a" and "b"'],
        places=["a:3", "b:3"],
        a="type Query { a(e: E): Int }\nenum E { A }",
        b="type Query { b(e: E): Int }\nenum E { B }",
    ),
    rejected(
        "sent in an input object",
        "EMPTY_MERGED_ENUM_TYPE",
        a="type Query { a(i: I): Int }\ninput I { e: E }\nenum E { A B }",
        b="type Query { b(i: I): Int }\ninput I { e: E }\nenum E { B C }",
        c="type Query { c(i: I): Int }\ninput I { e: E }\nenum E { C A }",
    ),
    rejected(
        "sent with a directive",
        "EMPTY_MERGED_ENUM_TYPE",
        a="type Query { a: Int }\ndirective @d(e: E) on FIELD\nenum E { A }",
        b="type Query { b: Int }\ndirective @d(e: E) on FIELD\nenum E { B }",
    ),
    composed(
        "read only",
        "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM",
        a="type Query { a: E }\nenum E { A }",
        b="type Query { b: E }\nenum E { B }",
    ),
    composed(
        "unused",
        "UNUSED_ENUM_TYPE",
        "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM",
        a="type Query { a: Int }\nenum E { A }",
        b="type Query { b: Int }\nenum E { B }",
    ),
)


@each(CASES)
def test_empty_merged_enum_type(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("EMPTY_MERGED_ENUM_TYPE", case)
