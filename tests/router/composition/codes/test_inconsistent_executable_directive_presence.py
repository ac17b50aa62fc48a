"""INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE: a directive for operations that some subgraphs lack is left out."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CASES = (
    composed(
        "in one of two",
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE",
        at=["@live"],
        says=['is defined in subgraph "a" but not in subgraph "b"'],
        a="directive @live(every: Int) on QUERY\ntype Query { a: Int }",
        b="type Query { b: Int }",
    ),
    composed(
        "in two of three",
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE",
        says=['is defined in subgraphs "a" and "c" but not in subgraph "b"'],
        a="directive @live on QUERY\ntype Query { a: Int }",
        b="type Query { b: Int }",
        c="directive @live repeatable on QUERY\ntype Query { c: Int }",
    ),
    composed(
        "for operations and for schemas",
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE",
        a="directive @live on QUERY | OBJECT\ntype Query @live { a: Int }",
        b="type Query { b: Int }",
    ),
    composed(
        "for schemas alone: nobody's business",
        a="directive @live on OBJECT\ntype Query @live { a: Int }",
        b="type Query { b: Int }",
    ),
    composed(
        "in all",
        a="directive @live(every: Int) on QUERY\ntype Query { a: Int }",
        b="directive @live(every: Int) on QUERY\ntype Query { b: Int }",
    ),
    composed(
        "GraphQL's own",
        a="directive @skip(if: Boolean!) on FIELD\ntype Query { a: Int }",
        b="type Query { b: Int }",
    ),
)


@each(CASES)
def test_inconsistent_executable_directive_presence(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE", case)
