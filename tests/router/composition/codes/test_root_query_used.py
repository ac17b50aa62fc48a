"""ROOT_QUERY_USED: no other type is called Query where the query root has a name of its own."""

from __future__ import annotations

from tests.router.composition.case import FEDERATION_1, Case, check, composed, each, rejected

CASES = (
    rejected(
        "a type",
        "ROOT_QUERY_USED",
        at=["Query"],
        says=['"Root" is the query root', "another type of that name"],
        places=["a:3", "a:4"],
        a="schema { query: Root }\ntype Root { a: Int }\ntype Query { b: Int }",
    ),
    rejected(
        "an extension alone, of federation 1",
        "ROOT_QUERY_USED",
        at=["Query"],
        places=["a:3", "a:4"],
        a=FEDERATION_1 + "schema { query: Root }\ntype Root { a: Int }\nextend type Query { b: Int }",
    ),
    composed(
        "roots by another name in every subgraph",
        a="schema { query: Root }\ntype Root { a: Int again: Root }",
        b=FEDERATION_1 + "schema { query: Reads }\ntype Reads { b: Int }",
        c="extend schema { query: Asks }\ntype Asks { c: Int }",
    ),
    composed(
        "a second root that only another subgraph calls so",
        a="schema { query: Root }\ntype Root { a: Int r: Reads }\ntype Reads { x: Int }",
        b="schema { query: Reads }\ntype Reads { b: Int }\ntype Root { y: Int }",
    ),
)


@each(CASES)
def test_root_query_used(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("ROOT_QUERY_USED", case)
