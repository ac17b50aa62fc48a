"""ONLY_INACCESSIBLE_CHILDREN: a type that clients see has something to show."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "an object",
        "ONLY_INACCESSIBLE_CHILDREN",
        at=["T", "T.f", "T.g"],
        places=["a:3"],
        a="type Query { t: T }\ntype T { f: Int @inaccessible g: Int @inaccessible }",
    ),
    rejected(
        "an interface, by two subgraphs together",
        "ONLY_INACCESSIBLE_CHILDREN",
        at=["I"],
        a="type Query { i: I }\ninterface I { f: Int @inaccessible }\ntype T implements I @shareable { f: Int }",
        b="interface I { g: Int @inaccessible }\ntype T implements I @shareable { f: Int g: Int }",
    ),
    rejected(
        "an input object",
        "ONLY_INACCESSIBLE_CHILDREN",
        at=["I"],
        a="type Query { f(i: I): Int }\ninput I { x: Int @inaccessible }",
    ),
    rejected(
        "an enum",
        "ONLY_INACCESSIBLE_CHILDREN",
        at=["E"],
        a="type Query { e: E }\nenum E { A @inaccessible B @inaccessible }",
    ),
    rejected(
        "a union of hidden types",
        "ONLY_INACCESSIBLE_CHILDREN",
        at=["U", "T"],
        a="type Query { u: U }\nunion U = T\ntype T @inaccessible { f: Int }",
    ),
    rejected("the query root", "ONLY_INACCESSIBLE_CHILDREN", at=["Query"], a="type Query { f: Int @inaccessible }"),
    composed(
        "one part stays visible",
        a="""type Query { t: T u: U e: E }
type T { f: Int @inaccessible g: Int }
type S @inaccessible { f: Int @inaccessible }
union U = S | T
enum E { A B @inaccessible }""",
    ),
    composed(
        "visible in another subgraph",
        a='type Query { t: T }\ntype T @key(fields: "f") { f: Int @inaccessible }',
        b='type T @key(fields: "f") { f: Int g: Int }',
    ),
)


@each(CASES)
def test_only_inaccessible_children(case: Case) -> None:
    """A visible type is not empty for clients."""
    check("ONLY_INACCESSIBLE_CHILDREN", case)
