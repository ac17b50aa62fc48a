"""INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE: a field's types differ; the widest is used, for input fields the strictest."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CASES = (
    composed(
        "what one may return as null may be null",
        "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
        at=["T.f"],
        says=['type "Int!" in subgraph "a" but type "Int" in subgraph "b"', 'has type "Int"'],
        a="type Query { t: T }\ntype T @shareable { f: Int! }",
        b="type T @shareable { f: Int }",
    ),
    composed(
        "every level of a list",
        "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
        says=['has type "[[Int]]"'],
        a="type Query { t: T }\ntype T @shareable { f: [[Int!]!]! }",
        b="type T @shareable { f: [[Int]!]! }",
        c="type T @shareable { f: [[Int]] }",
    ),
    composed(
        "an interface and what implements it in yet another subgraph",
        "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
        says=['has type "I"'],
        a="type Query { t: T }\ntype T @shareable { f: I }\ninterface I { x: Int }",
        b="type T @shareable { f: U! }\ntype U @shareable { x: Int }",
        c="interface I { x: Int }\ntype U implements I @shareable { x: Int }",
    ),
    composed(
        "an interface that implements an interface",
        "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
        says=['has type "[I]"'],
        a="type Query { t: T }\ntype T @shareable { f: [J!] }\ninterface I { x: Int }\n"
        "interface J implements I { x: Int }\ntype U implements I & J @shareable { x: Int }",
        b="type T @shareable { f: [I] }\ninterface I { x: Int }\ntype U implements I @shareable { x: Int }",
    ),
    composed(
        "a union and a member",
        "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
        says=['has type "U"'],
        a="type Query { t: T }\ntype T @shareable { f: X }\nunion U = X\ntype X @shareable { x: Int }",
        b="type T @shareable { f: U }\nunion U = X\ntype X @shareable { x: Int }",
    ),
    composed(
        "an input field: the strictest",
        "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
        at=["I.f"],
        says=['has type "[Int!]!"'],
        a="type Query { a(i: I): Int }\ninput I { f: [Int] }",
        b="type Query { b(i: I): Int }\ninput I { f: [Int!]! }",
    ),
    composed(
        "the same type everywhere",
        a="type Query { t: T }\ntype T @shareable { f: [Int!] }",
        b="type T @shareable { f: [Int!] }",
    ),
)


@each(CASES)
def test_inconsistent_but_compatible_field_type(case: Case) -> None:
    """Each case gives exactly its codes."""
    check("INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE", case)
