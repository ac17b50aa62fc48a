"""Schemas of the shapes for which Apollo's router publishes what operations cost: ours costs them the same."""

from __future__ import annotations

import json
from typing import Final

from tests.router.cost.costed import actual, costs, estimated, supergraph_of

HARBOUR: Final = (
    """
    type Query { boats: [Boat!]! }
    type Boat @key(fields: "id") {
      id: ID!
      mooring: String
      keeper: Keeper!
      dues: Float @requires(fields: "keeper { berths { metres } }")
    }
    type Keeper @key(fields: "id") { id: ID!  berths: [Berth!] @external }
    type Berth { metres: Int @external }
    """,
    """
    type Query { keepers: [Keeper!]! }
    type Keeper @key(fields: "id") { id: ID!  name: String  licence: Licence!  berths: [Berth!] }
    type Licence { number: String }
    type Berth { metres: Int }
    """,
)

MARKET: Final = """
type Query {
  weighed: Int @cost(weight: 5)
  asked(by: Int @cost(weight: 3)): Int
  grade: Grade
  filtered(by: Filter): Int
  rare: Rare
  chest: Chest
  stalls: [Stall!] @listSize(assumedSize: 8)
  shelves(first: Int): Shelves @listSize(slicingArguments: ["first"], sizedFields: ["items"])
}
enum Grade @cost(weight: 10) { GOOD BAD }
scalar Rare @cost(weight: 30)
input Filter { dear: Int @cost(weight: 10)  plain: Int }
type Chest @cost(weight: 40) { id: ID }
type Stall { id: ID }
type Shelves { items: [Item!] }
type Item { id: ID  tags: [Tag!] @listSize(assumedSize: 4) }
type Tag { name: String }
"""

ALL_WEIGHTS: Final = """
query ($by: Filter) {
  weighed
  asked(by: 1)
  grade
  filtered(by: $by)
  rare
  chest { id }
  stalls { id }
  shelves(first: 3) { items { id tags { name } } }
  few: shelves(first: 3) { items { id } }
}
"""
ITEM: Final = {"id": "1", "tags": [{"name": "a"}] * 4}
ANSWER: Final = {
    "weighed": 1,
    "asked": 1,
    "grade": "GOOD",
    "filtered": 1,
    "rare": "x",
    "chest": {"id": "1"},
    "stalls": [{"id": "1"}] * 8,
    "shelves": {"items": [ITEM] * 3},
    "few": {"items": [{"id": "1"}]},
}


def test_inputs_of_requires_are_billed_where_they_are_fetched() -> None:
    """Boats with their keepers, 200; berths of each keeper, 10 100; the dues, 100: in all 10 400."""
    cost = estimated(supergraph_of(*HARBOUR), "{ boats { dues } }", list_size=100)

    assert cost.total == 10_400
    assert cost.by_subgraph == {"a": 300, "b": 10_100}


def test_root_fields_of_two_subgraphs_add_up() -> None:
    """Two lists of a hundred, each with an object within: 400."""
    query = """
      { keepers { ...Keeper } boats { ...Boat } }
      fragment Keeper on Keeper { name licence { number } }
      fragment Boat on Boat { mooring keeper { id } }
    """
    cost = estimated(supergraph_of(*HARBOUR), query, list_size=100)

    assert cost.total == 400
    assert cost.by_subgraph == {"a": 200, "b": 200}


def test_every_location_of_a_weight_counts() -> None:
    """Field 5, argument 3, enum 10, input object 1 with 10, scalar 30, object 40, lists 8, 1 + 3 × (1 + 4) and 1 + 3: 127."""
    assert estimated(supergraph_of(MARKET), ALL_WEIGHTS, {"by": {"dear": 7, "plain": 1}}).total == 127


def test_what_was_answered_may_have_cost_less() -> None:
    """Two items that were estimated did not come: 125."""
    cost, variables = costs(supergraph_of(MARKET), ALL_WEIGHTS, {"by": {"dear": 7}})

    assert actual(cost, variables, ANSWER) == 125


def test_the_shape_of_the_answer_says_the_same() -> None:
    """What one subgraph answered is what the client gets, be it counted here or there."""
    cost, variables = costs(supergraph_of(MARKET), ALL_WEIGHTS, {"by": {"dear": 7}}, actual="by_response_shape")

    assert cost.spent_on(json.dumps(ANSWER).encode(), variables) == 125
