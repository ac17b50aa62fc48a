"""What every transport promises, run against each: HTTP/1.1 and HTTP/2 over real sockets, ASGI in process, and the fake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any, cast

import pytest
import yarl

from payflow.dev.testing import free_port
from router.errors import OutOfTime, SubgraphFailure, SubgraphTimedOut
from router.transport import AsgiTransport, FakeTransport, HttpTransport, SubgraphRequest, SubgraphResponse, Transport
from router.transport.body import decode_response, encode_request, unreachable
from router.transport.http1 import Bounds
from router.transport.reqwest import ReqwestClient
from router.transport.streams import StreamProtocol, Target
from tests.router.transport.subgraphs import BIG_BYTES, Probe, applications, certified, schema, served

TIMEOUT_S = 1.0  # where a test waits for it to pass …
PATIENCE_S = 10.0  # … and where it is to make no difference
TIMEOUT_HEADER = "x-request-timeout-ms"


class _FakeSocket:
    """What the test subgraph looks at in a request, for the fake, which has neither HTTP nor a socket."""

    def __init__(self, headers: Mapping[str, str], probe: Probe) -> None:
        self.headers = headers
        self.scope = {"state": {"probe": probe}}

    async def close(self, *, code: int, reason: str) -> None:
        raise SubgraphFailure("fleet", 'Subgraph "fleet" broke off the subscription.', f"{code} {reason}")


def _context(request: SubgraphRequest, probe: Probe) -> dict[str, Any]:
    return {"request": _FakeSocket(request.headers, probe), "connection_params": dict(request.headers)}


def _fake(probe: Probe) -> FakeTransport:
    """A fake that answers "fleet" with the very schema that the servers have, and knows "gone" as unreachable."""

    async def answer(request: SubgraphRequest) -> SubgraphResponse:
        asked = request.payload
        result = await schema.execute(
            asked["query"],
            variable_values=asked.get("variables"),
            operation_name=asked.get("operationName"),
            context_value=_context(request, probe),
        )
        return SubgraphResponse(result.data, tuple(dict(error.formatted) for error in result.errors or ()))

    async def events(request: SubgraphRequest) -> AsyncGenerator[SubgraphResponse, None]:
        asked = request.payload
        stream = await schema.subscribe(
            asked["query"], variable_values=asked.get("variables"), context_value=_context(request, probe)
        )
        async with aclosing(cast("AsyncGenerator[Any, None]", stream)) as results:
            async for result in results:
                for error in result.errors or ():
                    if isinstance(error.original_error, SubgraphFailure):
                        raise error.original_error
                yield SubgraphResponse(result.data, tuple(dict(error.formatted) for error in result.errors or ()))

    return FakeTransport(
        answers={"fleet": answer, "gone": [unreachable("gone", "")] * 2},
        events={"fleet": events, "gone": [unreachable("gone", "")]},
    )


class LibraryTransport(HttpTransport):
    """The library's client for plain http as well, which is otherwise our own client's."""

    def __init__(
        self, urls: Mapping[str, str], *, timeout_s: float, response_bytes_max: int = 1_000_000, **options: Any
    ):
        super().__init__(urls, timeout_s=timeout_s, **options)
        bounds = Bounds(timeout_s=timeout_s, response_bytes_max=response_bytes_max)
        library = ReqwestClient(
            {name: yarl.URL(url) for name, url in urls.items()},
            bounds,
            timeout_header=options["timeout_header"],
            answer_headers=options["answer_headers"],
        )
        self._clients = dict.fromkeys(urls, library)


# Who asks whom: our own client and the library's; servers of HTTP/1.1, of that over TLS, and of HTTP/2.
OVER_HTTP: dict[str, tuple[type[HttpTransport], dict[str, bool]]] = {
    "http": (HttpTransport, {}),
    "library": (LibraryTransport, {}),
    "https": (HttpTransport, {"tls": True}),
    "http2": (HttpTransport, {"http2": True}),
}

# What subscriptions may be taken by; the first is what the kinds above take.
BY_STREAM: dict[str, StreamProtocol] = {"sse": "sse", "multipart": "multipart"}


@asynccontextmanager
async def _http(probe: Probe, kind: str = "http", **options: Any) -> AsyncIterator[HttpTransport]:
    client, server = OVER_HTTP.get(kind, OVER_HTTP["http"])
    async with served(applications(probe), **server) as urls:
        options = {"timeout_s": TIMEOUT_S, "init_timeout_s": TIMEOUT_S, "ca": certified().ca, **options}
        options |= {"timeout_header": TIMEOUT_HEADER, "answer_headers": True}
        urls["gone"] = f"{'https' if server else 'http'}://localhost:{free_port()}/graphql"
        if kind in BY_STREAM:
            options["targets"] = {
                name: Target(yarl.URL(url), BY_STREAM[kind], timeout_s=options["init_timeout_s"])
                for name, url in urls.items()
            }
        transport = client(urls, **options)
        try:
            yield transport
        finally:
            await transport.close()


def _asgi(probe: Probe, **options: Any) -> AsgiTransport:
    apps = applications(probe)
    options = {"timeout_s": TIMEOUT_S, "init_timeout_s": TIMEOUT_S, "timeout_header": TIMEOUT_HEADER, **options}
    return AsgiTransport({**apps, "gone": apps["broken"]}, **options)


@pytest.fixture
def probe() -> Probe:
    """What the subgraph of this test saw."""
    return Probe()


@pytest.fixture(params=[*OVER_HTTP, "asgi", "fake"])
async def transport(request: pytest.FixtureRequest, probe: Probe) -> AsyncIterator[Transport]:
    """Each implementation in turn, before the same subgraph."""
    if request.param in OVER_HTTP:
        async with _http(probe, request.param, timeout_s=PATIENCE_S, init_timeout_s=PATIENCE_S) as over_http:
            yield over_http
    else:
        yield _asgi(probe, timeout_s=PATIENCE_S) if request.param == "asgi" else _fake(probe)


@pytest.fixture(params=[*OVER_HTTP, "asgi"])
async def real_transport(request: pytest.FixtureRequest, probe: Probe) -> AsyncIterator[Transport]:
    """The implementations that speak to a server which may misbehave."""
    options = {"response_bytes_max": BIG_BYTES // 2}
    if request.param in OVER_HTTP:
        async with _http(probe, request.param, **options) as over_http:
            yield over_http
    else:
        yield _asgi(probe, **options)


@pytest.fixture(params=[*OVER_HTTP, *BY_STREAM, "asgi", "fake"])
async def listening(request: pytest.FixtureRequest, probe: Probe) -> AsyncIterator[Transport]:
    """Each way to take subscriptions, before the same subgraph."""
    if request.param in ("asgi", "fake"):
        yield _asgi(probe, timeout_s=PATIENCE_S) if request.param == "asgi" else _fake(probe)
    else:
        async with _http(probe, request.param, timeout_s=PATIENCE_S, init_timeout_s=PATIENCE_S) as over_http:
            yield over_http


@pytest.fixture(params=["http", "https", *BY_STREAM, "asgi"])
async def listening_for_real(request: pytest.FixtureRequest, probe: Probe) -> AsyncIterator[tuple[str, Transport]]:
    """Those that speak to a server which may misbehave, and their names."""
    if request.param == "asgi":
        yield request.param, _asgi(probe)
    else:
        async with _http(probe, request.param) as over_http:
            yield request.param, over_http


def ask(query: str, subgraph: str = "fleet", **variables: Any) -> SubgraphRequest:
    """A request of the contract."""
    return SubgraphRequest(subgraph, encode_request(query, variables=variables))


FOREVER = ask("subscription { forever }")


async def answer_of(transport: Transport, request: SubgraphRequest) -> SubgraphResponse:
    """The answer to a request, decoded as the executor does."""
    return decode_response(request.subgraph, await transport.send(request))


async def events_of(transport: Transport, request: SubgraphRequest) -> list[SubgraphResponse]:
    """Every event of a subscription."""
    return [event async for event in transport.subscribe(request)]


# ── queries ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_answers_a_query(transport: Transport) -> None:
    """The data of the subgraph arrives, without errors."""
    response = await answer_of(transport, ask("{ greet }"))

    assert response == SubgraphResponse({"greet": "Ahoy sailor"})


async def test_sends_variables_and_operation_name(transport: Transport) -> None:
    """Variables arrive, and the named operation of a document is the one that runs."""
    document = "query A($n: String!) { greet(name: $n) } query B { wreck }"

    response = await answer_of(transport, SubgraphRequest("fleet", encode_request(document, "A", {"n": "Zoë"})))

    assert response.data == {"greet": "Ahoy Zoë"}


async def test_forwards_headers(transport: Transport) -> None:
    """A forwarded header reaches the subgraph."""
    request = ask('{ header(name: "x-voyage") }')._replace(headers={"x-voyage": "42"})

    response = await answer_of(transport, request)

    assert response.data == {"header": "42"}


async def test_returns_errors_beside_data(transport: Transport) -> None:
    """A failing resolver's error comes with its path and extensions, and with the rest of the data."""
    response = await answer_of(transport, ask("{ greet wreck }"))

    assert response.data == {"greet": "Ahoy sailor", "wreck": None}
    assert [(error["message"], error["path"], error["extensions"]) for error in response.errors] == [
        ("ran aground", ["wreck"], {"code": "AGROUND"})
    ]


