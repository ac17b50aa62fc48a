"""INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE: an argument's types differ; the strictest is used."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CASES = (
    composed(
        "required in one",
        "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE",
        at=["Query.f(x:)"],
        says=['type "Int" in subgraph "a" but type "Int!" in subgraph "b"', 'has type "Int!"'],
        a="type Query { f(x: Int): Int @shareable }",
        b="type Query { f(x: Int!): Int @shareable }",
    ),
    composed(
        "the strictest of three",
        "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE",
        says=['has type "[Int!]!"'],
        a="type Query { f(x: [Int!]!): Int @shareable }",
        b="type Query { f(x: [Int]): Int @shareable }",
        c="type Query { f(x: [Int!]): Int @shareable }",
    ),
    composed(
        "of a directive",
        "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE",
        at=["@d(x:)"],
        a="type Query { a: Int }\ndirective @d(x: Int) on FIELD",
        b="type Query { b: Int }\ndirective @d(x: Int!) on FIELD",
    ),
    composed(
        "the same everywhere",
        a="type Query { f(x: [Int!]): Int @shareable }",
        b="type Query { f(x: [Int!]): Int @shareable }",
    ),
    composed(
        "an external declaration is not merged",
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! f(x: Int): Int }',
        b='type T @key(fields: "id") { id: ID! f(x: Int): Int @external g: Int @requires(fields: "f(x: 1)") }',
    ),
)


@each(CASES)
def test_inconsistent_but_compatible_argument_type(case: Case) -> None:
    """Each case gives exactly its codes."""
    check("INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE", case)
