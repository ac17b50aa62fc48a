"""Choosing among ways: the cheapest choice, found in bounded time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from random import Random

import pytest

from router.graph import FieldEdge, Need, Node
from router.planner.assign import Alternative, Choice, Opening, Placements, cheapest, opened
from router.planner.cover import Take
from tests.router.planning import planned, supergraph_of

TAKE = Take(Need("f", "T", frozenset("T"), "Int"), FieldEdge("T", Node("A", "Int")))


def choice(way: int | None, cost: float) -> Choice:
    """One way to have a field, at this cost."""
    return Choice(TAKE, way, cost)


def total(choices: Sequence[Choice], openings: Sequence[Opening]) -> float:
    """What choices cost together."""
    return sum(each.cost for each in choices) + sum(openings[way].price for way in opened(choices, openings))


@pytest.mark.parametrize("seed", range(150))
def test_no_choice_is_cheaper(seed: int) -> None:
    """Against all combinations: hops are paid once, those behind them included, and alternatives of several choices count whole."""
    rng = Random(seed)
    openings = [
        Opening(float(rng.randrange(1, 9)), tuple(sorted(rng.sample(range(5), rng.choice((0, 0, 1))))))
        for _ in range(5)
    ]
    drawn: list[list[Alternative]] = [
        [
            tuple(choice(rng.choice((None, 0, 1, 2, 3, 4)), rng.randrange(6)) for _ in range(rng.choice((1, 1, 2))))
            for _ in range(rng.randint(1, 4))
        ]
        for _ in range(rng.randint(1, 4))
    ]
    needs = drawn + [rng.choice(drawn) for _ in range(rng.randrange(3))]
    best = min(total([c for each in picked for c in each], openings) for picked in product(*needs))
    assert total(cheapest(needs, openings, Placements()), openings) == best


def test_what_has_to_be_paid_anyway_cuts_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight groups of needs, each to be had at two hops, where the hop that looks cheaper at first turns out dearer."""
    monkeypatch.setattr("router.planner.assign.PLACEMENTS_MAX", 2_000)
    needs: list[list[Alternative]] = [
        [(choice(2 * place, cheap),), (choice(2 * place + 1, dear),)]
        for place in range(8)
        for cheap, dear in ((0.0, 1.5), (1.0, 0.0), (1.25, 0.5), (1.5, 0.25))
    ]
    picked = cheapest(needs, [Opening(1000.0)] * 16, Placements())
    assert {each.way for each in picked} == {1, 3, 5, 7, 9, 11, 13, 15}


def test_thousands_of_fields_of_one_object_are_placed() -> None:
    """The search is no deeper than there are different choices."""
    types = """
    type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) { t: T @join__field(graph: A) }
    type T @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__type(graph: C, key: "id") {
      id: ID! x(n: Int): Int @join__field(graph: B) @join__field(graph: C) }
    """
    fields = " ".join(f"x{number}: x(n: {number})" for number in range(3000))
    made = planned(supergraph_of("A B C", types), f"{{ t {{ {fields} }} }}")
    assert [fetch.subgraph for fetch in made.fetches] == ["A", "B"]
