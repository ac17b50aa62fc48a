"""Fetches of one subgraph in one wave are one request, whatever the paths of their objects."""

from __future__ import annotations

import pytest

from router.planner import plan
from router.planner.optimize import batching
from tests.router.planning import asked, assert_same_answer, normalized, planned, supergraph_of
from tests.router.world import World

SHOP = supergraph_of(
    "ACCOUNTS INVENTORY PRODUCTS REVIEWS",
    """
type User @join__type(graph: ACCOUNTS, key: "id") @join__type(graph: REVIEWS, key: "id") {
  id: ID!
  name: String @join__field(graph: ACCOUNTS)
  username: String @join__field(graph: ACCOUNTS)
  reviews(first: Int): [Review] @join__field(graph: REVIEWS)
}
type Product
  @join__type(graph: INVENTORY, key: "upc") @join__type(graph: PRODUCTS, key: "upc") @join__type(graph: REVIEWS, key: "upc")
{
  upc: String!
  weight: Int @join__field(graph: INVENTORY, external: true) @join__field(graph: PRODUCTS)
  price: Int @join__field(graph: INVENTORY, external: true) @join__field(graph: PRODUCTS)
  inStock: Boolean @join__field(graph: INVENTORY)
  shippingEstimate: Int @join__field(graph: INVENTORY, requires: "price weight")
  name: String @join__field(graph: PRODUCTS)
  reviews: [Review] @join__field(graph: REVIEWS)
}
type Review @join__type(graph: REVIEWS, key: "id") {
  id: ID!
  body: String
  product: Product
  author: User
}
type Query
  @join__type(graph: ACCOUNTS) @join__type(graph: INVENTORY) @join__type(graph: PRODUCTS) @join__type(graph: REVIEWS)
{
  users: [User] @join__field(graph: ACCOUNTS)
  topProducts: [Product] @join__field(graph: PRODUCTS)
}
""",
)
QUERY_WITH_ARGUMENT = "{ users { reviews(first: $representations_1) { id } } topProducts { reviews { body } } }"
USERS, PRODUCTS = "0 ACCOUNTS {users{__typename", "1 PRODUCTS {topProducts{__typename"


def test_the_same_question_at_several_paths_is_one_field() -> None:
    """Products are named at two depths by one `_entities`: one found at both is asked for once."""
    query = "{ users { reviews { product { name } author { reviews { product { name } } } } } }"
    assert asked(SHOP, query)[2:] == [
        "2<1 PRODUCTS at users.@.reviews.@.product Product(upc) & users.@.reviews.@.author.reviews.@.product Product(upc) "
        "{...on Product{name}}",
    ]


def test_the_order_of_fields_makes_no_other_question() -> None:
    """What the client lists in another order is asked for in the order of the first path."""
    query = "{ users { reviews { product { name price } author { reviews { product { price name } } } } } }"
    assert asked(SHOP, query)[2].endswith("{...on Product{name price}}")


def test_different_questions_are_fields_of_one_request() -> None:
    """Reviews of users and of products are asked for at once, each with representations of its own."""
    assert asked(SHOP, "{ users { reviews { id } } topProducts { reviews { body } } }") == [
        f"{USERS} id}}}}",
        f"{PRODUCTS} upc}}}}",
        "2<0,1 REVIEWS at users.@ User(id) {...on User{reviews{id}}} + at topProducts.@ Product(upc) {...on Product{reviews{body}}}",
    ]
    made = planned(SHOP, f"query Q($representations_1: Int) {QUERY_WITH_ARGUMENT}")
    assert made.fetches[2].operation == (
        "query Q__REVIEWS__2($representations:[_Any!]!,$representations_2:[_Any!]!,$representations_1:Int){"
        "_e0:_entities(representations:$representations){...on User{reviews(first:$representations_1){id}}} "
        "_e1:_entities(representations:$representations_2){...on Product{reviews{body}}}}"
    )


