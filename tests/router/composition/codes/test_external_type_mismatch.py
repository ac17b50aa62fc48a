"""EXTERNAL_TYPE_MISMATCH: an external field has the type that it is resolved with."""

from __future__ import annotations

from tests.router.composition.case import FEDERATION_1, Case, check, composed, each, rejected

CASES = (
    rejected(
        "another type",
        "EXTERNAL_TYPE_MISMATCH",
        at=["T.x"],
        says=['type "Int" in subgraph "a" but type "String" in subgraph "b"'],
        places=["a:3", "b:3"],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! x: Int }',
        b='type T @key(fields: "id") {\n  id: ID! x: String @external y: Int @requires(fields: "x") }',
    ),
    rejected(
        "nullability counts, both ways",
        "EXTERNAL_TYPE_MISMATCH",
        at=["T.x", "T.y"],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! x: Int! y: Int }',
        b='type T @key(fields: "id") { id: ID! x: Int @external y: Int! @external z: Int @requires(fields: "x y") }',
    ),
    rejected(
        "read as federation 1",
        "EXTERNAL_TYPE_MISMATCH",
        at=["T.x"],
        a=FEDERATION_1 + 'type Query { t: T }\ntype T @key(fields: "id") { id: ID! x: Int }',
        b=FEDERATION_1
        + 'extend type T @key(fields: "id") { id: ID! @external x: [Int] @external y: Int @requires(fields: "x") }',
    ),
    composed(
        "any type that one of several resolves with will do",
        "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! x: Int! @shareable }',
        b='type T @key(fields: "id") { id: ID! x: Int @shareable }',
        c='type T @key(fields: "id") { id: ID! x: Int! @external y: Int @requires(fields: "x") }',
    ),
    composed(
        "the same type",
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! x: [Int!] }',
        b='type T @key(fields: "id") { id: ID! x: [Int!] @external y: Int @requires(fields: "x") }',
    ),
)


@each(CASES)
def test_external_type_mismatch(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("EXTERNAL_TYPE_MISMATCH", case)
