"""LIST_SIZE_INVALID_ASSUMED_SIZE: no list has fewer than no items."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "negative",
        "LIST_SIZE_INVALID_ASSUMED_SIZE",
        at=["Query.f"],
        says=["-1"],
        places=["a:3"],
        a="type Query {\n  f: [Int] @listSize(assumedSize: -1)\n}",
    ),
    rejected(
        "on an interface field, of what is no list either",
        "LIST_SIZE_INVALID_ASSUMED_SIZE",
        "LIST_SIZE_APPLIED_TO_NON_LIST",
        at=["I.f"],
        a="type Query { i: I }\ninterface I { f: Int @listSize(assumedSize: -20) }",
    ),
    rejected(
        "in one subgraph of two",
        "LIST_SIZE_INVALID_ASSUMED_SIZE",
        places=["b:2"],
        a="type Query { f: [Int] @listSize(assumedSize: 5) @shareable }",
        b="type Query { f: [Int] @listSize(assumedSize: -5) @shareable }",
    ),
    composed("nothing", a="type Query { f: [Int] @listSize(assumedSize: 0) }"),
    composed("null", a="type Query { f: [Int] @listSize(assumedSize: null) }"),
)


@each(CASES)
def test_list_size_invalid_assumed_size(case: Case) -> None:
    """A size is zero or more."""
    check("LIST_SIZE_INVALID_ASSUMED_SIZE", case)
