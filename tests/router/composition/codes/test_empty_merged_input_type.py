"""EMPTY_MERGED_INPUT_TYPE: the subgraphs' versions of an input object have a field in common."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "no field in common",
        "EMPTY_MERGED_INPUT_TYPE",
        at=["I"],
        says=['"I" is common to subgraphs "a" and "b"'],
        places=["a:3", "b:3"],
        a="type Query { a(i: I): Int }\ninput I { f: Int }",
        b="type Query { b(i: I): Int }\ninput I { g: Int }",
    ),
    rejected(
        "any two of three have one in common",
        "EMPTY_MERGED_INPUT_TYPE",
        places=["a:3", "b:3", "c:3"],
        a="type Query { a(i: I): Int }\ninput I { f: Int g: Int }",
        b="type Query { b(i: I): Int }\ninput I { g: Int h: Int }",
        c="type Query { c(i: I): Int }\ninput I { h: Int f: Int }",
    ),
    rejected(
        "even if nothing uses it",
        "EMPTY_MERGED_INPUT_TYPE",
        a="type Query { a: Int }\ninput I { f: Int }",
        b="input I { g: Int }",
    ),
    composed(
        "one in common",
        "INCONSISTENT_INPUT_OBJECT_FIELD",
        a="type Query { a(i: I): Int }\ninput I { f: Int g: Int }",
        b="type Query { b(i: I): Int }\ninput I { g: Int h: Int }",
    ),
    composed(
        "hidden fields stay, so a hidden input object need not have any in common",
        a="type Query { a(i: I @inaccessible): Int }\ninput I @inaccessible { f: Int @inaccessible }",
        b="type Query { b(i: I @inaccessible): Int }\ninput I @inaccessible { g: Int @inaccessible }",
    ),
)


@each(CASES)
def test_empty_merged_input_type(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("EMPTY_MERGED_INPUT_TYPE", case)
