"""Subscriptions and deferred answers over HTTP, on a real server: bytes, refusals, and what ends a stream."""

from __future__ import annotations

import asyncio
import json
from time import time
from typing import Any

import aiohttp
import pytest

from router import limits
from router.config import DeferSettings, Heartbeats, RouterConfig, SubscriptionSettings
from tests.router.edge.served import Served
from tests.router.edge.streams.reading import (
    DEFERRED_PARTS,
    EVENTS,
    SUBSCRIPTION_PARTS,
    events,
    parts,
    streaming,
    whole,
)

COUNT = "subscription { count(to: 2) }"
PUBLISHED = "subscription { published { title } }"
DEFERRED = "{ hello ... @defer { slow } }"
HEAD = b"\r\ncontent-type: application/json\r\n\r\n"


async def soon(event: asyncio.Event) -> None:
    await asyncio.wait_for(event.wait(), 10)


def code(body: bytes | dict[str, Any]) -> str:
    answer = json.loads(body) if isinstance(body, bytes) else body
    found: str = answer["errors"][0]["extensions"]["code"]
    return found


class Configured:
    """Tests of a router with settings of their own."""

    subscriptions = SubscriptionSettings()
    defer = DeferSettings()

    @pytest.fixture
    def config(self, config: RouterConfig) -> RouterConfig:
        return config.model_copy(update={"subscriptions": self.subscriptions, "defer": self.defer})


# ── the bytes ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_multipart_subscription_byte_by_byte(served: Served) -> None:
    """A heartbeat, two events, and a final boundary."""
    status, body = await whole(served, SUBSCRIPTION_PARTS, COUNT)
    assert status == 200
    assert body == (
        b"\r\n--graphql" + HEAD + b"{}"
        b"\r\n--graphql" + HEAD + b'{"payload":{"data":{"count":1}}}'
        b"\r\n--graphql" + HEAD + b'{"payload":{"data":{"count":2}}}'
        b"\r\n--graphql--\r\n"
    )


async def test_server_sent_events_byte_by_byte(served: Served) -> None:
    """A comment at once, two events, and the end, which has data, too."""
    status, body = await whole(served, EVENTS, COUNT)
    assert status == 200
    assert body == (
        b":\n\n"
        b'event: next\ndata: {"data":{"count":1}}\n\n'
        b'event: next\ndata: {"data":{"count":2}}\n\n'
        b"event: complete\ndata:\n\n"
    )


async def test_a_deferred_answer_byte_by_byte(served: Served) -> None:
    """What is not deferred in the first piece, a part in the second, and no heartbeat."""
    served.blog.slow_goes_on.set()
    status, body = await whole(served, DEFERRED_PARTS, DEFERRED)
    assert status == 200
    assert body == (
        b"\r\n--graphql" + HEAD + b'{"data":{"hello":"Hello you"},"hasNext":true}'
        b"\r\n--graphql" + HEAD + b'{"incremental":[{"data":{"slow":"at last"},"path":[]}],"hasNext":false}'
        b"\r\n--graphql--\r\n"
    )


@pytest.mark.parametrize(
    ("accept", "query", "content_type"),
    [
        (SUBSCRIPTION_PARTS, COUNT, 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0'),
        (DEFERRED_PARTS, "{ hello ... @defer { broken } }", 'multipart/mixed;boundary="graphql";deferSpec=20220824'),
        (EVENTS, COUNT, "text/event-stream; charset=utf-8"),
    ],
)
async def test_streams_ask_to_be_passed_on_at_once(served: Served, accept: str, query: str, content_type: str) -> None:
    """Proxies are told not to gather or keep them."""
    async with streaming(served, accept, query, headers={"x-request-id": "mine"}) as response:
        told = response.headers
        assert told["content-type"] == content_type
        assert (told["cache-control"], told["x-accel-buffering"], told["vary"]) == ("no-cache", "no", "accept")
        assert told["x-request-id"] == "mine"
        assert "content-length" not in told


class TestHeartbeats(Configured):
    """Streams on which nothing happens."""

    subscriptions = SubscriptionSettings(heartbeats=Heartbeats(sse_s=0.05, multipart_s=0.05))

    @pytest.mark.parametrize(
        ("accept", "heartbeat"), [(EVENTS, b":\n\n"), (SUBSCRIPTION_PARTS, HEAD + b"{}\r\n--graphql")]
    )
    async def test_they_say_that_they_are_alive(self, served: Served, accept: str, heartbeat: bytes) -> None:
        """At once, and then as often as is set."""
        async with streaming(served, accept, PUBLISHED) as response:
            if accept != EVENTS:
                assert await response.content.readexactly(11) == b"\r\n--graphql"
            for _ in range(3):
                assert await asyncio.wait_for(response.content.readexactly(len(heartbeat)), 5) == heartbeat


# ── whole answers and refusals ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "result"),
    [
        ("{ hello }", {"data": {"hello": "Hello you"}}),
        ('mutation { publish(title: "x") { title } }', {"data": {"publish": {"title": "x"}}}),
    ],
)
async def test_one_result_is_one_event(served: Served, query: str, result: object) -> None:
    """Who takes only events gets a query or mutation as one, and the end."""
    async with streaming(served, EVENTS, query) as response:
        assert [event async for event in events(response)] == [("next", result), ("complete", None)]


