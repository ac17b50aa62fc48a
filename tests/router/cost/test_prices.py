"""The table of prices that `inspect prices` prints."""

from __future__ import annotations

from router.cost.prices import show_prices
from tests.router.cost.costed import supergraph_of


def test_every_price_of_its_own_is_told() -> None:
    """Weights of fields, of their types and of their arguments, and where sizes of lists come from."""
    shown = show_prices(
        supergraph_of("""
        type Query {
          plain: Int
          dear(by: Int @cost(weight: 3)): Int @cost(weight: 20)
          heavy: Heavy
          few: [Plain] @listSize(assumedSize: 4)
          page(first: Int = 9): Page @listSize(slicingArguments: ["first"], sizedFields: ["edges"])
        }
        type Plain { id: Int }
        type Page { edges: [Plain] }
        type Heavy @cost(weight: 7) { id: Int }
        """)
    )

    assert shown.splitlines() == [
        "field        cost       size of the list",
        "Query.dear   20, by: 3",
        "Query.few    1          4",
        "Query.heavy  7",
        "Query.page   1          first, handed to edges",
    ]


def test_a_supergraph_without_prices_says_so() -> None:
    """In a sentence, with what holds then."""
    assert show_prices(supergraph_of("type Query { a: Int }")).startswith("Nothing has a price of its own")
