"""SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES: subgraphs that share a field of an abstract type know a common object type of it."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CODE = "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES"

CASES = (
    rejected(
        "a union without common member",
        CODE,
        at=["Query.u"],
        says=['type "A" in subgraph "a" but type "B" in subgraph "b"'],
        places=["a:2", "b:2"],
        a="type Query { u: U @shareable }\nunion U = A\ntype A { n: Int }",
        b="type Query { u: U @shareable }\nunion U = B\ntype B { m: Int }",
    ),
    rejected(
        "an interface without common implementation, on an entity",
        CODE,
        at=["T.i"],
        says=['types "A" and "C" in subgraph "a" but type "B" in subgraph "b"'],
        places=["a:3", "b:2"],
        a="type Query { t: T }\ninterface I { n: Int }\n"
        'type T @key(fields: "id") { id: ID i: I @shareable }\ntype A implements I { n: Int }\ntype C implements I { n: Int }'
        "".replace("\ninterface", " interface"),
        b='type T @key(fields: "id") { id: ID i: I @shareable }\ninterface I { n: Int }\ntype B implements I { n: Int }',
    ),
    rejected(
        "three subgraphs that agree in pairs only",
        CODE,
        at=["Query.u"],
        a="type Query { u: U @shareable }\nunion U = A | B\ntype A { n: Int @shareable }\ntype B { n: Int @shareable }",
        b="type Query { u: U @shareable }\nunion U = B | C\ntype B { n: Int @shareable }\ntype C { n: Int @shareable }",
        c="type Query { u: U @shareable }\nunion U = A | C\ntype A { n: Int @shareable }\ntype C { n: Int @shareable }",
    ),
    composed(
        "one member in common",
        "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN",
        "INCONSISTENT_UNION_MEMBER",
        a="type Query { u: U @shareable }\nunion U = A | B\ntype A { n: Int @shareable }\ntype B { n: Int }",
        b="type Query { u: U @shareable }\nunion U = A\ntype A { n: Int @shareable }",
    ),
    composed(
        "a field that is not shared",
        "INCONSISTENT_UNION_MEMBER",
        a="type Query { u: U }\nunion U = A\ntype A { n: Int }",
        b="type Query { v: U }\nunion U = B\ntype B { m: Int }",
    ),
)


@each(CASES)
def test_shareable_has_mismatched_runtime_types(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check(CODE, case)
