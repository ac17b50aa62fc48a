"""LIST_SIZE_APPLIED_TO_NON_LIST: what @listSize sizes, the field itself or the sized fields below it, are lists."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "a leaf",
        "LIST_SIZE_APPLIED_TO_NON_LIST",
        at=["Query.f"],
        says=['"Int"', "sizedFields"],
        places=["a:2"],
        a="type Query { f: Int @listSize(assumedSize: 3) }",
    ),
    rejected(
        "an object that lists something, unnamed",
        "LIST_SIZE_APPLIED_TO_NON_LIST",
        a="type Query { c: C! @listSize(assumedSize: 3, sizedFields: []) }\ntype C { items: [Int] }",
    ),
    rejected(
        "a sized field that is no list",
        "LIST_SIZE_APPLIED_TO_NON_LIST",
        at=["Query.c"],
        says=['"C.total"'],
        a='type Query { c: C @listSize(sizedFields: ["items", "total"]) }\ntype C { items: [Int] total: Int }',
    ),
    rejected(
        "on an interface field",
        "LIST_SIZE_APPLIED_TO_NON_LIST",
        at=["I.f"],
        a="type Query { i: I }\ninterface I { f: Int @listSize(assumedSize: 1) }",
    ),
    composed("a list", a="type Query { f: [Int] @listSize(assumedSize: 3) }"),
    composed("a list that is never null", a="type Query { f: [Int!]! @listSize(assumedSize: 3) }"),
    composed(
        "lists below",
        a='type Query { c: [C] @listSize(sizedFields: ["items", "more"]) }\ntype C { items: [Int] more: [Int!]! }',
    ),
    composed("nothing said", a="type Query { f: [Int] @listSize }"),
)


@each(CASES)
def test_list_size_applied_to_non_list(case: Case) -> None:
    """@listSize says how long lists are."""
    check("LIST_SIZE_APPLIED_TO_NON_LIST", case)