async def test_returns_the_errors_of_a_refused_document(transport: Transport) -> None:
    """A document that the subgraph does not accept is a response with errors, whatever its HTTP status."""
    response = await answer_of(transport, ask("{ nosuchfield }"))

    assert response.data is None
    assert "nosuchfield" in response.errors[0]["message"]


async def test_gives_each_caller_a_tree_of_its_own(transport: Transport) -> None:
    """Changing one answer does not change the next."""
    first = await answer_of(transport, ask("{ greet }"))
    assert first.data is not None
    first.data["greet"] = "changed"

    second = await answer_of(transport, ask("{ greet }"))

    assert second.data == {"greet": "Ahoy sailor"}


async def test_answers_concurrent_requests(transport: Transport) -> None:
    """Answers do not get mixed up."""
    names = [f"n{number}" for number in range(20)]
    responses = await asyncio.gather(
        *(answer_of(transport, ask("query ($n: String!) { greet(name: $n) }", n=name)) for name in names)
    )

    assert [response.data for response in responses] == [{"greet": f"Ahoy {name}"} for name in names]


async def test_names_a_subgraph_that_cannot_be_reached(transport: Transport) -> None:
    """An unreachable subgraph is a SubgraphFailure with a sentence that clients may see."""
    with pytest.raises(SubgraphFailure, match=r'^Subgraph "gone" cannot be reached\.$') as caught:
        await answer_of(transport, ask("{ greet }", "gone"))

    assert caught.value.subgraph == "gone"


