"""ROOT_SUBSCRIPTION_USED: no other type is called Subscription where the subscription root has a name of its own."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "a type",
        "ROOT_SUBSCRIPTION_USED",
        at=["Subscription"],
        says=['"Root" is the subscription root', "another type of that name"],
        places=["a:3", "a:4"],
        a="schema { query: Query subscription: Root }\ntype Root { a: Int }\ntype Subscription { b: Int }\ntype Query { q: Int }",
    ),
    rejected(
        "an interface, beside a query root that is well named",
        "ROOT_SUBSCRIPTION_USED",
        at=["Subscription"],
        places=["b:3", "b:4"],
        a="type Query { q: Int }",
        b="extend schema { subscription: Root }\ntype Root { a: Int }\ninterface Subscription { b: Int }",
    ),
    composed(
        "no root at all, so a type like any other",
        a="schema { query: Query }\ntype Query { s: Subscription }\ntype Subscription { a: Int }",
    ),
    composed(
        "renamed",
        a="extend schema { subscription: Root }\ntype Root { a: Int }\ntype Query { q: Int }",
    ),
)


@each(CASES)
def test_root_subscription_used(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("ROOT_SUBSCRIPTION_USED", case)
