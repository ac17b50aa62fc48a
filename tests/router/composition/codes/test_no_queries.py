"""NO_QUERIES: some subgraph has a query."""

from __future__ import annotations

from tests.router.composition.case import FEDERATION_1, Case, check, composed, each, rejected

CASES = (
    rejected(
        "types only",
        "NO_QUERIES",
        at=["Query"],
        says=["No subgraph has a query"],
        a="type T @shareable { x: Int }",
        b=FEDERATION_1 + "type T { x: Int }",
    ),
    rejected(
        "federation's own queries are none",
        "NO_QUERIES",
        a="type Query { _service: _Service! _entities(representations: [_Any!]!): [_Entity]! }\n"
        "scalar _Any\nunion _Entity = T\ntype _Service { sdl: String }\n"
        'type T @key(fields: "id") { id: ID! }',
    ),
    rejected(
        "mutations are none either",
        "NO_QUERIES",
        a="type Mutation { m: Int }",
    ),
    rejected(
        "a schema that names no query root",
        "NO_QUERIES",
        a="schema { mutation: Mutation }\ntype Mutation { m: Int }",
    ),
    composed(
        "one subgraph is enough",
        a='type T @key(fields: "id") { id: ID! }',
        b="type Query { b: Int }",
    ),
)


@each(CASES)
def test_no_queries(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("NO_QUERIES", case)