async def test_names_a_subgraph_it_does_not_know(transport: Transport) -> None:
    """A subgraph without an address fails like any other, for queries and for subscriptions."""
    with pytest.raises(SubgraphFailure, match='Subgraph "nowhere" has no address'):
        await answer_of(transport, ask("{ greet }", "nowhere"))
    with pytest.raises(SubgraphFailure, match='Subgraph "nowhere" has no address'):
        await events_of(transport, ask("subscription { count(to: 1) }", "nowhere"))


async def test_closes_more_than_once(transport: Transport) -> None:
    """Closing is idempotent."""
    await answer_of(transport, ask("{ greet }"))

    await transport.close()
    await transport.close()


# ── deadlines ───────────────────────────────────────────────────────────────────────────────────────────────────────


def in_seconds(seconds: float) -> float:
    """A deadline so far from now."""
    return asyncio.get_running_loop().time() + seconds


async def test_nothing_is_sent_after_its_deadline(transport: Transport, probe: Probe) -> None:
    """The request fails at once, and the subgraph does not hear of it."""
    late = ask("{ nap(seconds: 0) }")._replace(deadline=in_seconds(-0.01))

    with pytest.raises(OutOfTime, match="before the time for the whole request was over"):
        await transport.send(late)

    assert probe.under_way_max == 0


async def test_a_request_is_given_up_at_its_deadline(transport: Transport) -> None:
    """However patient the transport is; the failure says that the subgraph is not to blame."""
    with pytest.raises(OutOfTime):
        await transport.send(ask("{ nap(seconds: 0.9) }")._replace(deadline=in_seconds(0.3)))


async def test_a_deadline_far_away_changes_nothing(real_transport: Transport) -> None:
    """A subgraph that takes longer than it may has timed out, as without a deadline."""
    with pytest.raises(SubgraphTimedOut):
        await real_transport.send(ask("{ greet }", "slow")._replace(deadline=in_seconds(60)))


