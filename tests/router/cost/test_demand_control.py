"""Demand control on a running pipeline: what is refused, what is skipped, and what clients and metrics are told."""

from __future__ import annotations

import json
from contextlib import aclosing
from typing import Any, Final

import pytest

from router.config.cost import CostSettings
from router.cost import Costing
from router.exchange import ClientRequest, ClientResponse
from router.pipeline import RouterState, answer, ready, subscribe
from router.transport import FakeTransport
from tests.router.cost.costed import supergraph_of

SHOP: Final = (
    """
    type Query {
      orders(first: Int): [Order!] @listSize(slicingArguments: ["first"])
    }
    type Mutation { pay(order: ID!): Order @cost(weight: 5) }
    type Subscription { paid: Order @cost(weight: 7) }
    type Order @key(fields: "id") { id: ID!  total: Int }
    """,
    """
    type Query { hello: String }
    type Order @key(fields: "id") { id: ID!  parcel: Parcel }
    type Parcel { weight: Int }
    """,
)
ORDERS: Final = "query ($n: Int) { orders(first: $n) { id total parcel { weight } } }"


def shop(**settings: Any) -> tuple[RouterState, FakeTransport]:
    """A router over two subgraphs with these settings of `cost`; there is one order."""
    supergraph = supergraph_of(*SHOP)
    order = {"__typename": "Order", "id": "1", "total": 3}
    transport = FakeTransport(
        {
            "a": lambda request: {"data": {"pay": order} if b"mutation" in request.body else {"orders": [order]}},
            "b": lambda _: {"data": {"_entities": [{"__typename": "Order", "parcel": {"weight": 2}}]}},
        },
        events={"a": [{"data": {"paid": order}}]},
    )
    costing = Costing.of(supergraph, CostSettings(**settings)) if settings else None
    return RouterState(supergraph, transport, costing=costing), transport


async def ask(router: RouterState, query: str = ORDERS, **variables: Any) -> tuple[dict[str, Any], ClientResponse]:
    """The body of the answer, and the answer."""
    response = await answer(ClientRequest(query, variables=variables), router)
    return json.loads(response.json()), response


async def test_estimate_and_actual_are_told_in_extensions() -> None:
    """Five orders are estimated, and ten parcels by the default size of lists; one of each came."""
    router, _ = shop(max=100)
    body, _ = await ask(router, n=5)

    assert body["data"] == {"orders": [{"id": "1", "total": 3, "parcel": {"weight": 2}}]}
    assert body["extensions"]["cost"] == {
        "result": "COST_OK",
        "estimated": 25.0,
        "actual": 3.0,
        "max": 100.0,
        "bySubgraph": {"a": {"estimated": 5.0, "actual": 1.0}, "b": {"estimated": 20.0, "actual": 2.0}},
    }


async def test_estimate_and_actual_are_told_in_headers() -> None:
    """The sums, and the maximum where there is one."""
    router, _ = shop(max=100)
    _, response = await ask(router, n=5)

    assert response.reply.headers == {"X-Cost-Estimated": "25", "X-Cost-Actual": "3", "X-Cost-Max": "100"}


async def test_costs_can_be_kept_from_clients() -> None:
    """Without both, an answer is what it was."""
    router, _ = shop(expose_headers=False, expose_extensions=False)
    body, response = await ask(router, n=5)

    assert "extensions" not in body
    assert response.reply.headers == {}


async def test_a_router_without_the_section_minds_no_costs() -> None:
    """No formula is made with the plan."""
    router, _ = shop()
    planned = await ready(ClientRequest(ORDERS, variables={"n": 5}), router)

    assert planned.executable.cost is None
    assert "extensions" not in (await ask(router, n=5))[0]


async def test_what_is_too_expensive_is_refused_before_anything_is_asked() -> None:
    """The answer has no data, and says the estimate and the maximum under their flat names."""
    router, transport = shop(mode="enforce", max=24)
    body, response = await ask(router, n=5)

    assert transport.requests == []
    assert "data" not in body
    (error,) = body["errors"]
    assert error["extensions"] == {"code": "COST_ESTIMATED_TOO_EXPENSIVE", "cost.estimated": 25.0, "cost.max": 24.0}
    assert error["message"] == (
        "The operation is estimated to cost 25, more than the 24 that one may: ask for fewer fields or for shorter lists."
    )
    assert body["extensions"]["cost"]["result"] == "COST_ESTIMATED_TOO_EXPENSIVE"
    assert response.reply.headers["X-Cost-Estimated"] == "25"


async def test_the_maximum_itself_may_be_spent() -> None:
    """Refused is what costs more."""
    router, _ = shop(mode="enforce", max=25)
    body, _ = await ask(router, n=5)

    assert body["extensions"]["cost"]["result"] == "COST_OK"
    assert body["data"]


async def test_measured_operations_run() -> None:
    """What would be refused is told, and answered."""
    router, _ = shop(mode="measure", max=1)
    body, _ = await ask(router, n=5)

    assert body["extensions"]["cost"]["result"] == "COST_ESTIMATED_TOO_EXPENSIVE"
    assert body["data"]["orders"]
    assert "errors" not in body


