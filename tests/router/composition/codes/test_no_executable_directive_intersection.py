"""NO_EXECUTABLE_DIRECTIVE_INTERSECTION: a directive for operations that has no location in common is left out."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CASES = (
    composed(
        "disjoint",
        "NO_EXECUTABLE_DIRECTIVE_INTERSECTION",
        at=["@live"],
        says=['can stand on QUERY in subgraph "a" but FIELD in subgraph "b"'],
        a="directive @live on QUERY\ntype Query { a: Int }",
        b="directive @live on FIELD\ntype Query { b: Int }",
    ),
    composed(
        "pairwise, not in all three",
        "NO_EXECUTABLE_DIRECTIVE_INTERSECTION",
        a="directive @live on QUERY | FIELD\ntype Query { a: Int }",
        b="directive @live on FIELD | MUTATION\ntype Query { b: Int }",
        c="directive @live on QUERY | MUTATION\ntype Query { c: Int }",
    ),
    composed(
        "for schemas only in one",
        "NO_EXECUTABLE_DIRECTIVE_INTERSECTION",
        says=['no location of operations in subgraph "a"'],
        a="directive @live on OBJECT\ntype Query { a: Int }",
        b="directive @live on FIELD\ntype Query { b: Int }",
    ),
    composed(
        "before one that lacks it",
        "NO_EXECUTABLE_DIRECTIVE_INTERSECTION",
        a="directive @live on QUERY\ntype Query { a: Int }",
        b="directive @live on FIELD\ntype Query { b: Int }",
        c="type Query { c: Int }",
    ),
    composed(
        "after one that lacks it",
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE",
        a="directive @live on QUERY\ntype Query { a: Int }",
        b="type Query { b: Int }",
        c="directive @live on FIELD\ntype Query { c: Int }",
    ),
)


@each(CASES)
def test_no_executable_directive_intersection(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("NO_EXECUTABLE_DIRECTIVE_INTERSECTION", case)