async def test_an_invalid_operation_is_an_event(served: Served) -> None:
    """An EventSource could not read the body of a refusal."""
    async with streaming(served, EVENTS, "subscription { nope }") as response:
        assert response.status == 200
        (kind, body), end = [event async for event in events(response)]
    assert (kind, code(body), end) == ("next", "GRAPHQL_VALIDATION_FAILED", ("complete", None))


async def test_an_invalid_multipart_subscription_is_plain_json(served: Served) -> None:
    """Before anything is streamed, an error is an ordinary answer."""
    status, body = await whole(served, SUBSCRIPTION_PARTS, "subscription { nope }")
    assert (status, code(body)) == (200, "GRAPHQL_VALIDATION_FAILED")
    accept = "multipart/mixed;subscriptionSpec=1.0, application/graphql-response+json"
    assert (await whole(served, accept, "subscription { nope }"))[0] == 400


@pytest.mark.parametrize("accept", [EVENTS, SUBSCRIPTION_PARTS])
async def test_who_asks_is_refused_by_status(served: Served, accept: str) -> None:
    """A token that is not accepted is 401 in JSON, whatever the client would take."""
    status, body = await whole(served, accept, COUNT, headers={"authorization": "Bearer nonsense"})
    assert (status, code(body)) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("accept", ["application/json", "*/*", DEFERRED_PARTS])
async def test_a_subscription_needs_a_stream(served: Served, accept: str) -> None:
    """A client that takes none is told which there are, and nothing is subscribed to."""
    status, body = await whole(served, accept, PUBLISHED)
    assert (status, code(body)) == (406, "SUBSCRIPTION_BAD_HEADER")
    assert "text/event-stream" in body.decode()
    assert served.blog.requests == []


async def test_a_query_of_who_takes_parts_is_plain_json(served: Served) -> None:
    """Where there are no parts."""
    for accept in (DEFERRED_PARTS, SUBSCRIPTION_PARTS):
        async with streaming(served, accept, "{ hello }") as response:
            assert response.headers["content-type"] == "application/json; charset=utf-8"
            assert await response.json() == {"data": {"hello": "Hello you"}}


async def test_who_takes_only_parts_gets_one(served: Served) -> None:
    """One result, of which there is no next."""
    async with streaming(served, "multipart/mixed;deferSpec=20220824", "{ hello }") as response:
        assert [part async for part in parts(response)] == [{"data": {"hello": "Hello you"}, "hasNext": False}]


async def test_an_event_source_of_the_routers_own_page(served: Served) -> None:
    """A browser's EventSource sends a GET, which is enough where no other site's page could have sent it."""
    asked = {"query": COUNT}
    async with served.client.get(served.url, params=asked, headers={"accept": EVENTS}) as response:
        assert response.status == 400
    own = {"accept": EVENTS, "sec-fetch-site": "same-origin"}
    async with served.client.get(served.url, params=asked, headers=own) as response:
        assert [kind async for kind, _ in events(response)] == ["next", "next", "complete"]


# ── @defer ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_defer_needs_a_client_that_takes_parts(served: Served) -> None:
    """A client that does not say so is refused, unless nothing is deferred in the end."""
    status, body = await whole(served, "application/json", DEFERRED)
    assert (status, code(body)) == (406, "DEFER_BAD_HEADER")
    query = "query ($d: Boolean!) { hello ... @defer(if: $d) { broken } }"
    status, body = await whole(served, "application/json", query, variables={"d": False})
    assert json.loads(body)["data"] == {"hello": "Hello you", "broken": None}


