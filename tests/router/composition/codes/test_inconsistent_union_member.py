"""INCONSISTENT_UNION_MEMBER: a member of a union is in some subgraphs only."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CASES = (
    composed(
        "a member in one of two",
        "INCONSISTENT_UNION_MEMBER",
        at=["U"],
        says=['has the member "B" in subgraph "a" but not in subgraph "b"'],
        a="type Query { a: U }\nunion U = A | B\ntype A @shareable { f: Int }\ntype B @shareable { f: Int }",
        b="type Query { b: U }\nunion U = A\ntype A @shareable { f: Int }",
    ),
    composed(
        "no member in common",
        "INCONSISTENT_UNION_MEMBER",
        says=['"A" in subgraph "a"', '"B" in subgraph "b"'],
        a="type Query { a: U }\nunion U = A\ntype A { f: Int }",
        b="type Query { b: U }\nunion U = B\ntype B { f: Int }",
    ),
    composed(
        "even of a union that nothing returns",
        "INCONSISTENT_UNION_MEMBER",
        a="type Query { a: A }\nunion U = A | B\ntype A @shareable { f: Int }\ntype B @shareable { f: Int }",
        b="type Query { b: B }\nunion U = B\ntype B @shareable { f: Int }",
    ),
    composed(
        "the same members in another order",
        a="type Query { a: U }\nunion U = A | B\ntype A @shareable { f: Int }\ntype B @shareable { f: Int }",
        b="type Query { b: U }\nunion U = B | A\ntype A @shareable { f: Int }\ntype B @shareable { f: Int }",
    ),
    composed(
        "a union of one subgraph",
        a="type Query { a: U }\nunion U = A | B\ntype A @shareable { f: Int }\ntype B { f: Int }",
        b="type Query { b: A }\ntype A @shareable { f: Int }",
    ),
)


@each(CASES)
def test_inconsistent_union_member(case: Case) -> None:
    """Each case gives exactly its codes."""
    check("INCONSISTENT_UNION_MEMBER", case)
