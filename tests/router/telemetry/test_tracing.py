"""Traces: what spans a request has, what goes along to subgraphs, and what becomes of them when nobody takes them."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any

import pytest
from structlog.testing import capture_logs
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from router import limits
from tests.router.telemetry.conftest import Serve, Site
from tests.telemetry.collector import Collector, Seen, collecting

POSTS = "query Posts($first: Int) { posts(first: $first) { title author { name } } }"
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SAMPLED_FLAG = 1
SAMPLED, UNSAMPLED = f"00-{TRACE}-{SPAN}-01", f"00-{TRACE}-{SPAN}-00"


def tracing(serve: Serve, collector: Collector, **settings: Any) -> AbstractAsyncContextManager[Site]:
    """A router that sends its traces to the collector; those that wait are sent when it stops."""
    return serve(telemetry={"tracing": {"endpoint": collector.endpoint, **settings}})


def tree(spans: list[Seen]) -> set[tuple[str, str | None]]:
    """Each span's name with that of its parent."""
    names = {span.span_id: span.name for span in spans}
    return {(span.name, names.get(span.parent_id)) for span in spans}


async def test_a_request_has_a_span_for_each_of_its_steps(serve: Serve, collector: Collector) -> None:
    """Stages are children of the request, fetches of the execution; what was remembered has no span."""
    async with tracing(serve, collector) as site:
        await site.ask(POSTS, variables={"first": 1})
        await site.ask(POSTS, variables={"first": 1})

    first, second = ([s for s in collector.spans if s.trace_id == root.trace_id] for root in by_start(collector))
    ran = {
        ("POST /graphql", None),
        ("execute", "POST /graphql"),
        ("POST posts", "execute"),
        ("POST people", "execute"),
    }
    assert tree(second) == ran
    assert tree(first) == ran | {(stage, "POST /graphql") for stage in ("parse", "validate", "authorize", "plan")}


def by_start(collector: Collector) -> list[Seen]:
    """The requests, the one with the most spans first."""
    roots = collector.named("POST /graphql")
    return sorted(roots, key=lambda root: -sum(span.trace_id == root.trace_id for span in collector.spans))


async def test_spans_say_what_was_asked_and_nothing_that_is_secret(serve: Serve, collector: Collector) -> None:
    """Names and codes by the semantic conventions; neither text, variables, tokens nor messages."""
    headers = {"authorization": "Bearer s3cret", "apollographql-client-name": "web", "cookie": "c=s3cret"}
    async with tracing(serve, collector) as site:
        await site.ask('query Hi { hello(name: "s3cret") broken }', headers=headers)
        await site.ask("query ($n: Int!) { posts(first: $n) { title } }", variables={"n": "s3cret"})

    told = {span.attributes.get("graphql.operation.name"): span for span in collector.named("POST /graphql")}
    assert told["Hi"].attributes == {
        "http.request.method": "POST",
        "http.route": "/graphql",
        "http.response.status_code": 200,
        "graphql.operation.type": "query",
        "graphql.operation.name": "Hi",
        "graphql.client.name": "web",
        "graphql.error.codes": ["FAULT"],
    }
    assert told[None].attributes["graphql.error.codes"] == ["BAD_USER_INPUT"]
    [fetch, *_] = collector.named("POST people")
    assert fetch.kind == "client"
    assert fetch.attributes == {
        "http.request.method": "POST",
        "graphql.subgraph.name": "people",
        "http.response.status_code": 200,
    }
    assert "s3cret" not in json.dumps([[span.name, span.attributes] for span in collector.spans])


async def test_a_clients_trace_goes_on_in_the_subgraphs(serve: Serve, collector: Collector) -> None:
    """Each fetch names itself as the parent of what the subgraph does; `tracestate` goes along, baggage only where it is set."""
    headers = {"traceparent": SAMPLED, "tracestate": "congo=t61rcWkgMzE", "baggage": "user=ada"}
    async with tracing(serve, collector) as site:
        await site.ask(POSTS, headers=headers)
        sent = site.blog.headers
    async with tracing(serve, collector, baggage=True) as site:
        await site.ask("{ hello }", headers=headers)
        [with_baggage] = site.blog.headers

    [request, _] = collector.named("POST /graphql")
    assert (request.trace_id, request.parent_id) == (TRACE, SPAN)
    fetches = {span.span_id for span in collector.spans if span.kind == "client"}
    assert {f["traceparent"].split("-")[1] for f in sent} == {TRACE}
    assert {f["traceparent"].split("-")[2] for f in sent} <= fetches
    assert {f["tracestate"] for f in sent} == {"congo=t61rcWkgMzE"}
    assert all("baggage" not in f for f in sent)
    assert with_baggage["baggage"] == "user=ada"