@pytest.mark.parametrize(("left", "most"), [(None, TIMEOUT_S), (60.0, TIMEOUT_S), (0.5, 0.5)])
async def test_a_subgraph_is_told_how_long_it_has(real_transport: Transport, left: float | None, most: float) -> None:
    """In milliseconds: what the transport waits, or less where there is less. What a client said of that is not sent on."""
    request = ask('{ header(name: "' + TIMEOUT_HEADER + '") }')._replace(
        headers={TIMEOUT_HEADER: "999999"}, deadline=None if left is None else in_seconds(left)
    )

    told = (await answer_of(real_transport, request)).data

    assert told is not None
    assert most * 500 < int(told["header"]) <= most * 1000


async def test_answers_have_their_headers(real_transport: Transport) -> None:
    """Names in lower case, and each cookie by itself."""
    answer = await real_transport.send(ask("{ ok }", "crewed"))

    assert (b"x-deck", b"4") in answer.headers
    assert [value for name, value in answer.headers if name == b"set-cookie"] == [b"crew=ann; Path=/", b"mate=bob"]


# ── what is no GraphQL ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("subgraph", ["html", "list", "textual"])
async def test_refuses_what_is_not_graphql(real_transport: Transport, subgraph: str) -> None:
    """A page, a JSON list and `data` that is no object are failures."""
    with pytest.raises(SubgraphFailure, match=f'^Subgraph "{subgraph}" did not answer with GraphQL\\.$'):
        await answer_of(real_transport, ask("{ greet }", subgraph))


@pytest.mark.parametrize(("subgraph", "status"), [("unwell", 503), ("moved", 307)])
async def test_names_the_http_status(real_transport: Transport, subgraph: str, status: int) -> None:
    """An HTTP status without a GraphQL body is named, its body kept for the log; a redirect is not followed."""
    with pytest.raises(SubgraphFailure, match=f"answered with HTTP status {status}") as caught:
        await answer_of(real_transport, ask("{ greet }", subgraph))

    assert caught.value.detail.startswith(f"HTTP {status}")


async def test_uses_a_graphql_body_whatever_the_status(real_transport: Transport) -> None:
    """HTTP 400 with GraphQL errors is an answer."""
    response = await answer_of(real_transport, ask("{ greet }", "refusing"))

    assert response == SubgraphResponse(None, ({"message": "no such field"},))


async def test_gives_up_on_a_slow_subgraph(real_transport: Transport) -> None:
    """A subgraph that does not answer in time is a failure that says how long it had."""
    with pytest.raises(SubgraphFailure, match=r'^Subgraph "slow" did not answer within 1 seconds\.$'):
        await answer_of(real_transport, ask("{ greet }", "slow"))


async def test_refuses_an_answer_past_the_size_limit(real_transport: Transport) -> None:
    """An answer larger than allowed is cut off."""
    with pytest.raises(SubgraphFailure, match=f"answered more than {BIG_BYTES // 2} bytes"):
        await answer_of(real_transport, ask("{ cargo }"))


async def test_keeps_no_cookies(real_transport: Transport, probe: Probe) -> None:
    """A cookie that a subgraph sets never travels with another request."""
    await answer_of(real_transport, ask("{ ok }", "sticky"))
    await answer_of(real_transport, ask("{ ok }", "sticky"))

    assert probe.cookies == [None, None]


async def test_keeps_headers_of_the_clients_connection_to_itself(real_transport: Transport) -> None:
    """Headers that describe the client's own body or connection are not sent on."""
    headers = {"content-length": "3", "content-type": "text/plain", "connection": "close", "te": "gzip"}
    request = ask('{ te: header(name: "te") type: header(name: "content-type") }')._replace(headers=headers)

    response = await answer_of(real_transport, request)

    assert response.data == {"te": None, "type": "application/json"}


# ── subscriptions ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_yields_every_event(listening: Transport) -> None:
    """Each event is a response; the iterator ends with the subgraph's stream."""
    events = await events_of(listening, ask("subscription ($to: Int!) { count(to: $to) }", to=3))

    assert events == [SubgraphResponse({"count": number}) for number in (1, 2, 3)]


async def test_closing_the_iterator_ends_the_stream_in_the_subgraph(listening: Transport, probe: Probe) -> None:
    """The subgraph's generator is closed when the caller has had enough."""
    async with aclosing(cast("AsyncGenerator[SubgraphResponse, None]", listening.subscribe(FOREVER))) as events:
        assert (await anext(events)).data == {"forever": 0}
        assert (await anext(events)).data == {"forever": 1}

    await asyncio.wait_for(probe.closed.wait(), 5)


