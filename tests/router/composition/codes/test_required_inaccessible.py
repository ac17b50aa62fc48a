"""REQUIRED_INACCESSIBLE: what clients must give, they must see."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "an argument",
        "REQUIRED_INACCESSIBLE",
        at=["Query.f(a:)"],
        places=["a:2"],
        a="type Query { f(a: Int! @inaccessible): Int }",
    ),
    rejected(
        "an input field",
        "REQUIRED_INACCESSIBLE",
        at=["I.x"],
        a="type Query { f(i: I): Int }\ninput I { x: Int! @inaccessible y: Int }",
    ),
    rejected(
        "an argument of a directive",
        "REQUIRED_INACCESSIBLE",
        at=["@d(a:)"],
        a="type Query { f: Int }\ndirective @d(a: Int! @inaccessible) on FIELD",
    ),
    rejected(
        "required and visible on an implementation alone",
        "REQUIRED_INACCESSIBLE",
        at=["I.f(a:)", "T.f(a:)"],
        a="""type Query { i: I }
interface I { f(a: Int! = 3 @inaccessible): Int }
type T implements I { f(a: Int!): Int }""",
    ),
    rejected(
        "required in one subgraph, hidden in another",
        "REQUIRED_INACCESSIBLE",
        at=["Query.f(a:)"],
        a="type Query { f(a: Int!): Int @shareable }",
        b="type Query { f(a: Int @inaccessible): Int @shareable }",
    ),
    composed("with a default", a="type Query { f(a: Int! = 1 @inaccessible): Int }"),
    composed(
        "optional", a="type Query { f(a: Int @inaccessible, i: I): Int }\ninput I { x: Int @inaccessible y: Int }"
    ),
    composed(
        "hidden on the way there",
        a="""type Query { f(a: Int! @inaccessible): Int @inaccessible g: Int }
type T @inaccessible { f(a: Int! @inaccessible): Int }
input I @inaccessible { x: Int! @inaccessible }""",
    ),
)


@each(CASES)
def test_required_inaccessible(case: Case) -> None:
    """Nothing hidden is demanded of clients."""
    check("REQUIRED_INACCESSIBLE", case)