async def test_a_subgraph_over_its_budget_is_not_asked() -> None:
    """The rest of the operation runs; the error stands where the subgraph would have been asked."""
    router, transport = shop(mode="enforce", subgraph={"subgraphs": {"b": {"max": 19}}})
    body, _ = await ask(router, n=5)

    assert [request.subgraph for request in transport.requests] == ["a"]
    assert body["data"] == {"orders": [{"id": "1", "total": 3, "parcel": None}]}
    (error,) = body["errors"]
    assert error["path"] == ["orders"]
    assert error["extensions"] == {
        "code": "SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE",
        "service": "b",
        "serviceName": "b",
        "cost.subgraph": "b",
        "cost.subgraph.estimated": 20.0,
        "cost.subgraph.max": 19.0,
    }
    assert body["extensions"]["cost"]["bySubgraph"]["b"] == {"estimated": 20.0, "actual": 0.0, "max": 19.0}


async def test_budgets_and_sizes_of_all_subgraphs_yield_to_those_of_one() -> None:
    """`all` is for the subgraphs that are not named."""
    router, transport = shop(
        mode="enforce", subgraph={"all": {"max": 1, "list_size": 2}, "subgraphs": {"a": {"max": 1000}}}
    )
    body, _ = await ask(router, n=5)

    assert [request.subgraph for request in transport.requests] == ["a"]
    assert body["extensions"]["cost"]["bySubgraph"]["b"]["estimated"] == 4.0


async def test_arguments_without_a_cost_are_refused_where_costs_are_enforced() -> None:
    """@listSize wants one slicing argument, and none is given: nobody knows what that costs."""
    router, transport = shop(mode="enforce", max=100)
    body, _ = await ask(router)

    assert transport.requests == []
    assert body["errors"][0]["extensions"] == {"code": "COST_QUERY_PARSE_FAILURE"}
    assert "Query.orders needs exactly one of its slicing arguments (first)" in body["errors"][0]["message"]


async def test_arguments_without_a_cost_are_measured_as_such() -> None:
    """Where nothing is enforced the operation runs."""
    router, _ = shop(max=100)
    body, _ = await ask(router)

    assert body["data"]["orders"]
    assert body["extensions"]["cost"] == {"result": "COST_QUERY_PARSE_FAILURE", "max": 100.0}


async def test_mutations_cost_ten_more() -> None:
    """Estimated, and spent: a payment of weight 5, with a parcel in the list of one that entities are."""
    router, _ = shop(list_size=1)
    body, _ = await ask(router, 'mutation { pay(order: "1") { parcel { weight } } }')

    assert body["extensions"]["cost"]["bySubgraph"] == {
        "a": {"estimated": 15.0, "actual": 15.0},
        "b": {"estimated": 2.0, "actual": 2.0},
    }


async def _events(router: RouterState, query: str) -> list[dict[str, Any]]:
    async with aclosing(subscribe(ClientRequest(query), router)) as responses:
        return [json.loads(response.json()) async for response in responses]


async def test_of_a_subscription_its_source_is_charged() -> None:
    """What completes an event comes again with each, and is not part of the estimate; no event is told what opening cost."""
    router, _ = shop(max=100)
    request = ClientRequest("subscription { paid { total parcel { weight } } }")
    async with aclosing(subscribe(request, router)) as responses:
        (event,) = [json.loads(response.json()) async for response in responses]

    assert event == {"data": {"paid": {"total": 3, "parcel": {"weight": 2}}}}
    assert request.reply.headers == {"X-Cost-Estimated": "7", "X-Cost-Max": "100"}


async def test_a_subscription_over_its_subgraphs_budget_is_refused() -> None:
    """There would be nothing to listen to."""
    router, transport = shop(mode="enforce", subgraph={"all": {"max": 6}})
    (refused,) = await _events(router, "subscription { paid { total } }")

    assert transport.subscriptions == []
    assert "data" not in refused
    assert refused["errors"][0]["extensions"]["code"] == "SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE"
    assert refused["errors"][0]["extensions"]["cost.subgraph.estimated"] == 7.0


@pytest.mark.parametrize("include", [True, False])
async def test_conditions_of_variables_are_exact(include: bool) -> None:
    """What is not included is not fetched, so it costs nothing."""
    router, _ = shop(max=100)
    query = "query ($yes: Boolean!) { orders(first: 5) { id parcel @include(if: $yes) { weight } } }"
    body, _ = await ask(router, query, yes=include)

    assert body["extensions"]["cost"]["estimated"] == (25.0 if include else 5.0)


async def test_each_request_is_estimated_by_its_own_variables() -> None:
    """One plan, several costs."""
    router, _ = shop(max=100)
    told = [(await ask(router, n=size))[0]["extensions"]["cost"]["estimated"] for size in (1, 50, 0)]

    assert told == [21.0, 70.0, 20.0]
    assert len(router.plans) == 1


async def test_costs_are_metrics() -> None:
    """What was estimated, what was spent, and by how much the estimate was too high."""
    router, _ = shop(max=100)
    await ask(router, n=5)
    metrics = router.telemetry.render().decode()

    assert 'cost_estimated_sum{result="COST_OK"} 25.0' in metrics
    assert 'cost_actual_sum{result="COST_OK"} 3.0' in metrics
    assert 'cost_delta_sum{result="COST_OK"} 22.0' in metrics


async def test_the_actual_cost_need_not_be_counted() -> None:
    """Counting means to read every answer a second time."""
    router, _ = shop(actual="off")
    body, response = await ask(router, n=5)

    assert "actual" not in body["extensions"]["cost"]
    assert response.reply.headers == {"X-Cost-Estimated": "25"}


async def test_the_actual_cost_can_be_that_of_the_answers_shape() -> None:
    """An order and its parcel, whoever they came from."""
    router, _ = shop(actual="by_response_shape")
    body, _ = await ask(router, n=5)

    assert body["extensions"]["cost"]["actual"] == 2.0
