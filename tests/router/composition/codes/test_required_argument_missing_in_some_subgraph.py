"""REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH: an argument that a subgraph demands is in all of them."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "required in one",
        "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH",
        at=["Query.f(x:)"],
        says=['is required in subgraph "a" but missing in subgraph "b"'],
        places=["a:2"],
        a="type Query { f(x: Int!): Int @shareable }",
        b="type Query { f: Int @shareable }",
    ),
    rejected(
        "required in one, optional in another, absent from two",
        "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH",
        says=['is required in subgraph "b" but missing in subgraphs "c" and "d"'],
        places=["b:2"],
        a="type Query { f(x: Int): Int @shareable }",
        b="type Query { f(x: Int!): Int @shareable }",
        c="type Query { f: Int @shareable }",
        d="type Query { f: Int @shareable }",
    ),
    rejected(
        "of an interface field",
        "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH",
        at=["I.f(x:)"],
        a="type Query { i: I }\ninterface I { f(x: Int!): Int }\ntype T implements I @shareable { f(x: Int!): Int }",
        b="interface I { f: Int }\ntype T implements I @shareable { f: Int }",
    ),
    rejected(
        "of a directive",
        "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH",
        at=["@d(x:)"],
        a="type Query { a: Int }\ndirective @d(x: Int!) on FIELD",
        b="type Query { b: Int }\ndirective @d on FIELD",
    ),
    composed(
        "a default makes it optional",
        "INCONSISTENT_ARGUMENT_PRESENCE",
        a="type Query { f(x: Int! = 1): Int @shareable }",
        b="type Query { f: Int @shareable }",
    ),
    composed(
        "a list of required items is optional",
        "INCONSISTENT_ARGUMENT_PRESENCE",
        a="type Query { f(x: [Int!]): Int @shareable }",
        b="type Query { f: Int @shareable }",
    ),
    composed(
        "where the field is external its arguments do not count",
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! f(x: Int!): Int }',
        b='type T @key(fields: "id") { id: ID! f(x: Int!): Int @external g: Int @requires(fields: "f(x: 1)") }',
    ),
)


@each(CASES)
def test_required_argument_missing_in_some_subgraph(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH", case)
