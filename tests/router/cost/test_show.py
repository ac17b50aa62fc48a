"""`plan --stage cost`: tables in which everybody can see why an operation costs what it costs."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from router.composition import Composed, SubgraphInput, compose
from tests.router.cost.costed import LINK
from tests.router.test_cli import Done, run, sentence

SDL: Final = """
type Query { all(first: Int): [Thing!] @listSize(slicingArguments: ["first"]) }
type Mutation { make(many: Int! @cost(weight: 2)): Thing }
union Thing = Cup | Bowl
type Cup { id: ID!  size: Int @cost(weight: 3) }
type Bowl { id: ID!  lid: Cup }
"""


def cost(folder: Path, query: str, *arguments: str) -> Done:
    """The command, over a supergraph of one subgraph."""
    composed = compose([SubgraphInput("shop", LINK + SDL, "http://shop.test")])
    assert isinstance(composed, Composed)
    (folder / "supergraph.graphql").write_text(composed.sdl)
    (folder / "query.graphql").write_text(query)
    files = ("--supergraph", folder / "supergraph.graphql", "--operation", folder / "query.graphql")
    return run("plan", *files, "--stage", "cost", *arguments)


def test_aliases_types_and_variables_are_shown(tmp_path: Path) -> None:
    """With the size that the variables ask for."""
    query = "query ($n: Int) { two: all(first: $n) { ... on Cup { size } ... on Bowl { lid { id } } } }"

    assert cost(tmp_path, query, "--variables", '{"n": 1200}').stdout == (
        """request 0 to shop: query
  field          sized by   items  × (weight  + below)  + arguments  = cost
  two: all       @listSize  1,200          1         4            0   6,000
    ... on Bowl
      lid                       1          1         0            0       1
        id
    ... on Cup
      size                      1          3         0            0       3
  in all                                                              6,000

The operation is estimated to cost 6,000.
"""
    )


def test_mutations_have_a_line_of_their_own(tmp_path: Path) -> None:
    """For what they cost beyond their fields."""
    assert cost(tmp_path, "mutation { make(many: 3) { __typename } }").stdout == (
        """request 0 to shop: mutation
  field                 sized by  items  × (weight  + below)  + arguments  = cost
  make                                1          1         0            2       3
  for being a mutation                                                         10
  in all                                                                       13

The operation is estimated to cost 13.
"""
    )


def test_an_operation_of_unknown_cost_is_one_sentence(tmp_path: Path) -> None:
    """It names the field and its slicing arguments."""
    assert sentence(cost(tmp_path, "{ all { __typename } }")) == (
        "Query.all needs exactly one of its slicing arguments (first) and has none: the size of its list is open."
    )


def test_without_requests_there_is_only_the_sum(tmp_path: Path) -> None:
    """What the router answers by itself costs nothing."""
    assert cost(tmp_path, "{ __typename }").stdout == "The operation is estimated to cost 0.\n"
