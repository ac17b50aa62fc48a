"""INCONSISTENT_OBJECT_VALUE_TYPE_FIELD: a field of a keyless object type is in some subgraphs only."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CASES = (
    composed(
        "in one of two",
        "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD",
        at=["T.g"],
        says=['in subgraph "b" but not in subgraph "a"'],
        a="type Query { a: Int }\ntype T @shareable { f: Int }",
        b="type Query { b: T }\ntype T @shareable { f: Int g: Int }",
    ),
    composed(
        "each of three has its own",
        "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD",
        at=["T.x", "T.y", "T.z"],
        a="type Query { t: T @shareable }\ntype T { x: Int }",
        b="type Query { t: T @shareable }\ntype T { y: Int }",
        c="type Query { t: T @shareable }\ntype T { z: Int }",
    ),
    composed(
        "an entity is completed by key",
        a='type Query { a: T }\ntype T @key(fields: "id") { id: ID! }',
        b='type T @key(fields: "id") { id: ID! g: Int }',
    ),
    composed(
        "one key makes it an entity",
        "INCONSISTENT_ENTITY",
        a='type Query { a: T }\ntype T @key(fields: "id") { id: ID! g: Int }',
        b="type Query { b: T }\ntype T { id: ID! @shareable }",
    ),
    composed(
        "root types",
        a="type Query { a: Int }\ntype Mutation { a: Int }",
        b="type Query { b: Int }\ntype Mutation { b: Int }",
    ),
    composed(
        "a type that is all external lists what it reads",
        a='type Query { a: O }\ntype O @key(fields: "id") { id: ID! t: T }\ntype T { f: Int g: Int }',
        b='type O @key(fields: "id") { id: ID! t: T @external h: Int @requires(fields: "t { f }") }\n'
        "type T { f: Int @external }",
    ),
)


@each(CASES)
def test_inconsistent_object_value_type_field(case: Case) -> None:
    """Each case gives exactly its codes."""
    check("INCONSISTENT_OBJECT_VALUE_TYPE_FIELD", case)
