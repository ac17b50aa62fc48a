"""@defer by the client libraries: what @apollo/client makes of the pieces, and what the others hand on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.subscriptions.clients import Operation
from tests.conformance.subscriptions.stage import Stage
from tests.conformance.subscriptions.test_streams import begun, without_typenames

pytestmark = pytest.mark.asyncio(loop_scope="module")

SLOWLY = '{ posts(first: 1) { id title } ... @defer(label: "late") { slow } }'
PIECES = [
    {"data": {"posts": [{"id": "Hello", "title": "Hello"}]}, "hasNext": True},
    {"incremental": [{"data": {"slow": "at last"}, "path": [], "label": "late"}], "hasNext": False},
]


async def seen(operation: Operation) -> tuple[str, Any]:
    """How much of its data @apollo/client has, and the data."""
    told = await operation.next()
    assert told["event"] == "next", told
    return told["dataState"], without_typenames(told["result"]["data"])


@pytest.mark.parametrize("way", ["@apollo/client", "@apollo/client ws"])
async def test_apollo_client_shows_what_is_there_first(stage: Stage, way: str) -> None:
    """The page shows the posts while the slow field is under way, and all of it in the end."""
    posts = [{"id": "Hello", "title": "Hello"}]
    operation = await begun(stage, way, SLOWLY)
    assert await seen(operation) == ("streaming", {"posts": posts})
    await stage.blog.slow_begun.wait()
    stage.blog.slow_goes_on.set()
    assert await seen(operation) == ("complete", {"posts": posts, "slow": "at last"})
    await operation.dispose()


async def test_apollo_client_merges_parts_of_list_items(stage: Stage) -> None:
    """A part for each element of a list, fetched from another subgraph."""
    operation = await begun(stage, "@apollo/client", "{ posts { id ... @defer { author { name } } } }")
    state, data = await seen(operation)
    while state != "complete":
        state, data = await seen(operation)
    assert data == {"posts": [{"id": id_, "author": {"name": "Ada"}} for id_ in ("Hello", "World")]}
    await operation.dispose()


async def test_apollo_client_gets_whole_answers_whole(stage: Stage) -> None:
    """Where nothing is deferred in the end, the client that would take parts has one result."""
    operation = await begun(
        stage, "@apollo/client", "query ($d: Boolean!) { hello ... @defer(if: $d) { broken } }", d=False
    )
    told = await operation.next()
    data = without_typenames(told["result"]["data"])
    assert (told["dataState"], data) == ("complete", {"hello": "Hello you", "broken": None})
    await operation.dispose()


async def test_errors_of_a_part_arrive_with_it(stage: Stage) -> None:
    """First the data without an error, then the error of the part."""
    operation = await begun(stage, "@apollo/client", "{ hello ... @defer { broken } }")
    first = await operation.next()
    assert ("error" in first, without_typenames(first["result"]["data"])) == (False, {"hello": "Hello you"})
    last = await operation.next()
    assert without_typenames(last["result"]["data"]) == {"hello": "Hello you", "broken": None}
    assert [error["message"] for error in last["error"]["errors"]] == ["subgraph fault"]
    await operation.dispose()


async def test_a_mutation_may_defer(stage: Stage) -> None:
    """What the client asks about the new post may come later; the mutation's result is all of it."""
    query = 'mutation { publish(title: "Deferred") { title ... @defer { author { name } } } }'
    operation = await begun(stage, "@apollo/client", query)
    data = without_typenames((await operation.result())["data"])
    assert data == {"publish": {"title": "Deferred", "author": {"name": "Ada"}}}
    assert (await operation.next())["event"] == "complete"
    await operation.dispose()
    stage.blog.titles.remove("Deferred")


@pytest.mark.parametrize("way", ["graphql-ws", "graphql-sse", "graphql-sse single"])
async def test_other_libraries_hand_the_pieces_on(stage: Stage, way: str) -> None:
    """Over WebSocket and server-sent events each piece is a result."""
    operation = await begun(stage, way, SLOWLY)
    assert await operation.result() == PIECES[0]
    stage.blog.slow_goes_on.set()
    assert await operation.result() == PIECES[1]
    assert (await operation.next())["event"] == "complete"
    await operation.dispose()
