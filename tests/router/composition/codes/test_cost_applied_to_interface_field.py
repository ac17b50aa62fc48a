"""COST_APPLIED_TO_INTERFACE_FIELD: what an interface field costs depends on the implementation."""

from __future__ import annotations

from router.composition import Rejected, compose
from tests.router.composition.case import Case, check, composed, each, rejected, subgraph

CASES = (
    rejected(
        "on an interface field",
        "COST_APPLIED_TO_INTERFACE_FIELD",
        at=["I.f"],
        places=["a:4"],
        a="type Query { i: I }\ninterface I {\n  f: Int @cost(weight: 2)\n}\ntype T implements I { f: Int }",
    ),
    rejected(
        "on several, in two subgraphs",
        "COST_APPLIED_TO_INTERFACE_FIELD",
        at=["I.f", "I.g"],
        places=["a:3", "b:2"],
        a="type Query { i: I }\ninterface I { f: Int @cost(weight: 2) g: Int @cost(weight: 3) }",
        b="interface I { f: Int @cost(weight: 2) g: Int }",
    ),
    rejected(
        "in an extension, of weight nothing",
        "COST_APPLIED_TO_INTERFACE_FIELD",
        a="type Query { i: I }\ninterface I { f: Int }\nextend interface I { g: Int @cost(weight: 0) }",
    ),
    composed(
        "on the implementation",
        a="type Query { i: I }\ninterface I { f: Int }\ntype T implements I { f: Int @cost(weight: 2) }",
    ),
    composed(
        "on an argument of the interface field",
        a="type Query { i: I }\ninterface I { f(a: Int @cost(weight: 2)): Int }",
    ),
    composed(
        "on a field of an interface object",
        a='type Query { i: I }\ninterface I @key(fields: "id") { id: ID! }\ntype T implements I @key(fields: "id") { id: ID! }',
        b='type I @interfaceObject @key(fields: "id") { id: ID! f: Int @cost(weight: 2) }',
    ),
)


@each(CASES)
def test_cost_applied_to_interface_field(case: Case) -> None:
    """@cost is for what subgraphs resolve."""
    check("COST_APPLIED_TO_INTERFACE_FIELD", case)


def test_through_an_interface_object() -> None:
    """Nobody could read such a supergraph again: in one of its subgraphs the cost would stand on an interface field."""
    outcome = compose(
        [
            subgraph("a", "type Query { m: M }\ninterface M { id: ID! }"),
            subgraph("b", 'type M @interfaceObject @key(fields: "id") { id: ID! @cost(weight: 9) }'),
        ]
    )

    assert isinstance(outcome, Rejected)
    (error,) = outcome.errors
    assert (error.code.name, error.coordinates, error.subgraphs) == (
        "COST_APPLIED_TO_INTERFACE_FIELD",
        ("M.id",),
        ("a", "b"),
    )
