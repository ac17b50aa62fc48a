"""EXTERNAL_ARGUMENT_TYPE_MISMATCH: an external field takes arguments of the types that it is resolved with."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "another type",
        "EXTERNAL_ARGUMENT_TYPE_MISMATCH",
        at=["T.x(k:)"],
        says=['of type "Int" in subgraph "a" but of type "String" in subgraph "b"'],
        places=["a:3", "b:2"],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! x(k: Int): Int }',
        b='type T @key(fields: "id") { id: ID! x(k: String): Int @external y: Int @requires(fields: "x") }',
    ),
    rejected(
        "demanded though it is not needed",
        "EXTERNAL_ARGUMENT_TYPE_MISMATCH",
        at=["T.x(k:)"],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! x(k: Int): Int }',
        b='type T @key(fields: "id") { id: ID! x(k: Int!): Int @external y: Int @requires(fields: "x(k: 1)") }',
    ),
    rejected(
        "a list",
        "EXTERNAL_ARGUMENT_TYPE_MISMATCH",
        at=["T.x(k:)"],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! x(k: [Int]): Int }',
        b='type T @key(fields: "id") { id: ID! x(k: Int): Int @external y: Int @requires(fields: "x") }',
    ),
    composed(
        "not demanded though it is needed",
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! x(k: Int!): Int }',
        b='type T @key(fields: "id") { id: ID! x(k: Int): Int @external y: Int @requires(fields: "x(k: 1)") }',
    ),
)


@each(CASES)
def test_external_argument_type_mismatch(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("EXTERNAL_ARGUMENT_TYPE_MISMATCH", case)
