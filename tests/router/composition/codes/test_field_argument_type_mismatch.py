"""FIELD_ARGUMENT_TYPE_MISMATCH: the types of an argument, of a field or directive, have one that is the strictest."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "scalars",
        "FIELD_ARGUMENT_TYPE_MISMATCH",
        at=["Query.f(x:)"],
        says=['type "Int" in subgraph "a" but type "String" in subgraph "b"'],
        places=["a:2", "b:2"],
        a="type Query { f(x: Int): Int @shareable }",
        b="type Query { f(x: String): Int @shareable }",
    ),
    rejected(
        "list and item",
        "FIELD_ARGUMENT_TYPE_MISMATCH",
        a="type Query { f(x: [Int]): Int @shareable }",
        b="type Query { f(x: Int): Int @shareable }",
    ),
    rejected(
        "neither demands all that the other does",
        "FIELD_ARGUMENT_TYPE_MISMATCH",
        a="type Query { f(x: [Int!]): Int @shareable }",
        b="type Query { f(x: [Int]!): Int @shareable }",
    ),
    rejected(
        "of an interface field",
        "FIELD_ARGUMENT_TYPE_MISMATCH",
        at=["I.f(x:)", "T.f(x:)"],
        a="type Query { i: I }\ninterface I { f(x: Int): Int }\ntype T implements I @shareable { f(x: Int): Int }",
        b="interface I { f(x: ID): Int }\ntype T implements I @shareable { f(x: ID): Int }",
    ),
    rejected(
        "of a directive",
        "FIELD_ARGUMENT_TYPE_MISMATCH",
        at=["@d(x:)"],
        a="type Query { a: Int }\ndirective @d(x: Int) on FIELD",
        b="type Query { b: Int }\ndirective @d(x: Boolean) on FIELD",
    ),
    rejected(
        "the field's own type differs too",
        "FIELD_ARGUMENT_TYPE_MISMATCH",
        "FIELD_TYPE_MISMATCH",
        a="type Query { f(x: Int): Int @shareable }",
        b="type Query { f(x: String): String @shareable }",
    ),
    composed(
        "the strictest of three",
        "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE",
        a="type Query { f(x: [Int]): Int @shareable }",
        b="type Query { f(x: [Int!]!): Int @shareable }",
        c="type Query { f(x: [Int]!): Int @shareable }",
    ),
    composed(
        "arguments that both subgraphs name alike, of different fields",
        a="type Query { f(x: Int): Int }",
        b="type Query { g(x: String): Int }",
    ),
)


@each(CASES)
def test_field_argument_type_mismatch(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("FIELD_ARGUMENT_TYPE_MISMATCH", case)
