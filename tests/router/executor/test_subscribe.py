"""Subscriptions: a source stream whose every event runs through the rest of the plan."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any, cast

from router.errors import SubgraphFailure
from router.executor import ExecutionResult, subscribe
from router.plan import QueryPlan
from router.transport import FakeTransport, SubgraphRequest
from router.transport.body import encode_request
from tests.router.executor.harness import entities, entity_fetch, output_of, paths, root_fetch, supergraph_of

PORT = supergraph_of(
    """
    type Query { a: Int }
    type Subscription { arrived: Vessel  strict: Vessel! }
    type Vessel { id: ID!  name: String  captain: Captain }
    type Captain { id: ID!  email: String! }
    """
)
FETCHES = (
    root_fetch("dock", "subscription { arrived { id } }", variables=["pier"]),
    entity_fetch("fleet", "... on Vessel { name captain { id } }", number=1, path="arrived", on="Vessel"),
    entity_fetch("crew", "... on Captain { email }", number=2, path="arrived.captain", on="Captain", after=[1]),
)


def stream(
    transport: FakeTransport, operation: str = "subscription { arrived { name captain { email } } }"
) -> AsyncGenerator[ExecutionResult, None]:
    """The results of the subscription."""
    plan = QueryPlan("subscription", FETCHES, output_of(PORT.api, operation))
    results = subscribe(
        plan, supergraph=PORT, variables={"pier": 3, "other": 1}, transport=transport, headers={"authorization": "b"}
    )
    return cast("AsyncGenerator[ExecutionResult, None]", results)


def port(events: Sequence[Any]) -> FakeTransport:
    """A dock that sends events, and two subgraphs that complete them."""

    def fleet(request: SubgraphRequest) -> dict[str, Any]:
        (vessel,) = request.payload["variables"]["representations"]
        return entities({"name": f"vessel {vessel['id']}", "captain": {"id": vessel["id"]}})

    def crew(request: SubgraphRequest) -> dict[str, Any]:
        (captain,) = request.payload["variables"]["representations"]
        return entities({"email": f"{captain['id']}@sea"})

    return FakeTransport({"fleet": fleet, "crew": crew}, {"dock": events})


def arrival(number: str) -> dict[str, Any]:
    """An event."""
    return {"data": {"arrived": {"id": number}}}


async def test_every_event_is_completed_by_the_other_subgraphs() -> None:
    """Each event starts with an empty tree and runs the rest of the plan, in order."""
    transport = port([arrival("1"), arrival("2")])

    results = [result async for result in stream(transport)]

    assert results == [
        ExecutionResult.of({"arrived": {"name": f"vessel {n}", "captain": {"email": f"{n}@sea"}}}) for n in ("1", "2")
    ]
    assert transport.subscriptions == [
        SubgraphRequest(
            "dock", encode_request("subscription { arrived { id } }", None, {"pier": 3}), {"authorization": "b"}
        )
    ]
    assert transport.open_subscriptions == 0


async def test_an_event_without_data_asks_nobody() -> None:
    """A null root is a result like any other; the stream goes on."""
    transport = port([{"data": {"arrived": None}}, {"data": None}, arrival("1")])

    results = [result.data async for result in stream(transport)]

    assert results[:2] == [{"arrived": None}, {"arrived": None}]
    assert results[2] is not None
    assert len(transport.requests_to("fleet")) == 1


async def test_errors_of_an_event_stay_with_it() -> None:
    """An event's error has the client's path, and the next event knows nothing of it."""
    failing = {"data": {"arrived": None}, "errors": [{"message": "fog", "path": ["arrived"]}]}

    first, second = [result async for result in stream(port([failing, arrival("1")]))]

    assert (first.data, paths(first)) == ({"arrived": None}, [["arrived"]])
    assert second.errors == ()


async def test_a_failing_completion_leaves_the_event_partial() -> None:
    """A subgraph that is down while an event is completed is an error of that event."""
    transport = FakeTransport(
        {"fleet": [SubgraphFailure("fleet", "away"), entities({"name": "A"})]},
        {"dock": [arrival("1"), arrival("2")]},
    )

    first, second = [result async for result in stream(transport, "subscription { arrived { name } }")]

    assert (first.data, [error["message"] for error in first.errors]) == ({"arrived": {"name": None}}, ["away"])
    assert second == ExecutionResult.of({"arrived": {"name": "A"}})


async def test_a_failing_source_is_a_last_result() -> None:
    """The client hears why the stream ends."""
    failure = SubgraphFailure("dock", 'Subgraph "dock" broke off the subscription.', "close code 1006")

    *_, last = [result async for result in stream(port([arrival("1"), failure]))]

    assert last == ExecutionResult.of(
        None,
        (
            {
                "message": 'Subgraph "dock" broke off the subscription.',
                "extensions": {"code": "DOWNSTREAM_SERVICE_ERROR", "serviceName": "dock"},
            },
        ),
    )


async def test_closing_the_results_closes_the_source() -> None:
    """A client that unsubscribes ends the subscription at the subgraph."""
    transport = port([arrival("1"), arrival("2")])

    async with aclosing(stream(transport)) as results:
        await anext(results)
        assert transport.open_subscriptions == 1

    assert transport.open_subscriptions == 0


async def test_a_source_that_may_not_be_asked_gives_one_result() -> None:
    """With its only root field denied there is no fetch: one result with the null, then the end."""
    plan = QueryPlan("subscription", (), output_of(PORT.api, "subscription { strict { id } }"))
    transport = port([])

    results = subscribe(plan, supergraph=PORT, variables={}, transport=transport, denied=[("strict",)])

    assert [result async for result in results] == [ExecutionResult.of(None)]
    assert transport.subscriptions == []


async def test_what_needs_nothing_of_the_event_is_asked_with_it() -> None:
    """A fetch that waits for no other still runs once per event, never before one."""
    fetches = (FETCHES[0], root_fetch("fleet", "{ strict { id } }", number=1))
    events: list[Any] = [arrival("1"), arrival("2"), SubgraphFailure("dock", "gone")]
    transport = FakeTransport({"fleet": lambda _: {"data": {"strict": {"id": "s"}}}}, {"dock": events})
    plan = QueryPlan("subscription", fetches, output_of(PORT.api, "subscription { arrived { id } strict { id } }"))

    results = [result.data async for result in subscribe(plan, supergraph=PORT, variables={}, transport=transport)]

    assert results == [*({"arrived": {"id": number}, "strict": {"id": "s"}} for number in ("1", "2")), None]
    assert len(transport.requests_to("fleet")) == 2
