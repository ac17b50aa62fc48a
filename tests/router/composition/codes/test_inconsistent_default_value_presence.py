"""INCONSISTENT_DEFAULT_VALUE_PRESENCE: only some subgraphs have a default; none is used."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CASES = (
    composed(
        "an argument",
        "INCONSISTENT_DEFAULT_VALUE_PRESENCE",
        at=["Query.f(x:)"],
        says=['default 1 in subgraph "a" but no default in subgraph "b"'],
        a="type Query { f(x: Int = 1): Int @shareable }",
        b="type Query { f(x: Int): Int @shareable }",
    ),
    composed(
        "an input field, with an object",
        "INCONSISTENT_DEFAULT_VALUE_PRESENCE",
        at=["I.j"],
        says=["default {k: [A]}", 'no default in subgraphs "a" and "c"'],
        a="type Query { a(i: I): Int }\ninput I { j: J }\ninput J { k: [E] }\nenum E { A }",
        b="type Query { b(i: I): Int }\ninput I { j: J = {k: [A]} }\ninput J { k: [E] }\nenum E { A }",
        c="type Query { c(i: I): Int }\ninput I { j: J }\ninput J { k: [E] }\nenum E { A }",
    ),
    composed(
        "null is a default",
        "INCONSISTENT_DEFAULT_VALUE_PRESENCE",
        says=["default null"],
        a="type Query { f(x: Int = null): Int @shareable }",
        b="type Query { f(x: Int): Int @shareable }",
    ),
    composed(
        "of a directive",
        "INCONSISTENT_DEFAULT_VALUE_PRESENCE",
        at=["@d(x:)"],
        a="type Query { a: Int }\ndirective @d(x: Int) on FIELD",
        b="type Query { b: Int }\ndirective @d(x: Int = 2) on FIELD",
    ),
    composed(
        "a default everywhere",
        a="type Query { f(x: [Int!]! = [1, 2]): Int @shareable }",
        b="type Query { f(x: [Int!]! = [1 2]): Int @shareable }",
    ),
    composed(
        "no default anywhere",
        a="type Query { f(x: Int): Int @shareable }",
        b="type Query { f(x: Int): Int @shareable }",
    ),
)


@each(CASES)
def test_inconsistent_default_value_presence(case: Case) -> None:
    """Each case gives exactly its codes."""
    check("INCONSISTENT_DEFAULT_VALUE_PRESENCE", case)
