"""Subscriptions, queries and mutations by the client libraries that people use, each over the protocol that it speaks."""

from __future__ import annotations

import pytest

from tests.conformance.subscriptions.clients import Library, Operation
from tests.conformance.subscriptions.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

ENRICHED = "subscription { published { title author { name } } }"
WAYS = ("graphql-ws", "graphql-sse", "graphql-sse single", "@apollo/client", "@apollo/client ws")


async def begun(stage: Stage, way: str, query: str, **variables: object) -> Operation:
    """An operation by a library, over one of the ways that it has."""
    library: Library
    library, _, how = way.partition(" ")  # type: ignore[assignment]  # the ways are named after libraries
    options: dict[str, object] = {}
    if how == "single":
        options = {"singleConnection": True}
    if how == "ws":
        options = {"over": "ws"}
    socket = library == "graphql-ws" or how == "ws"
    url = stage.router.socket_url if socket else stage.router.url
    return await stage.clients.open(library, url, query, variables or None, **options)


@pytest.mark.parametrize("way", WAYS)
async def test_each_event_arrives_whole(stage: Stage, way: str) -> None:
    """Two events come one by one, each with fields of another subgraph; to unsubscribe frees the subgraph."""
    operation = await begun(stage, way, ENRICHED)
    for title in ("One", "Two"):
        await stage.publish(title)
        result = await operation.result()
        assert without_typenames(result["data"]) == {"published": {"title": title, "author": {"name": "Ada"}}}
    await operation.stop()
    await stage.nobody_listens()
    await operation.dispose()


@pytest.mark.parametrize("way", WAYS)
async def test_a_finished_subscription_completes(stage: Stage, way: str) -> None:
    """The library tells its user of each event in order, and of the end."""
    operation = await begun(stage, way, "subscription ($to: Int!) { count(to: $to) }", to=3)
    assert [(await operation.result())["data"] for _ in range(3)] == [{"count": 1}, {"count": 2}, {"count": 3}]
    assert (await operation.next())["event"] == "complete"
    await operation.dispose()


@pytest.mark.parametrize("way", WAYS)
async def test_a_mutation_has_one_result(stage: Stage, way: str) -> None:
    """What is answered at once is one result and the end, whatever carries it."""
    operation = await begun(stage, way, 'mutation { publish(title: "New") { title } }')
    assert without_typenames((await operation.result())["data"]) == {"publish": {"title": "New"}}
    assert (await operation.next())["event"] == "complete"
    await operation.dispose()


@pytest.mark.parametrize("way", ["graphql-ws", "graphql-sse", "graphql-sse single"])
async def test_a_query_has_one_result(stage: Stage, way: str) -> None:
    """The same for a query."""
    operation = await begun(stage, way, "{ hello }")
    assert (await operation.result())["data"] == {"hello": "Hello you"}
    assert (await operation.next())["event"] == "complete"
    await operation.dispose()


@pytest.mark.parametrize("way", WAYS)
async def test_errors_of_an_event_do_not_end_it(stage: Stage, way: str) -> None:
    """An event that brings errors is a result like others: the next one comes."""
    operation = await begun(stage, way, "subscription { published { title draft } }")
    for title in ("One", "Two"):
        await stage.publish(title)
        told = await operation.next()
        assert told["event"] == "next", told
        assert without_typenames(told["result"]["data"]) == {"published": {"title": title, "draft": None}}
        errors = told["error"]["errors"] if "error" in told else told["result"]["errors"]
        assert errors[0]["extensions"]["code"] == "UNAUTHORIZED_FIELD_OR_TYPE"
    await operation.stop()
    await operation.dispose()


@pytest.mark.parametrize(
    ("way", "event"),
    [
        ("graphql-ws", "error"),
        ("graphql-sse", "next"),
        ("graphql-sse single", "error"),
        ("@apollo/client", "next"),
        ("@apollo/client ws", "next"),
    ],
)
async def test_an_invalid_subscription_is_refused(stage: Stage, way: str, event: str) -> None:
    """The user learns why, as the library tells it: as an error, or as a result with errors only."""
    operation = await begun(stage, way, "subscription { nope }")
    told = await operation.next()
    assert told["event"] == event, told
    if way != "graphql-sse single":  # it tells the status of the response alone
        assert "Cannot query field 'nope'" in str(told)
    await operation.dispose()


def without_typenames(value: object) -> object:
    """The value without what @apollo/client asks for in addition."""
    if isinstance(value, dict):
        return {key: without_typenames(item) for key, item in value.items() if key != "__typename"}
    return [without_typenames(item) for item in value] if isinstance(value, list) else value
