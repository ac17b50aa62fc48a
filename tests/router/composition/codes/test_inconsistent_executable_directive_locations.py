"""INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS: a directive for operations keeps the locations that every subgraph gives it."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CASES = (
    composed(
        "one more",
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS",
        at=["@live"],
        says=['can stand on FIELD | QUERY in subgraph "a" but QUERY in subgraph "b": it keeps QUERY'],
        a="directive @live on QUERY | FIELD\ntype Query { a: Int }",
        b="directive @live on QUERY\ntype Query { b: Int }",
    ),
    composed(
        "overlapping, in three",
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS",
        says=["it keeps QUERY"],
        a="directive @live on QUERY | FIELD\ntype Query { a: Int }",
        b="directive @live on MUTATION | QUERY\ntype Query { b: Int }",
        c="directive @live on QUERY | FIELD | MUTATION\ntype Query { c: Int }",
    ),
    composed(
        "an argument that one lacks, too",
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS",
        "INCONSISTENT_ARGUMENT_PRESENCE",
        a="directive @live(every: Int) on QUERY | FIELD\ntype Query { a: Int }",
        b="directive @live on QUERY\ntype Query { b: Int }",
    ),
    composed(
        "another order, and other places in schemas",
        a="directive @live on QUERY | FIELD | OBJECT\ntype Query { a: Int }",
        b="directive @live on ENUM | FIELD | QUERY\ntype Query { b: Int }",
    ),
)


@each(CASES)
def test_inconsistent_executable_directive_locations(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS", case)
