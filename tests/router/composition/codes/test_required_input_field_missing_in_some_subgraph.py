"""REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH: an input field that a subgraph demands is in all of them."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "required in one",
        "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH",
        at=["I.g"],
        says=['is required in subgraph "a" but missing in subgraph "b"'],
        places=["a:3"],
        a="type Query { a(i: I): Int }\ninput I { f: Int g: Int! }",
        b="type Query { b(i: I): Int }\ninput I { f: Int }",
    ),
    rejected(
        "required in two of three",
        "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH",
        says=['is required in subgraphs "a" and "c" but missing in subgraph "b"'],
        places=["a:3", "c:3"],
        a="type Query { a(i: I): Int }\ninput I { f: Int g: [Int]! }",
        b="type Query { b(i: I): Int }\ninput I { f: Int }",
        c="type Query { c(i: I): Int }\ninput I { f: Int g: [Int]! }",
    ),
    rejected(
        "nothing is left besides",
        "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH",
        "EMPTY_MERGED_INPUT_TYPE",
        a="type Query { a(i: I): Int }\ninput I { g: Int! }",
        b="type Query { b(i: I): Int }\ninput I { f: Int }",
    ),
    composed(
        "a default makes it optional",
        "INCONSISTENT_INPUT_OBJECT_FIELD",
        a="type Query { a(i: I): Int }\ninput I { f: Int g: Int! = 1 }",
        b="type Query { b(i: I): Int }\ninput I { f: Int }",
    ),
    composed(
        "what is required everywhere stays",
        a="type Query { a(i: I): Int }\ninput I { f: Int g: Int! }",
        b="type Query { b(i: I): Int }\ninput I { f: Int g: Int! }",
    ),
    composed(
        "hidden and optional",
        a="type Query { a(i: I): Int }\ninput I { f: Int g: Int @inaccessible }",
        b="type Query { b(i: I): Int }\ninput I { f: Int }",
    ),
)


@each(CASES)
def test_required_input_field_missing_in_some_subgraph(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH", case)
