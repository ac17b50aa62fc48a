"""LIST_SIZE_INVALID_SIZED_FIELD: a sized field is one of the type that the field returns."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "no such field",
        "LIST_SIZE_INVALID_SIZED_FIELD",
        at=["Query.c"],
        says=['"C" has no field "nope"'],
        places=["a:2"],
        a='type Query { c: C @listSize(sizedFields: ["items", "nope"]) }\ntype C { items: [Int] }',
    ),
    rejected(
        "a type without fields",
        "LIST_SIZE_INVALID_SIZED_FIELD",
        says=['"[Int]" has no fields'],
        a='type Query { f: [Int] @listSize(sizedFields: ["items"]) }',
    ),
    rejected(
        "a union",
        "LIST_SIZE_INVALID_SIZED_FIELD",
        a='type Query { u: U @listSize(sizedFields: ["items"]) }\nunion U = C\ntype C { items: [Int] }',
    ),
    rejected(
        "a path",
        "LIST_SIZE_INVALID_SIZED_FIELD",
        a='type Query { c: C @listSize(sizedFields: ["c.items"]) }\ntype C { c: C items: [Int] }',
    ),
    composed(
        "a list of the object",
        a='type Query { c: C @listSize(sizedFields: ["items"]) }\ntype C { items: [Int] }',
    ),
    composed(
        "a list of the interface",
        a='type Query { i: [I!]! @listSize(sizedFields: ["items"]) }\ninterface I { items: [Int] }',
    ),
)


@each(CASES)
def test_list_size_invalid_sized_field(case: Case) -> None:
    """Sized fields are there to be sized."""
    check("LIST_SIZE_INVALID_SIZED_FIELD", case)
