"""FIELD_TYPE_MISMATCH: the types of a field have one that covers the others."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "list and item",
        "FIELD_TYPE_MISMATCH",
        at=["T.f"],
        says=['type "[Int]" in subgraph "a" but type "Int" in subgraph "b"'],
        places=["a:3", "b:2"],
        a="type Query { t: T }\ntype T @shareable { f: [Int] }",
        b="type T @shareable { f: Int }",
    ),
    rejected(
        "input field",
        "FIELD_TYPE_MISMATCH",
        at=["I.f"],
        a="type Query { a(i: I): Int }\ninput I { f: String }",
        b="type Query { b(i: I): Int }\ninput I { f: Int }",
    ),
    rejected(
        "input field, a list that neither demands more",
        "FIELD_TYPE_MISMATCH",
        a="type Query { a(i: I): Int }\ninput I { f: [Int!] }",
        b="type Query { b(i: I): Int }\ninput I { f: [Int]! }",
    ),
    rejected(
        "each level of a list must go the same way",
        "FIELD_TYPE_MISMATCH",
        says=['"[[Int]!]" in subgraph "a" but type "[[Int!]]!" in subgraph "b"'],
        a="type Query { t: T }\ntype T @shareable { f: [[Int]!] }",
        b="type T @shareable { f: [[Int!]]! }",
    ),
    rejected(
        "two members of a union, neither of which covers the other",
        "FIELD_TYPE_MISMATCH",
        a="type Query { t: T }\ntype T @shareable { f: X }\nunion U = X | Y\ntype X @shareable { x: Int }\n"
        "type Y @shareable { x: Int }",
        b="type T @shareable { f: Y }\ntype Y @shareable { x: Int }",
    ),
    rejected(
        "an interface that may be null, and a member of it that may not where the list decides the other way",
        "FIELD_TYPE_MISMATCH",
        a="type Query { t: T }\ntype T @shareable { f: [X] }\ntype X implements I @shareable { x: Int }\n"
        "interface I { x: Int }",
        b="type T @shareable { f: [I!] }\ninterface I { x: Int }",
    ),
    rejected(
        "one of three differs",
        "FIELD_TYPE_MISMATCH",
        says=['"ID" in subgraphs "a" and "c" but type "String" in subgraph "b"'],
        places=["a:3", "b:2", "c:2"],
        a="type Query { t: T }\ntype T @shareable { f: ID }",
        b="type T @shareable { f: String }",
        c="type T @shareable { f: ID }",
    ),
    rejected(
        "Int is no Float",
        "FIELD_TYPE_MISMATCH",
        a="type Query { f: Int @shareable }",
        b="type Query { f: Float @shareable }",
    ),
    composed(
        "nullability alone is no mismatch",
        "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
        a="type Query { t: T }\ntype T @shareable { f: Int! }",
        b="type T @shareable { f: Int }",
    ),
    composed(
        "the common union comes first",
        "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
        a="type Query { t: T }\ntype T @shareable { f: U }\nunion U = X | Y\ntype X @shareable { x: Int }\n"
        "type Y @shareable { x: Int }",
        b="type T @shareable { f: Y }\ntype Y @shareable { x: Int }",
    ),
)


@each(CASES)
def test_field_type_mismatch(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("FIELD_TYPE_MISMATCH", case)
