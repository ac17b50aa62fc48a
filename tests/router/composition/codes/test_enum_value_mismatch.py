"""ENUM_VALUE_MISMATCH: an enum that clients both send and read has the same values in all subgraphs."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "sent and read",
        "ENUM_VALUE_MISMATCH",
        at=["E.B"],
        says=['in subgraph "a" but not in subgraph "b"', '"Query.a(e:)"', '"Query.b"'],
        places=["a:3", "b:3"],
        a="type Query { a(e: E): Int }\nenum E { A B }",
        b="type Query { b: E }\nenum E { A }",
    ),
    rejected(
        "each lacks another",
        "ENUM_VALUE_MISMATCH",
        at=["E.A", "E.B", "E.C"],
        a="type Query { a(e: E): E }\nenum E { A B }",
        b="type Query { b: E }\nenum E { B C }",
        c="type Query { c: E }\nenum E { C A }",
    ),
    rejected(
        "sent in an input object, read in a list",
        "ENUM_VALUE_MISMATCH",
        says=['"I.e"', '"T.e"'],
        a="type Query { a(i: I): T }\ninput I { e: [E!]! }\ntype T { e: [[E]!] }\nenum E { A B }",
        b="type Query { b: Int }\nenum E { A }",
    ),
    rejected(
        "sent with a directive",
        "ENUM_VALUE_MISMATCH",
        says=['"@d(e:)"'],
        a="type Query { a: E }\ndirective @d(e: E) on FIELD\nenum E { A B }",
        b="type Query { b: E }\ndirective @d(e: E) on FIELD\nenum E { A }",
    ),
    rejected(
        "sent through an input field that is dropped",
        "ENUM_VALUE_MISMATCH",
        a="type Query { a(i: I): E }\ninput I { f: Int e: E }\nenum E { A B }",
        b="type Query { b(i: I): E }\ninput I { f: Int }\nenum E { A }",
    ),
    rejected(
        "sent through a hidden argument",
        "ENUM_VALUE_MISMATCH",
        a="type Query { a(e: E @inaccessible): E }\nenum E { A B }",
        b="type Query { b: E }\nenum E { A }",
    ),
    composed(
        "a hidden value may be missing",
        a="type Query { a(e: E): E }\nenum E { A B @inaccessible }",
        b="type Query { b: E }\nenum E { A }",
    ),
    composed(
        "an argument that is dropped sends nothing",
        "INCONSISTENT_ARGUMENT_PRESENCE",
        "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM",
        a="type Query { f(e: E): E @shareable }\nenum E { A B }",
        b="type Query { f: E @shareable }\nenum E { A }",
    ),
    composed(
        "the same values in another order",
        a="type Query { a(e: E): E }\nenum E { A B }",
        b="type Query { b(e: E): E }\nenum E { B A }",
    ),
)


@each(CASES)
def test_enum_value_mismatch(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("ENUM_VALUE_MISMATCH", case)
