"""INCONSISTENT_ENTITY: a type has a key in some subgraphs only."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CASES = (
    composed(
        "a key in one of two",
        "INCONSISTENT_ENTITY",
        at=["T"],
        says=['in subgraph "a" but none in subgraph "b"'],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! f: Int }',
        b="type Query { b: T }\ntype T { id: ID! @shareable }",
    ),
    composed(
        "keys in two of four",
        "INCONSISTENT_ENTITY",
        says=['in subgraphs "a" and "c" but none in subgraphs "b" and "d"'],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! }',
        b="type Query { b: T }\ntype T { id: ID! @shareable }",
        c='type T @key(fields: "id", resolvable: false) { id: ID! }',
        d="type Query { d: T }\ntype T { id: ID! @shareable }",
    ),
    composed(
        "different keys",
        a='type Query { t: T }\ntype T @key(fields: "id") @key(fields: "sku") { id: ID! sku: ID! }',
        b='type T @key(fields: "sku") { sku: ID! f: Int }',
    ),
    composed(
        "interfaces are no entities of their own",
        a='type Query { t: I }\ninterface I @key(fields: "id") { id: ID! }\n'
        'type T implements I @key(fields: "id") { id: ID! }',
        b='type Query { b: I }\ninterface I { id: ID! }\ntype T implements I @key(fields: "id") { id: ID! }',
    ),
)


@each(CASES)
def test_inconsistent_entity(case: Case) -> None:
    """Each case gives exactly its codes."""
    check("INCONSISTENT_ENTITY", case)