async def test_cancelling_the_caller_ends_the_stream_in_the_subgraph(listening: Transport, probe: Probe) -> None:
    """A consumer that is cancelled while it waits for an event leaves no stream behind."""
    task = asyncio.create_task(events_of(listening, FOREVER))
    await asyncio.wait_for(probe.opened.wait(), 5)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    await asyncio.wait_for(probe.closed.wait(), 5)


async def test_a_refused_subscription_yields_its_errors(listening: Transport) -> None:
    """A document that the subgraph does not accept is one response with errors, then the end."""
    (event,) = await events_of(listening, ask("subscription { nosuchfield }"))

    assert event.data is None
    assert "nosuchfield" in event.errors[0]["message"]


async def test_sends_the_token_where_subgraphs_look_for_it(
    listening: Transport, request: pytest.FixtureRequest
) -> None:
    """They find it in the header; over a WebSocket, in the payload of connection_init as well."""
    asked = ask("subscription { token }")._replace(headers={"authorization": "Bearer t"})

    (event,) = await events_of(listening, asked)

    over_http = request.node.callspec.params["listening"] in BY_STREAM
    assert event.data == {"token": ["Bearer t", None if over_http else "Bearer t"]}


async def test_a_lost_connection_is_a_failure(listening: Transport, request: pytest.FixtureRequest) -> None:
    """Events before the loss arrive; the loss itself is a SubgraphFailure, not a quiet end."""
    events = listening.subscribe(ask("subscription { sinking }"))
    assert (await anext(events)).data == {"sinking": 1}

    with pytest.raises(SubgraphFailure, match=r'^Subgraph "fleet" broke off the subscription') as caught:
        await anext(events)

    over_http = request.node.callspec.params["listening"] in BY_STREAM
    assert ("payload" if over_http else "1011") in caught.value.detail


async def test_an_unreachable_subscription_is_a_failure(listening: Transport) -> None:
    """A subgraph that cannot be reached fails before the first event."""
    with pytest.raises(SubgraphFailure, match=r'^Subgraph "gone" '):
        await events_of(listening, ask("subscription { count(to: 1) }", "gone"))


async def test_what_takes_no_subscriptions_is_told_apart(listening_for_real: tuple[str, Transport]) -> None:
    """A server that does not accept WebSockets, or has no stream to give, is there, and not what was hoped for."""
    kind, transport = listening_for_real
    sentence = "did not answer with GraphQL" if kind in BY_STREAM else "answered with HTTP status 403"
    with pytest.raises(SubgraphFailure, match=f'^Subgraph "html" {sentence}'):
        await events_of(transport, ask("subscription { count(to: 1) }", "html"))


async def test_gives_up_on_a_slow_handshake(listening_for_real: tuple[str, Transport]) -> None:
    """A server that never accepts is left after the time allowed."""
    with pytest.raises(SubgraphFailure, match=r'^Subgraph "slow" did not answer within'):
        await events_of(listening_for_real[1], ask("subscription { count(to: 1) }", "slow"))


# ── HTTP alone ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_bounds_the_connections_to_a_subgraph(probe: Probe) -> None:
    """More requests than connections wait their turn; none is lost."""
    async with _http(probe, connections_max=2, timeout_s=5) as transport:
        responses = await asyncio.gather(*(answer_of(transport, ask("{ nap(seconds: 0.05) }")) for _ in range(6)))

    assert [response.data for response in responses] == [{"nap": "rested"}] * 6
    assert probe.under_way_max == 2


async def test_subscriptions_do_not_use_up_the_connections_of_requests(probe: Probe) -> None:
    """A request gets through while more subscriptions are open than there are request connections."""
    async with _http(probe, connections_max=1) as transport:
        streams = [cast("AsyncGenerator[SubgraphResponse, None]", transport.subscribe(FOREVER)) for _ in range(3)]
        for stream in streams:
            await anext(stream)

        response = await answer_of(transport, ask("{ greet }"))
        for stream in streams:
            await stream.aclose()

    assert response.data == {"greet": "Ahoy sailor"}


async def test_opens_new_connections_after_it_was_closed(probe: Probe) -> None:
    """A transport can be used again after `close`."""
    async with _http(probe) as transport:
        await answer_of(transport, ask("{ greet }"))
        await transport.close()

        response = await answer_of(transport, ask("{ greet }"))

    assert response.data == {"greet": "Ahoy sailor"}
