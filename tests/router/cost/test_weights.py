"""What fields, arguments and types weigh, and in which subgraph."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.router.cost.costed import LINK, estimated, supergraph_of

WEIGHTS: Final = """
type Query {
  free: Int
  object: Thing
  heavy: Thing @cost(weight: 20)
  light: Safe @cost(weight: 0)
  safe: Safe
  either: Either
  grade: Grade
  by(n: Int @cost(weight: 3), in: Filter, all: [Filter!], grade: Grade, list: [Int] @cost(weight: 2)): Int
  boxed(in: Filter @cost(weight: 4)): Int
}
type Thing { id: ID!  name: String @cost(weight: 2) }
type Safe @cost(weight: 30) { id: ID! }
union Either = Thing | Safe
enum Grade @cost(weight: 6) { A B }
input Filter { dear: Int @cost(weight: 10)  plain: Int  within: Filter  any: [Filter!] }
"""


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{ free }", 0),
        ("{ __typename }", 0),
        ("{ object { id } }", 1),
        ("{ object { id name } }", 1 + 2),
        ("{ heavy { id } }", 20),
        ("{ safe { id } }", 30),
        ("{ light { id } }", 0),
        ("{ grade }", 6),
        ("{ either { __typename } }", 1),
        ("{ either { ... on Thing { name } ... on Safe { id } } }", 1 + 2),
        ("{ by(n: 1) }", 3),
        ("{ by(n: null) }", 0),
        ("{ by(in: {}) }", 1),
        ("{ by(in: {plain: 1}) }", 1),
        ("{ by(in: {dear: 1, plain: 1}) }", 1 + 10),
        ("{ by(in: {dear: null}) }", 1),
        ("{ by(in: {within: {dear: 1}}) }", 1 + 1 + 10),
        ("{ by(in: {any: [{}, {dear: 1}]}) }", 1 + 1 + 1 + 10),
        ("{ by(all: [{}, {}]) }", 2),
        ("{ by(grade: A) }", 6),
        ("{ by(list: [1, 2, 3]) }", 2 + 3 * 2),
        ("{ boxed(in: {dear: 1}) }", 4 + 10),
        ("{ a: free b: by(n: 1) c: by(n: 2) }", 6),
    ],
)
def test_weights_that_are_written_out(query: str, cost: int) -> None:
    """A weight replaces that of the type; objects and input objects cost 1; fragments add up."""
    assert estimated(supergraph_of(WEIGHTS), query).total == cost


@pytest.mark.parametrize(
    ("value", "cost"),
    [
        ({"dear": 1}, 1 + 10),
        ({"any": [{"dear": 1}, {"within": {}}], "plain": None}, 1 + (1 + 10) + (1 + 1)),
        ({}, 1),
        (None, 0),
        (..., 0),
    ],
)
def test_a_variable_costs_what_its_value_would(value: Any, cost: int) -> None:
    """One that is left out costs nothing."""
    query = "query ($in: Filter) { by(in: $in) }"

    assert estimated(supergraph_of(WEIGHTS), query, {} if value is ... else {"in": value}).total == cost


def test_variables_within_values() -> None:
    """Wherever they stand."""
    query = "query ($dear: Int, $one: Filter!) { by(n: $dear, in: {dear: $dear, any: [$one, {}]}) }"

    assert estimated(supergraph_of(WEIGHTS), query, {"dear": 1, "one": {"dear": 2}}).total == 3 + 1 + 10 + 11 + 1
    assert estimated(supergraph_of(WEIGHTS), query, {"one": {}}).total == 1 + 1 + 1


def test_directives_keep_their_meaning_under_other_names() -> None:
    """A subgraph may import them under names of its own, and the supergraph does as it does."""
    link = LINK.replace('"@cost"', '{name: "@cost", as: "@price"}').replace(
        '"@listSize"', '{name: "@listSize", as: "@long"}'
    )
    sdl = "type Query { things: [Thing] @price(weight: 3) @long(assumedSize: 4) }  type Thing { id: ID }"

    assert estimated(supergraph_of(sdl, link=link), "{ things { id } }").total == 12


def test_the_heaviest_of_several_subgraphs_counts() -> None:
    """As composition merges them: both are billed the same, whoever answers."""
    sdls = [
        f"type Query {{ {name}: Int  both: Int @shareable @cost(weight: {weight}) }}"
        for name, weight in (("x", 1), ("y", 8))
    ]

    assert estimated(supergraph_of(*sdls), "{ both }").total == 8


def test_a_field_is_billed_by_the_type_that_its_subgraph_gives_it() -> None:
    """An @interfaceObject is one object to its subgraph; entities are a list of a union wherever they are asked for."""
    supergraph = supergraph_of(
        "type Query { media: [Media!] @listSize(assumedSize: 2) }"
        ' interface Media @key(fields: "id") { id: ID! }'
        ' type Book implements Media @key(fields: "id") { id: ID!  pages: Int }',
        'type Media @key(fields: "id") @interfaceObject { id: ID!  reviews: [Review!] @listSize(assumedSize: 3) }'
        " type Review { text: String @cost(weight: 5) }",
    )
    cost = estimated(supergraph, "{ media { id reviews { text } } }", list_size=10)

    assert cost.by_subgraph == {"a": 2, "b": 10 * (1 + 3 * (1 + 5))}


def test_sizes_of_lists_by_subgraph() -> None:
    """What is said of a subgraph goes before what is said of all."""
    supergraph = supergraph_of(
        "type Query { a: [T] @shareable  } type T @shareable { id: ID }", "type Query { b: [U] } type U { id: ID }"
    )
    subgraph = {"all": {"list_size": 7}, "subgraphs": {"b": {"list_size": 2}}}

    assert estimated(supergraph, "{ a { id } b { id } }", list_size=100, subgraph=subgraph).by_subgraph == {
        "a": 7,
        "b": 2,
    }


def test_requests_for_several_paths_are_billed_path_by_path() -> None:
    """That they go out as one is a matter of the planner, and changes no cost."""
    supergraph = supergraph_of(
        'type Query { best: Team  worst: Team } type Team { lead: User  deputy: User } type User @key(fields: "id") { id: ID! }',
        'type User @key(fields: "id") { id: ID!  name: String @cost(weight: 3) }',
    )
    cost = estimated(supergraph, "{ best { lead { name } deputy { name } } worst { lead { name } } }", list_size=10)

    assert cost.by_subgraph == {"a": 2 + 3, "b": 3 * 10 * (1 + 3)}
