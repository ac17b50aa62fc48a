"""REFERENCED_INACCESSIBLE: what clients see is of types that they see."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "a field",
        "REFERENCED_INACCESSIBLE",
        at=["T", "Query.t"],
        places=["a:2", "a:3"],
        a="type Query { t: [T!]! x: Int }\ntype T @inaccessible { f: Int }",
    ),
    rejected(
        "an argument of a field and of a directive",
        "REFERENCED_INACCESSIBLE",
        at=["E", "Query.f(e:)", "@d(e:)"],
        a="type Query { f(e: E): Int }\ndirective @d(e: E) on FIELD\nenum E @inaccessible { A }",
    ),
    rejected(
        "a field of an input object",
        "REFERENCED_INACCESSIBLE",
        at=["J", "I.j"],
        a="type Query { f(i: I): Int }\ninput I { j: J x: Int }\ninput J @inaccessible { x: Int }",
    ),
    rejected(
        "hidden by another subgraph",
        "REFERENCED_INACCESSIBLE",
        at=["T", "Query.t"],
        places=["a:2", "a:3", "b:2"],
        a="type Query { t: T x: Int }\ntype T @shareable { f: Int }",
        b="type T @shareable @inaccessible { f: Int }",
    ),
    rejected(
        "a type by the name of a specification that the supergraph links",
        "REFERENCED_INACCESSIBLE",
        at=["tag__T", "Query.t"],
        says=["rename the type"],
        a='type Query { t: tag__T x: Int @tag(name: "x") }\ntype tag__T { f: Int }',
    ),
    composed(
        "fields, arguments and types hidden with the type",
        a="""type Query { t: T @inaccessible f(e: E @inaccessible): Int }
type T @inaccessible { f: Int t: T }
type S @inaccessible { t: T }
enum E @inaccessible { A }""",
    ),
    composed(
        "an interface and a union may have hidden members",
        a="""type Query { i: I u: U }
interface I { f: Int }
type T implements I @inaccessible { f: Int }
type S implements I { f: Int }
union U = S | T""",
    ),
)


@each(CASES)
def test_referenced_inaccessible(case: Case) -> None:
    """A hidden type is not named by anything visible."""
    check("REFERENCED_INACCESSIBLE", case)