def test_other_keys_make_another_question() -> None:
    """One selection of objects that are named by an id here and by a tag there stays two fields."""
    keyed = supergraph_of(
        "A B C",
        """
type T
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id") @join__type(graph: B, key: "tag")
  @join__type(graph: C, key: "tag")
{
  id: ID! @join__field(graph: A) @join__field(graph: B)
  tag: ID! @join__field(graph: B) @join__field(graph: C)
  n: Int @join__field(graph: B)
}
type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) {
  one: T @join__field(graph: A)
  other: T @join__field(graph: C)
}
""",
    )
    assert (
        asked(keyed, "{ one { n } other { n } }")[2]
        == "2<0,1 B at one T(id) {...on T{n}} + at other T(tag) {...on T{n}}"
    )


def test_the_physical_keys_of_inputs_are_each_path_s_own() -> None:
    """Where an alias of the client stands in the way of a key, the input is read elsewhere and sent under the same name."""
    query = "{ users { reviews { product { upc: inStock name } } } topProducts { reviews { product { name } } } }"
    assert asked(SHOP, query)[4] == (
        "4<2 PRODUCTS at users.@.reviews.@.product Product(_q0:upc) & topProducts.@.reviews.@.product Product(upc) "
        "{...on Product{name}}"
    )


def test_waves_are_never_mixed() -> None:
    """A fetch that others wait for does not wait for a later wave of its subgraph."""
    query = (
        "{ topProducts { reviews { product { price shippingEstimate } author { reviews { product { price } } } } } }"
    )
    fetches = planned(SHOP, query).fetches
    assert [(fetch.subgraph, fetch.after) for fetch in fetches] == [
        ("PRODUCTS", ()),
        ("REVIEWS", (0,)),
        ("PRODUCTS", (1,)),
        ("INVENTORY", (2,)),
    ]
    assert len(fetches[2].anchors) == 2


def test_what_nobody_waits_for_goes_with_a_later_wave() -> None:
    """The stock of top products is asked for together with that of products that are known two waves later."""
    query = "{ topProducts { inStock reviews { product { shippingEstimate } } } }"
    assert asked(SHOP, query)[-1] == (
        "3<2 INVENTORY at topProducts.@ Product(upc) {...on Product{inStock}} "
        "+ at topProducts.@.reviews.@.product Product(upc price weight) {...on Product{shippingEstimate}}"
    )


def test_what_its_own_wave_asks_anyway_does_not_sink() -> None:
    """A fetch without followers goes with its own wave where that asks the same subgraph for something that others need."""
    ladder = supergraph_of(
        "A B",
        """
type T @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
  id: ID!
  n: Int @join__field(graph: B)
  up: U @join__field(graph: B)
}
type U @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
  id: ID!
  down: T @join__field(graph: A)
}
type Query @join__type(graph: A) @join__type(graph: B) { t: T @join__field(graph: A) s: T @join__field(graph: A) }
""",
    )
    assert asked(ladder, "{ s { n } t { up { down { n } } } }") == [
        "0 A {s{__typename id} t{__typename id}}",
        "1<0 B at s T(id) {...on T{n}} + at t T(id) {...on T{up{__typename id}}}",
        "2<1 A at t.up U(id) {...on U{down{__typename id}}}",
        "3<2 B at t.up.down T(id) {...on T{n}}",
    ]


def test_a_request_has_a_bounded_number_of_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the bound another request goes out beside it."""
    query = "{ users { a: reviews { product { name } } b: reviews { product { price } } c: reviews { product { weight } } } }"
    assert [len(fetch.entities) for fetch in planned(SHOP, query).fetches] == [0, 1, 3]
    monkeypatch.setattr(batching, "ENTITIES_PER_REQUEST_MAX", 2)
    assert [len(fetch.entities) for fetch in plan(normalized(SHOP, query), SHOP).fetches] == [0, 1, 2, 1]


@pytest.mark.parametrize("seed", range(5))
async def test_batched_requests_answer_as_one_schema_does(seed: int) -> None:
    """Several paths, aliases, waves and sunk fetches at once."""
    query = """{
      users { name reviews { body product { name inStock reviews { author { username reviews { product { name } } } } } } }
      topProducts { name shippingEstimate reviews { author { name reviews { product { inStock price weight } } } } }
    }"""
    await assert_same_answer(World(SHOP, seed), query)
