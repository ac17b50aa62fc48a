"""UNUSED_ENUM_TYPE: no field and no argument has the enum as its type."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CASES = (
    composed(
        "nothing uses it",
        "UNUSED_ENUM_TYPE",
        at=["E"],
        says=['Nothing uses the enum "E"'],
        a="type Query { a: Int }\nenum E { A }",
    ),
    composed(
        "in several subgraphs, with different values",
        "UNUSED_ENUM_TYPE",
        "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM",
        a="type Query { a: Int }\nenum E { A }",
        b="enum E { B }",
    ),
    composed(
        "used by an argument that is dropped",
        "UNUSED_ENUM_TYPE",
        "INCONSISTENT_ARGUMENT_PRESENCE",
        a="type Query { f(e: E): Int @shareable }\nenum E { A }",
        b="type Query { f: Int @shareable }",
    ),
    composed(
        "used by a directive that is dropped",
        "UNUSED_ENUM_TYPE",
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE",
        a="type Query { a: Int }\ndirective @d(e: E) on FIELD\nenum E { A }",
        b="type Query { b: Int }",
    ),
    composed(
        "used by an input field that is dropped",
        "INCONSISTENT_INPUT_OBJECT_FIELD",
        a="type Query { a(i: I): Int }\ninput I { f: Int e: E }\nenum E { A }",
        b="type Query { b(i: I): Int }\ninput I { f: Int }",
    ),
    composed(
        "used by one subgraph",
        a="type Query { a: Int }\nenum E { A }",
        b="type Query { b: E }\nenum E { A }",
    ),
)


@each(CASES)
def test_unused_enum_type(case: Case) -> None:
    """Each case gives exactly its codes."""
    check("UNUSED_ENUM_TYPE", case)
