"""INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE: a directive for operations is repeatable only where every subgraph says so."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CASES = (
    composed(
        "in one of two",
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE",
        at=["@live"],
        says=['is repeatable in subgraph "a" only'],
        a="directive @live repeatable on QUERY\ntype Query { a: Int }",
        b="directive @live on QUERY\ntype Query { b: Int }",
    ),
    composed(
        "in two of three, with different locations",
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE",
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS",
        says=['is repeatable in subgraphs "b" and "c" only'],
        a="directive @live on QUERY | FIELD\ntype Query { a: Int }",
        b="directive @live repeatable on QUERY\ntype Query { b: Int }",
        c="directive @live repeatable on QUERY\ntype Query { c: Int }",
    ),
    composed(
        "in all",
        a="directive @live repeatable on QUERY\ntype Query { a: Int }",
        b="directive @live repeatable on QUERY\ntype Query { b: Int }",
    ),
    composed(
        "left out anyway",
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE",
        a="directive @live repeatable on QUERY\ntype Query { a: Int }",
        b="directive @live on QUERY\ntype Query { b: Int }",
        c="type Query { c: Int }",
    ),
)


@each(CASES)
def test_inconsistent_executable_directive_repeatable(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE", case)
