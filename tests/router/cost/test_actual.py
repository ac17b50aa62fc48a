"""The actual cost: what is counted in answers."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from router.config import CostSettings
from router.cost import Costing
from tests.router.cost.costed import actual, costs, planned, supergraph_of

ZOO: Final = """
type Query {
  animals: [Animal]
  pairs: [[Cat]]
  cat: Cat
  fed(by: Int @cost(weight: 2)): Int
  map: Json
  weighed: Int @cost(weight: 4)
  numbers: [Int] @cost(weight: 3)
}
interface Animal { id: ID!  owner: Owner }
type Cat implements Animal { id: ID!  owner: Owner  lives: Int @cost(weight: 9)  toys(of: Int @cost(weight: 2)): [Toy] }
type Dog implements Animal @cost(weight: 5) { id: ID!  owner: Owner  tricks: [Trick!] }
type Owner @cost(weight: 7) { name: String }
type Toy { name: String }
type Trick { name: String }
scalar Json
"""
ANIMALS: Final = """
{ animals { __typename owner { name } ... on Cat { lives toys(of: 1) { name } } ... on Dog { tricks { name } owner { name } } } }
"""


def counted(query: str, answer: dict[str, Any]) -> float:
    """What an answer has cost."""
    cost, variables = costs(supergraph_of(ZOO), query)
    return actual(cost, variables, answer)


@pytest.mark.parametrize(
    ("query", "answer", "cost"),
    [
        ("{ cat { id } }", {"cat": {"id": "1"}}, 1),
        ("{ cat { id } }", {"cat": None}, 0),
        ("{ cat { owner { name } } }", {"cat": {"owner": None}}, 1 + 7),  # a null of a field with a weight has it
        ("{ cat { owner { name } } }", {"cat": {"owner": {"name": "x"}}}, 1 + 7),
        ("{ cat { id } }", {}, 0),
        ("{ cat { id } }", None, 0),
        ("{ weighed }", {"weighed": 1}, 4),
        ("{ weighed }", {"weighed": None}, 4),
        ("{ numbers }", {"numbers": [1, None, 3]}, 9),
        ("{ numbers }", {"numbers": []}, 0),
        ("{ map }", {"map": {"a": [{}, {}]}}, 0),
        ("{ pairs { id } }", {"pairs": [[{"id": "1"}, None], None, []]}, 1),
        ("{ fed(by: 3) }", {"fed": 1}, 2),
        ("{ a: cat { id } b: cat { id } }", {"a": {"id": "1"}, "b": {"id": "1"}}, 2),
    ],
)
def test_values_of_every_kind(query: str, answer: dict[str, Any], cost: int) -> None:
    """Objects, leaves, nulls, lists of lists, and what is not there."""
    assert counted(query, answer) == cost


def test_objects_are_counted_by_their_type() -> None:
    """What is selected of cats is not counted of dogs; a field that two fragments select is one field."""
    cat = {"__typename": "Cat", "owner": {"name": "x"}, "lives": 9, "toys": [{"name": "a"}, {"name": "b"}]}
    dog = {"__typename": "Dog", "owner": {"name": "x"}, "tricks": [{"name": "a"}]}

    assert counted(ANIMALS, {"animals": [cat]}) == 1 + 7 + 9 + 2 + 2
    assert counted(ANIMALS, {"animals": [dog]}) == 1 + 7 + 1
    assert counted(ANIMALS, {"animals": [cat, dog, None, cat]}) == 21 + 9 + 21


def test_arguments_count_once_for_each_object() -> None:
    """Two cats were asked for their toys; how many toys there are does not matter to the argument."""
    query = "{ pairs { toys(of: 1) { name } } }"

    assert counted(query, {"pairs": [[{"toys": []}, {"toys": [{"name": "x"}] * 3}]]}) == (1 + 2) + (1 + 2 + 3)


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b'{"data": 1}', b'{"data": {"cat": [[[]]]}}', b"[" * 5000])
def test_answers_that_make_no_sense_cost_nothing(body: bytes) -> None:
    """The executor says what is wrong with them."""
    cost, variables = costs(supergraph_of(ZOO), "{ cat { id } }")

    assert cost.spent(0, body, variables) == 0


def test_a_request_for_several_kinds_of_entities_is_counted_by_its_aliases() -> None:
    """What is sent as one is answered as one."""
    supergraph = supergraph_of(
        'type Query { best: Team } type Team { lead: User  bank: Account } type User @key(fields: "id") { id: ID! }'
        ' type Account @key(fields: "id") { id: ID! }',
        'type User @key(fields: "id") { id: ID!  pet: Pet } type Account @key(fields: "id") { id: ID!  sum: Int @cost(weight: 4) }'
        " type Pet { name: String }",
    )
    operation, plan, variables = planned(supergraph, "{ best { lead { pet { name } } bank { sum } } }")
    cost = Costing.of(supergraph, CostSettings(list_size=1)).plan_cost(plan, operation)
    (_, entities) = plan.fetches
    keys = re.findall(r"(\w+):_entities", entities.operation)
    answers = {"pet": {"__typename": "User", "pet": {"name": "x"}}, "sum": {"__typename": "Account", "sum": 1}}
    data = {key: [answers[name]] for key, name in zip(keys, ("pet", "sum"), strict=True)}

    assert actual(cost, variables, {"best": {"lead": {"id": "1"}, "bank": {"id": "1"}}}, data) == 3 + (1 + 1) + (1 + 4)
    assert cost.estimate(variables).by_subgraph == {"a": 3, "b": (1 + 1) + (1 + 4)}
