"""Arguments from a context: read above the objects that are asked about, one request for each set of values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from router.errors import SubgraphFailure
from router.limits import CONTEXTS_PER_FETCH_MAX
from router.plan import ContextRead, Fetch
from router.transport import SubgraphRequest
from tests.router.executor.harness import Case, entities, entity_fetch, paths, root_fetch, supergraph_of

TOWN = supergraph_of(
    """
    type Query { shops: [Shop]  stand: Stand }
    interface Stand { item: Item }
    type Shop implements Stand { rate: Int  owner: Owner  items: [Item]  item: Item }
    type Kiosk implements Stand { fee: Int  item: Item }
    type Owner { region: String }
    type Item { id: ID!  price: Int }
    """
)


def price_fetch(path: str, *reads: ContextRead, after: tuple[int, ...] = (0,)) -> Fetch:
    """Asks for prices, with arguments from contexts."""
    fetch = entity_fetch("tax", "... on Item { price(rate: $rate) }", number=1, path=path, on="Item", after=after)
    (asked,) = fetch.entities
    (anchor,) = asked.anchors
    return replace(fetch, entities=(replace(asked, anchors=(replace(anchor, contexts=reads),)),))


def rate(*keys: str, at: int = 2, of: str = "Shop", nullable: bool = True) -> ContextRead:
    """$rate, from the shop above."""
    return ContextRead("rate", at, ((of, keys or ("rate",)),), nullable)


def tax(request: SubgraphRequest) -> dict[str, Any]:
    """A price says what it was asked with."""
    sent = request.payload["variables"]
    return entities(*({"price": int(item["id"]) * (sent["rate"] or 0)} for item in sent["representations"]))


def shops_case(shops: list[Any], *reads: ContextRead, tax: Any = tax) -> Case:
    """Shops whose items have a price that depends on the shop."""
    fetches = [root_fetch("town", "{ shops { rate items { id } } }"), price_fetch("shops.@.items.@", *reads)]
    answers = {"town": [{"data": {"shops": shops}}], "tax": [tax] * 100}
    return Case(TOWN, "{ shops { items { price } } }", fetches, answers)


def shop(rate: Any, *items: str) -> dict[str, Any]:
    """A shop with items."""
    return {"rate": rate, "items": [{"id": item} for item in items]}


def prices(data: Any) -> list[list[int | None]]:
    """The prices of each shop."""
    return [[item["price"] for item in each["items"]] for each in data["shops"]]


async def test_objects_that_share_a_value_share_a_request() -> None:
    """Each distinct value is one request; the same item in two shops has a price in each, by its own shop."""
    case = shops_case([shop(2, "1", "3"), shop(5, "1"), shop(2, "1", "4")], rate())

    result = await case.run()

    assert prices(result.data) == [[2, 6], [5], [2, 8]]
    assert result.errors == ()
    sent = [request.payload["variables"] for request in case.transport.requests_to("tax")]
    assert [(each["rate"], [item["id"] for item in each["representations"]]) for each in sent] == [
        (2, ["1", "3", "4"]), (5, ["1"]),
    ]  # fmt: skip


@pytest.mark.parametrize("known", [{"rate": None}, {}])
async def test_a_value_that_is_not_there_is_null(known: dict[str, Any]) -> None:
    """A nullable argument is sent null, be the value null or absent; the other shops are not touched."""
    case = shops_case([{**known, "items": [{"id": "1"}]}, shop(3, "1")], rate())

    result = await case.run()

    assert prices(result.data) == [[0], [3]]
    assert [request.payload["variables"]["rate"] for request in case.transport.requests_to("tax")] == [None, 3]


@pytest.mark.parametrize("known", [{"rate": None}, {}])
async def test_objects_without_a_value_that_must_be_are_not_asked_about(known: dict[str, Any]) -> None:
    """A non-null argument cannot be sent null: their field stays null, without an error of its own."""
    case = shops_case([{**known, "items": [{"id": "1"}]}, shop(3, "1")], rate(nullable=False))

    result = await case.run()

    assert prices(result.data) == [[None], [3]]
    assert result.errors == ()
    assert len(case.transport.requests_to("tax")) == 1


async def test_errors_find_the_objects_of_their_own_request() -> None:
    """Index 0 of the second request is not index 0 of the first; a request that fails costs its own objects alone."""

    def failing(request: SubgraphRequest) -> Any:
        match request.payload["variables"]["rate"]:
            case 2:
                return entities(None, errors=[{"message": "m", "path": ["_entities", 0, "price"]}])
            case 3:
                return SubgraphFailure("tax", "down")
            case _:
                return tax(request)

    case = shops_case([shop(5, "1"), shop(2, "1"), shop(3, "1")], rate(), tax=failing)

    result = await case.run()

    assert prices(result.data) == [[5], [None], [None]]
    assert paths(result) == [["shops", 1, "items", 0, "price"], ["shops"]]


async def test_the_value_may_stand_below_the_object_that_sets_the_context() -> None:
    """A nested selection is followed; where an object on the way is null, so is the value."""
    owned = [
        {"owner": {"region": 7}, "items": [{"id": "1"}]},
        {"owner": None, "items": [{"id": "1"}]},
    ]

    assert prices((await shops_case(owned, rate("owner", "region")).run()).data) == [[7], [0]]


async def test_the_type_of_the_object_says_where_its_value_is() -> None:
    """Two types that set one context keep its value under keys of their own; a type that sets none has none."""
    reads = ContextRead("rate", 1, (("Kiosk", ("fee",)), ("Shop", ("rate",))))
    for stand, price in ({"__typename": "Kiosk", "fee": 4}, 4), ({"__typename": "Shop", "rate": 6}, 6), ({}, 0):
        fetches = [root_fetch("town", "{ stand { item { id } } }"), price_fetch("stand.item", reads)]
        answers: dict[str, Any] = {"town": [{"data": {"stand": {**stand, "item": {"id": "1"}}}}], "tax": [tax]}
        case = Case(
            TOWN, "{ stand { ... on Kiosk { item { price } } ... on Shop { item { price } } } }", fetches, answers
        )

        await case.run()

        (request,) = case.transport.requests_to("tax")
        assert (request.payload["variables"]["rate"] or 0) == price


async def test_what_follows_waits_for_all_requests_of_a_fetch() -> None:
    """A fetch that needs prices goes out once every price is there."""
    fetches = [
        root_fetch("town", "{ shops { rate items { id } } }"),
        price_fetch("shops.@.items.@", rate()),
        entity_fetch(
            "stock", "... on Item { id }", number=2, path="shops.@.items.@", on="Item", key="price", after=[1]
        ),
    ]
    answers = {
        "town": [{"data": {"shops": [shop(2, "1"), shop(5, "1")]}}],
        "tax": tax,
        "stock": [entities({}, {})],
    }
    case = Case(TOWN, "{ shops { items { price } } }", fetches, answers)  # type: ignore[arg-type]  # one function for many

    await case.run()

    assert case.sent_to("stock") == [[{"__typename": "Item", "price": 2}, {"__typename": "Item", "price": 5}]]


async def test_more_values_than_requests_are_told() -> None:
    """The first CONTEXTS_PER_FETCH_MAX values are asked about; the rest is null, and an error says so."""
    case = shops_case([shop(number, "1") for number in range(CONTEXTS_PER_FETCH_MAX + 2)], rate())

    result = await case.run()

    assert prices(result.data) == [[number] for number in range(CONTEXTS_PER_FETCH_MAX)] + [[None], [None]]
    assert [(error["path"], error["extensions"]["code"]) for error in result.errors] == [(["shops"], "LIMIT_EXCEEDED")]
