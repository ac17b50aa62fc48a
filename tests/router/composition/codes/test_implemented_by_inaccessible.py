"""IMPLEMENTED_BY_INACCESSIBLE: what an interface shows, its visible implementations show."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "a field",
        "IMPLEMENTED_BY_INACCESSIBLE",
        at=["T.f", "I.f"],
        places=["a:3", "a:4"],
        a="type Query { i: I }\ninterface I { f: Int }\ntype T implements I { f: Int @inaccessible g: Int }",
    ),
    rejected(
        "an argument",
        "IMPLEMENTED_BY_INACCESSIBLE",
        at=["T.f(a:)", "I.f(a:)"],
        a="type Query { i: I }\ninterface I { f(a: Int): Int }\ntype T implements I { f(a: Int @inaccessible): Int }",
    ),
    rejected(
        "of an interface that implements another",
        "IMPLEMENTED_BY_INACCESSIBLE",
        at=["J.f", "I.f"],
        a="""type Query { i: I }
interface I { f: Int }
interface J implements I { f: Int @inaccessible g: Int }
type T implements I & J { f: Int g: Int }""",
    ),
    rejected(
        "hidden by another subgraph",
        "IMPLEMENTED_BY_INACCESSIBLE",
        at=["T.f"],
        a="type Query { i: I }\ninterface I { f: Int }\ntype T implements I @shareable { f: Int g: Int }",
        b="type T @shareable { f: Int @inaccessible g: Int }",
    ),
    composed(
        "a hidden implementation, a hidden interface",
        a="""type Query { i: I }
interface I { f: Int }
interface H @inaccessible { h: Int }
type S implements I @inaccessible { f: Int @inaccessible g: Int }
type T implements I & H { f: Int h: Int @inaccessible }""",
    ),
    composed(
        "hidden on both",
        a="""type Query { i: I }
interface I { f: Int @inaccessible g(a: Int @inaccessible): Int }
type T implements I { f: Int @inaccessible g(a: Int @inaccessible): Int }""",
    ),
    composed(
        "an argument that the implementation alone has",
        a="type Query { i: I }\ninterface I { f: Int }\ntype T implements I { f(a: Int @inaccessible): Int }",
    ),
)


@each(CASES)
def test_implemented_by_inaccessible(case: Case) -> None:
    """Through the interface clients see what they see on every implementation."""
    check("IMPLEMENTED_BY_INACCESSIBLE", case)
