"""INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN: subgraphs that share a field know different object types behind it."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CODE = "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN"

CASES = (
    composed(
        "a union with a member of one subgraph",
        CODE,
        "INCONSISTENT_UNION_MEMBER",
        at=["Query.u"],
        says=[
            'types "A" and "B" in subgraph "a" but type "A" in subgraph "b"',
            'only type "A" can come from all of them',
        ],
        a="type Query { u: U @shareable }\nunion U = A | B\ntype A { n: Int @shareable }\ntype B { n: Int }",
        b="type Query { u: U @shareable }\nunion U = A\ntype A { n: Int @shareable }",
    ),
    composed(
        "an interface with an implementation of one subgraph",
        CODE,
        at=["Query.i"],
        a="type Query { i: I @shareable }\ninterface I { n: Int }\n"
        "type A implements I { n: Int @shareable }\ntype B implements I { n: Int }",
        b="type Query { i: I @shareable }\ninterface I { n: Int }\ntype A implements I { n: Int @shareable }",
    ),
    composed(
        "an entity's field, entered by key",
        CODE,
        "INCONSISTENT_UNION_MEMBER",
        at=["T.u"],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID u: U @shareable }\n'
        "union U = A | B\ntype A { n: Int @shareable }\ntype B { n: Int }",
        b='type T @key(fields: "id") { id: ID u: U @shareable }\nunion U = A\ntype A { n: Int @shareable }',
    ),
    composed(
        "the same types everywhere",
        a="type Query { u: U @shareable }\nunion U = A | B\ntype A { n: Int @shareable }\ntype B { n: Int @shareable }",
        b="type Query { u: U @shareable }\nunion U = B | A\ntype A { n: Int @shareable }\ntype B { n: Int @shareable }",
    ),
    composed(
        "one subgraph knows a single object type",
        "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
        a="type Query { u: U @shareable }\nunion U = A | B\ntype A { n: Int @shareable }\ntype B { n: Int }",
        b="type Query { u: A @shareable }\ntype A { n: Int @shareable }",
    ),
)


@each(CASES)
def test_inconsistent_runtime_types_for_shareable_return(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check(CODE, case)
