"""graphql-sse's single connection mode on a real server: reserve a stream, open it, begin and end operations on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from router import limits
from router.config import RouterConfig, SingleConnection, SubscriptionSettings
from tests.router.edge.served import Served
from tests.router.edge.streams.reading import EVENTS, events

TOKEN = "x-graphql-event-stream-token"
PUBLISHED = "subscription { published { title } }"


async def reserved(served: Served, **headers: str) -> str:
    async with served.client.put(served.url, headers=headers) as response:
        assert (response.status, response.headers["content-type"]) == (201, "text/plain; charset=utf-8")
        return await response.text()


@asynccontextmanager
async def opened(served: Served, token: str, **headers: str) -> AsyncIterator[aiohttp.ClientResponse]:
    async with served.client.get(
        served.url, params={"token": token}, headers={"accept": EVENTS, **headers}
    ) as response:
        yield response


async def begin(
    served: Served, token: str, query: str, operation_id: Any = "1", **headers: str
) -> tuple[int, dict[str, Any] | None]:
    body = {"query": query, "extensions": {"operationId": operation_id}}
    async with served.client.post(served.url, json=body, headers={TOKEN: token, **headers}) as response:
        return response.status, None if response.status == 202 else await response.json()


async def end(served: Served, token: str, **params: str) -> int:
    async with served.client.delete(served.url, params=params, headers={TOKEN: token}) as response:
        return response.status


async def soon(event: asyncio.Event) -> None:
    await asyncio.wait_for(event.wait(), 10)


# ── operations ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_all_operations_are_answered_on_one_stream(served: Served) -> None:
    """Results and ends name their operation; an id may be used again when its operation is over."""
    token = await reserved(served)
    async with opened(served, token) as stream:
        heard = events(stream)
        for _ in range(2):
            assert (await begin(served, token, "subscription { count(to: 2) }", "a"))[0] == 202
            assert [await anext(heard) for _ in range(3)] == [
                ("next", {"id": "a", "payload": {"data": {"count": 1}}}),
                ("next", {"id": "a", "payload": {"data": {"count": 2}}}),
                ("complete", {"id": "a"}),
            ]
        assert (await begin(served, token, "{ hello }", "b"))[0] == 202
        assert await anext(heard) == ("next", {"id": "b", "payload": {"data": {"hello": "Hello you"}}})
        assert await anext(heard) == ("complete", {"id": "b"})


async def test_deferred_parts_come_one_by_one(served: Served) -> None:
    """As pieces of their operation."""
    served.blog.slow_goes_on.set()
    token = await reserved(served)
    async with opened(served, token) as stream:
        assert (await begin(served, token, "{ hello ... @defer { slow } }"))[0] == 202
        told = [body["payload"] async for _, body in _three(stream) if "payload" in body]
    assert told == [
        {"data": {"hello": "Hello you"}, "hasNext": True},
        {"incremental": [{"data": {"slow": "at last"}, "path": []}], "hasNext": False},
    ]


async def _three(stream: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, Any]]:
    heard = events(stream)
    for _ in range(3):
        yield await anext(heard)


async def test_what_begins_before_the_stream_is_open_waits_for_it(served: Served) -> None:
    """A client need not know when its stream is there."""
    token = await reserved(served)
    assert (await begin(served, token, "{ hello }"))[0] == 202
    async with opened(served, token) as stream:
        assert await anext(events(stream)) == ("next", {"id": "1", "payload": {"data": {"hello": "Hello you"}}})


async def test_deleting_ends_an_operation_and_no_other(served: Served) -> None:
    """The subgraph is free, and nothing more is said of it."""
    token = await reserved(served)
    async with opened(served, token) as stream:
        assert (await begin(served, token, PUBLISHED, "s"))[0] == 202
        await soon(served.blog.listening)
        assert await end(served, token, operationId="s") == 200
        await soon(served.blog.closed)
        assert (await begin(served, token, "{ hello }", "q"))[0] == 202
        assert (await anext(events(stream)))[1]["id"] == "q"


async def test_closing_the_stream_ends_everything_on_it(served: Served) -> None:
    """And its token is worth nothing any more."""
    token = await reserved(served)
    async with opened(served, token):
        assert (await begin(served, token, PUBLISHED))[0] == 202
        await soon(served.blog.listening)
    await soon(served.blog.closed)
    async with asyncio.timeout(10):
        while (await begin(served, token, "{ hello }", "x"))[0] != 404:
            await asyncio.sleep(0.01)


# ── refusals ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_invalid_operation_is_refused_as_over_http(served: Served) -> None:
    """In the answer to the request that would have begun it."""
    status, body = await begin(served, await reserved(served), "{ nope }")
    assert body is not None
    assert (status, body["errors"][0]["extensions"]["code"]) == (200, "GRAPHQL_VALIDATION_FAILED")


@pytest.mark.parametrize("operation_id", [None, "", 7])
async def test_an_operation_needs_an_id(served: Served, operation_id: Any) -> None:
    """A string that is not empty."""
    status, body = await begin(served, await reserved(served), "{ hello }", operation_id)
    assert status == 400
    assert body is not None
    assert "extensions.operationId" in body["errors"][0]["message"]


async def test_an_id_in_use_is_a_conflict(served: Served) -> None:
    """Two operations of one id could not be told apart."""
    token = await reserved(served)
    assert (await begin(served, token, PUBLISHED))[0] == 202
    assert (await begin(served, token, PUBLISHED))[0] == 409


async def test_operations_of_a_stream_are_bounded(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """One too many is refused; the others go on."""
    monkeypatch.setattr(limits, "SUBSCRIPTIONS_PER_SOCKET_MAX", 1)
    token = await reserved(served)
    assert (await begin(served, token, PUBLISHED))[0] == 202
    _, body = await begin(served, token, PUBLISHED, "2")
    assert body is not None
    assert body["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"


async def test_a_reservation_is_for_one_stream(served: Served) -> None:
    """A second one is a conflict, and leaves the first alone."""
    token = await reserved(served)
    async with opened(served, token) as stream, opened(served, token) as second:
        assert second.status == 409
        assert (await begin(served, token, "{ hello }"))[0] == 202
        assert (await anext(events(stream)))[0] == "next"


async def test_a_token_that_nobody_was_given_is_worth_nothing(served: Served) -> None:
    """Neither to open a stream nor to begin or end anything; and every reservation has another."""
    assert await reserved(served) != await reserved(served)
    assert len(await reserved(served)) >= 43
    async with opened(served, "made-up") as response:
        assert response.status == 404
    assert (await begin(served, "made-up", "{ hello }"))[0] == 404
    assert await end(served, "made-up", operationId="1") == 404


async def test_to_end_takes_a_token_and_an_id(served: Served) -> None:
    """What is missing is said; an operation that is over is none to complain about."""
    token = await reserved(served)
    assert await end(served, token) == 400
    assert await end(served, token, operationId="over") == 200
    async with served.client.delete(served.url) as response:
        assert response.status == 400


async def test_a_stream_is_its_holders(served: Served) -> None:
    """Somebody else's token of access, or none, begins nothing on it; an EventSource, which can send none, may open it."""
    mine = {"authorization": f"Bearer {served.key.token(sub='me')}"}
    yours = {"authorization": f"Bearer {served.key.token(sub='you')}"}
    token = await reserved(served, **mine)
    assert (await begin(served, token, "{ me { name } }", **yours))[0] == 404
    assert (await begin(served, token, "{ me { name } }"))[0] == 404
    async with opened(served, token, **yours) as response:
        assert response.status == 404
    async with opened(served, token) as stream:
        assert (await begin(served, token, "{ me { name } }", **mine))[0] == 202
        assert (await anext(events(stream)))[1]["payload"] == {"data": {"me": {"name": "Ada"}}}