class TestAnsweredWhole(Configured):
    """A router that is kind to clients which take no parts."""

    defer = DeferSettings(unaccepted="answer_whole")

    async def test_defer_is_answered_at_once(self, served: Served) -> None:
        """All of it, to who takes JSON; in parts to who takes them."""
        query = "{ hello ... @defer { broken } }"
        _, body = await whole(served, "application/json", query)
        assert json.loads(body)["data"] == {"hello": "Hello you", "broken": None}
        _, body = await whole(served, DEFERRED_PARTS, query)
        assert b'"hasNext":true' in body


class TestNotDeferred(Configured):
    """A router that defers nothing."""

    defer = DeferSettings(enabled=False)

    async def test_everything_is_answered_at_once(self, served: Served) -> None:
        """Also to who would take parts."""
        _, body = await whole(served, DEFERRED_PARTS, "{ hello ... @defer { broken } }")
        assert json.loads(body)["data"] == {"hello": "Hello you", "broken": None}


async def test_what_is_not_deferred_is_there_first(served: Served) -> None:
    """The first piece does not wait for what is slow."""
    async with streaming(served, DEFERRED_PARTS, DEFERRED) as response:
        pieces = parts(response)
        assert await anext(pieces) == {"data": {"hello": "Hello you"}, "hasNext": True}
        served.blog.slow_goes_on.set()
        assert (await anext(pieces))["incremental"][0]["data"] == {"slow": "at last"}


async def test_variables_decide_what_is_deferred(served: Served) -> None:
    """The same operation has another plan for each."""
    query = 'query ($a: Boolean!, $b: Boolean!) { ... @defer(if: $a, label: "a") { hello } ... @defer(if: $b, label: "b") { broken } }'
    labels = {}
    for a, b in ((True, False), (False, True), (True, True)):
        async with streaming(served, DEFERRED_PARTS, query, variables={"a": a, "b": b}) as response:
            pieces = [piece async for piece in parts(response)]
        labels[a, b] = sorted(part["label"] for piece in pieces for part in piece.get("incremental", ()))
    assert labels == {(True, False): ["a"], (False, True): ["b"], (True, True): ["a", "b"]}


async def test_denied_fields_of_a_part_are_told(served: Served) -> None:
    """What the caller may not have is null in its part, is never fetched, and has its error; who may have it gets it."""
    query = "{ posts(first: 1) { title ... @defer { draft } } }"
    async with streaming(served, DEFERRED_PARTS, query) as response:
        pieces = [piece async for piece in parts(response)]
    errors = [error for piece in pieces for error in piece.get("errors", ())]
    assert [error["extensions"]["code"] for error in errors] == ["UNAUTHORIZED_FIELD_OR_TYPE"]
    assert pieces[1]["incremental"][0]["data"] == {"draft": None}

    signed_in = {"authorization": f"Bearer {served.key.token()}"}
    async with streaming(served, DEFERRED_PARTS, query, headers=signed_in) as response:
        pieces = [piece async for piece in parts(response)]
    assert [part["data"] for piece in pieces[1:] for part in piece["incremental"]] == [{"draft": "unfinished"}]


# ── what ends a stream ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("accept", [EVENTS, SUBSCRIPTION_PARTS])
async def test_who_hangs_up_frees_the_subgraph(served: Served, accept: str) -> None:
    """A closed connection ends the subscription at its subgraph, though nothing is sent."""
    async with streaming(served, accept, PUBLISHED):
        await soon(served.blog.listening)
    await soon(served.blog.closed)


@pytest.mark.parametrize("accept", [EVENTS, DEFERRED_PARTS])
async def test_who_hangs_up_gives_up_what_is_deferred(served: Served, accept: str) -> None:
    """The request that is under way is cancelled."""
    async with streaming(served, accept, DEFERRED) as response:
        await response.content.readany()
        await soon(served.blog.slow_begun)
    await soon(served.blog.slow_cancelled)


async def test_an_expired_token_ends_a_subscription(served: Served) -> None:
    """With a fatal error by the code of its reason."""
    headers = {"authorization": f"Bearer {served.key.token(exp=int(time()) + 2)}"}
    async with streaming(served, SUBSCRIPTION_PARTS, PUBLISHED, headers=headers) as response:
        told = [part async for part in parts(response)]
    assert (told[0]["payload"], code(told[0]), len(told)) == (None, "SUBSCRIPTION_JWT_EXPIRED", 1)
    await soon(served.blog.closed)