@pytest.mark.parametrize(
    ("settings", "traceparent", "kept"),
    [
        ({"ratio": 0.0}, None, False),
        ({"ratio": 0.0}, SAMPLED, True),
        ({"ratio": 0.0, "follow_parent": False}, SAMPLED, False),
        ({"ratio": 1.0}, UNSAMPLED, False),
        ({"ratio": 1.0}, "00-nonsense", True),
    ],
)
async def test_sampling(
    serve: Serve, collector: Collector, settings: dict[str, Any], traceparent: str | None, kept: bool
) -> None:
    """A share of the traces that begin here, and those that a client began and keeps; subgraphs are told the decision."""
    async with tracing(serve, collector, **settings) as site:
        await site.ask("{ hello }", headers={} if traceparent is None else {"traceparent": traceparent})
        [sent] = site.blog.headers

    assert bool(collector.spans) is kept
    assert bool(int(sent["traceparent"][-2:], 16) & SAMPLED_FLAG) is kept


async def test_a_fetch_tells_how_often_it_was_tried(serve: Serve, collector: Collector) -> None:
    """One span whose events are the further tries; without an answer it is an error of the failure's type."""
    retry = {"attempts": 3, "first_s": 0.01, "pause_max_s": 0.02}
    gone = {name: {"url": "http://127.0.0.1:9/", "retry": retry} for name in ("people", "posts")}
    telemetry = {"tracing": {"endpoint": collector.endpoint}}
    async with serve(over_http=True, subgraphs=gone, telemetry=telemetry) as site:
        await site.ask("{ hello }")

    [fetch] = collector.named("POST people")
    assert fetch.events == (("retry", {"reason": "unreachable"}),) * 2
    assert fetch.is_error
    assert fetch.attributes["error.type"] == "SubgraphUnreachable"


async def test_operations_and_events_on_a_socket(serve: Serve, collector: Collector) -> None:
    """An operation has a span; each event of a subscription begins a trace of its own, which links to that."""
    async with (
        tracing(serve, collector) as site,
        connect(f"ws://{site.address}/graphql", subprotocols=[Subprotocol("graphql-transport-ws")]) as socket,
    ):
        await socket.send('{"type": "connection_init"}')
        await socket.recv()
        query = "subscription Added { published { title author { name } } }"
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": query}}))
        await site.blog.listening.wait()
        site.blog.published.put_nowait("News")
        assert json.loads(await socket.recv())["type"] == "next"

    [operation] = collector.named("operation")
    [event] = collector.named("subscription event")
    assert operation.attributes["graphql.operation.name"] == "Added"
    assert event.trace_id != operation.trace_id
    assert event.links == (operation.span_id,)
    [fetch] = collector.named("POST people")
    assert (fetch.trace_id, fetch.parent_id) == (event.trace_id, event.span_id)


def has_asked(times: int, collector: Collector) -> bool:
    """Whether the router has tried to send so often."""
    return collector.requests >= times


def spans(metrics: str, outcome: str) -> float:
    """How many there were of them."""
    counted = dict(line.rsplit(" ", 1) for line in metrics.splitlines())
    return float(counted.get(f'router_spans_total{{outcome="{outcome}"}}', 0))


async def test_a_collector_that_is_away_is_said_once(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are answered as ever; the log says that traces are lost, then that they are not, and /metrics how many."""
    monkeypatch.setattr(limits, "SPAN_BATCH_PAUSE_S", 0.05)
    with collecting() as collector, capture_logs() as logs:
        collector.status = 400
        async with tracing(serve, collector, headers={"x-api-key": "k"}) as site:
            for batch in (1, 2, 3):
                assert await site.ask("{ hello }") == {"data": {"hello": "Hello you"}}
                await asyncio.to_thread(collector.wait_for, partial(has_asked, batch))
            collector.status = 200
            await site.ask("{ hello }")
            await asyncio.to_thread(collector.wait_for, lambda c: bool(c.spans))
            async with asyncio.timeout(10):
                while spans(metrics := await site.metrics(), "sent") == 0:
                    await asyncio.sleep(0.02)

    said = [entry["event"] for entry in logs if entry["event"].startswith("traces")]
    assert said == ["traces cannot be sent", "traces are sent again"]
    assert collector.headers["x-api-key"] == "k"
    assert spans(metrics, "failed") > 0


async def test_nobody_waits_for_a_collector_that_is_not_there(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """The router stops within its time, and says that it drops what waits."""
    monkeypatch.setattr(limits, "SPAN_FLUSH_S", 0.2)
    async with asyncio.timeout(10):
        async with serve(telemetry={"tracing": {"endpoint": "http://127.0.0.1:9/v1/traces"}}) as site:
            assert await site.ask("{ hello }") == {"data": {"hello": "Hello you"}}


def test_a_router_that_does_not_trace_has_no_opentelemetry(tmp_path: object) -> None:
    """Neither its packages nor spans: none is imported."""
    program = (
        "import sys, router.app, router.config, router.commands.serve\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout.strip() == "[]"