async def test_a_bad_token_of_access_reserves_nothing(served: Served) -> None:
    """Who asks is found out first."""
    async with served.client.put(served.url, headers={"authorization": "Bearer nonsense"}) as response:
        assert response.status == 401


class Configured:
    """Tests of a router with settings of their own."""

    settings = SingleConnection()

    @pytest.fixture
    def config(self, config: RouterConfig) -> RouterConfig:
        return config.model_copy(update={"subscriptions": SubscriptionSettings(single_connection=self.settings)})


class TestFew(Configured):
    """A router that reserves few streams, and not for long."""

    settings = SingleConnection(reservations_max=1, reservation_s=1.0)

    async def test_reservations_are_bounded_and_run_out(self, served: Served) -> None:
        """One too many is told to come later; one that nobody opens makes room, and what waited for it is over."""
        token = await reserved(served)
        assert (await begin(served, token, PUBLISHED))[0] == 202
        await soon(served.blog.listening)
        async with served.client.put(served.url) as response:
            assert (response.status, response.headers["retry-after"]) == (503, "2")
        await soon(served.blog.closed)
        async with opened(served, token) as response:
            assert response.status == 404
        await reserved(served)

    async def test_an_open_stream_does_not_run_out(self, served: Served) -> None:
        """However long it is held."""
        token = await reserved(served)
        async with opened(served, token) as stream:
            await asyncio.sleep(1.1)
            assert (await begin(served, token, "{ hello }"))[0] == 202
            assert (await anext(events(stream)))[0] == "next"


class TestOff(Configured):
    """A router without this mode."""

    settings = SingleConnection(enabled=False)

    async def test_nothing_is_reserved(self, served: Served) -> None:
        """PUT is a method like others that are not served."""
        async with served.client.put(served.url) as response:
            assert response.status == 405

    async def test_a_token_means_nothing(self, served: Served) -> None:
        """What a client sends under its name is its own affair."""
        async with served.client.post(served.url, params={"token": "x"}, json={"query": "{ hello }"}) as response:
            assert await response.json() == {"data": {"hello": "Hello you"}}