async def test_an_expired_token_ends_events(served: Served) -> None:
    """As a result with errors alone, and the end."""
    headers = {"authorization": f"Bearer {served.key.token(exp=int(time()) + 2)}"}
    async with streaming(served, EVENTS, PUBLISHED, headers=headers) as response:
        (kind, body), end = [event async for event in events(response)]
    assert (kind, code(body), end) == ("next", "SUBSCRIPTION_JWT_EXPIRED", ("complete", None))


async def test_an_expired_token_ends_a_deferred_answer(served: Served) -> None:
    """What was not delivered until then is not."""
    headers = {"authorization": f"Bearer {served.key.token(exp=int(time()) + 2)}"}
    async with streaming(served, DEFERRED_PARTS, DEFERRED, headers=headers) as response:
        first, last = [part async for part in parts(response)]
    assert first["data"] == {"hello": "Hello you"}
    assert (code(last), last["hasNext"]) == ("DEFERRED_RESPONSE_JWT_EXPIRED", False)
    await soon(served.blog.slow_cancelled)


async def test_a_slow_reader_is_let_go(served: Served) -> None:
    """The subgraph is free as soon as the queue is full; the client may still read what waits, and why it ends."""
    async with streaming(served, SUBSCRIPTION_PARTS, "subscription { flood }") as response:
        await soon(served.blog.closed)
        told = [part async for part in parts(response)]
    assert (told[-1]["payload"], code(told[-1])) == (None, "SUBSCRIPTION_TOO_SLOW")


class TestAStuckClient(Configured):
    """A client that does not read at all, and more waiting for it than all buffers on the way hold."""

    subscriptions = SubscriptionSettings(queue_events=10_000, queue_bytes=20_000_000)

    async def test_it_is_cut(self, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
        """The last words have their time, and then the connection is closed."""
        monkeypatch.setattr(limits, "STREAM_CLOSE_S", 0.05)
        async with streaming(served, SUBSCRIPTION_PARTS, "subscription { flood }") as response:
            await soon(served.blog.closed)
            await asyncio.sleep(0.2)
            with pytest.raises(aiohttp.ClientPayloadError):
                await response.read()


class TestDropping(Configured):
    """A router that goes on without the oldest events."""

    subscriptions = SubscriptionSettings(overflow="drop_oldest", queue_events=3)

    async def test_a_slow_reader_misses_events_and_is_told(self, served: Served) -> None:
        """The next event says how many there were, and the stream goes on."""
        async with streaming(served, SUBSCRIPTION_PARTS, "subscription { flood }") as response:
            pieces = parts(response)
            await asyncio.sleep(0.3)
            dropped = 0
            for _ in range(200):
                told = await anext(pieces)
                dropped += told["payload"].get("extensions", {}).get("dropped", 0)
            assert dropped > 0
            assert not served.blog.closed.is_set()
        await soon(served.blog.closed)


# ── how many there may be ───────────────────────────────────────────────────────────────────────────────────────────


class TestNone(Configured):
    """A router that serves no subscriptions."""

    subscriptions = SubscriptionSettings(enabled=False)

    async def test_one_is_refused(self, served: Served) -> None:
        """By a code of its own."""
        status, body = await whole(served, EVENTS, PUBLISHED)
        assert (status, code(body)) == (400, "SUBSCRIPTIONS_DISABLED")


class TestOne(Configured):
    """A router that serves one."""

    subscriptions = SubscriptionSettings(open_max=1)

    async def test_another_is_told_to_come_later(self, served: Served) -> None:
        """With 503; a place that is left is free again."""
        async with streaming(served, EVENTS, PUBLISHED):
            await soon(served.blog.listening)
            async with streaming(served, SUBSCRIPTION_PARTS, COUNT) as response:
                assert (response.status, response.headers["retry-after"]) == (503, "2")
                assert code(await response.read()) == "SUBSCRIPTION_MAX_LIMIT"
        await soon(served.blog.closed)
        assert (await whole(served, EVENTS, COUNT))[0] == 200


class TestOneEach(Configured):
    """A router that serves one to each client."""

    subscriptions = SubscriptionSettings(per_client_max=1)

    async def test_another_client_has_its_own(self, served: Served) -> None:
        """A client is a token's subject, or else an address."""
        async with streaming(served, EVENTS, PUBLISHED):
            await soon(served.blog.listening)
            assert (await whole(served, EVENTS, COUNT))[0] == 429
            signed_in = {"authorization": f"Bearer {served.key.token()}"}
            assert (await whole(served, EVENTS, COUNT, headers=signed_in))[0] == 200
