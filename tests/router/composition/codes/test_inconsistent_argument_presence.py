"""INCONSISTENT_ARGUMENT_PRESENCE: an optional argument of some subgraphs only is dropped."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CASES = (
    composed(
        "in one of two",
        "INCONSISTENT_ARGUMENT_PRESENCE",
        at=["Query.f(x:)"],
        says=['in subgraph "a" but not in subgraph "b"'],
        a="type Query { f(x: Int): Int @shareable }",
        b="type Query { f: Int @shareable }",
    ),
    composed(
        "each has another",
        "INCONSISTENT_ARGUMENT_PRESENCE",
        at=["Query.f(x:)", "Query.f(y:)"],
        a="type Query { f(x: Int = 1 z: Int): Int @shareable }",
        b="type Query { f(z: Int y: [Int!]): Int @shareable }",
    ),
    composed(
        "of an interface field and its implementation",
        "INCONSISTENT_ARGUMENT_PRESENCE",
        at=["I.f(x:)", "T.f(x:)"],
        a="type Query { a: I }\ninterface I { f(x: Int): Int }\ntype T implements I @shareable { f(x: Int): Int }",
        b="type Query { b: I }\ninterface I { f: Int }\ntype T implements I @shareable { f: Int }",
    ),
    composed(
        "of a directive",
        "INCONSISTENT_ARGUMENT_PRESENCE",
        at=["@d(x:)"],
        a="type Query { a: Int }\ndirective @d(x: Int) on FIELD",
        b="type Query { b: Int }\ndirective @d on FIELD",
    ),
    composed(
        "hidden, it is dropped all the same",
        "INCONSISTENT_ARGUMENT_PRESENCE",
        a="type Query { f(x: Int @inaccessible): Int @shareable }",
        b="type Query { f: Int @shareable }",
    ),
    composed(
        "only where the field is",
        a="type Query { f(x: Int): Int }",
        b="type Query { g: Int }",
    ),
)


@each(CASES)
def test_inconsistent_argument_presence(case: Case) -> None:
    """Each case gives exactly its codes."""
    check("INCONSISTENT_ARGUMENT_PRESENCE", case)
