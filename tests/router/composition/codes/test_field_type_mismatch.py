"""FIELD_TYPE_MISMATCH: the types of a field have one that covers the others."""

from __future__ import annotations

from tests.router.composition.cases import Case, check, composed, each, rejected

CASES = (
    rejected(
        "list and item",
        "FIELD_TYPE_MISMATCH",
        at=["T.f"],
        says=['type "[Int]" in subgraph "a" but type "Int" in subgraph "b"'],
        places=["a:3", "b:2"],
        a="type Query { t: T }\ntype T @shareable { f: [Int] }",
        b="type T @shareable { f: Int }",
    ),
    rejected(
        "input field",
        "FIELD_TYPE_MISMATCH",
        at=["I.f"],
        a="type Query { a(i: I): Int }\ninput I { f: String }",
        b="type Query { b(i: I): Int }\ninput I { f: Int }",
    ),
    composed(
        "nullability alone is no mismatch",
        "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
        a="type Query { t: T }\ntype T @shareable { f: Int! }",
        b="type T @shareable { f: Int }",
    ),
)


@each(CASES)
def test_field_type_mismatch(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("FIELD_TYPE_MISMATCH", case)
