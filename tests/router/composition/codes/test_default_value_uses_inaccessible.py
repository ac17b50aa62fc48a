"""DEFAULT_VALUE_USES_INACCESSIBLE: a default that clients see says nothing that they cannot."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "an enum value",
        "DEFAULT_VALUE_USES_INACCESSIBLE",
        at=["E.B", "Query.f(e:)"],
        places=["a:2", "a:3"],
        a="type Query { f(e: E = B): Int }\nenum E { A B @inaccessible }",
    ),
    rejected(
        "a field of an input object, deep in lists",
        "DEFAULT_VALUE_USES_INACCESSIBLE",
        at=["J.y", "Query.f(i:)"],
        a="type Query { f(i: [I] = [{j: {x: 1}}, {j: {y: 2}}]): Int }\ninput I { j: J }\ninput J { x: Int y: Int @inaccessible }",
    ),
    rejected(
        "the default of an input field",
        "DEFAULT_VALUE_USES_INACCESSIBLE",
        at=["E.B", "I.e"],
        a="type Query { f(i: I): Int }\ninput I { e: E = B }\nenum E { A B @inaccessible }",
    ),
    rejected(
        "the default of a directive's argument",
        "DEFAULT_VALUE_USES_INACCESSIBLE",
        at=["@d(e:)"],
        a="type Query { f: E }\ndirective @d(e: [E!] = [A, B]) on FIELD\nenum E { A B @inaccessible }",
    ),
    composed(
        "hidden where the default is",
        a="type Query { f(e: E = B @inaccessible): Int g(e: E = A): Int }\nenum E { A B @inaccessible }",
    ),
    composed(
        "a default that another subgraph does not have is none",
        "INCONSISTENT_DEFAULT_VALUE_PRESENCE",
        a="type Query { f(e: E = B): Int @shareable }\nenum E { A B @inaccessible }",
        b="type Query { f(e: E): Int @shareable }\nenum E { A B }",
    ),
    rejected(
        "of a hidden type the reference is the problem",
        "REFERENCED_INACCESSIBLE",
        "DEFAULT_VALUE_USES_INACCESSIBLE",
        a="type Query { f(e: E = B): Int g(e: G = B): Int }\nenum E @inaccessible { A B @inaccessible }\nenum G { A B @inaccessible }",
    ),
)


@each(CASES)
def test_default_value_uses_inaccessible(case: Case) -> None:
    """Visible defaults are made of visible parts."""
    check("DEFAULT_VALUE_USES_INACCESSIBLE", case)
