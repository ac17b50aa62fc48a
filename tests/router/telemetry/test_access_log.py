"""The log of requests: a line each, or for those that went wrong, without anything that a client would not want to be read."""

from __future__ import annotations

import json
from typing import Any

from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.router.telemetry.conftest import Serve
from tests.telemetry.collector import Collector


def lines(logs: Any) -> list[dict[str, Any]]:
    """The lines of the access log."""
    return [dict(entry) for entry in logs if entry["event"] == "request answered"]


async def test_a_line_a_request(serve: Serve) -> None:
    """Operation, kind, client, status, bytes and time, under the request's id; codes where there are errors."""
    with capture_logs(processors=[merge_contextvars]) as logs:
        async with serve(telemetry={"log": {"access": "all"}}) as site:
            headers = {"x-request-id": "r-1", "apollographql-client-name": "web", "apollographql-client-version": "2"}
            await site.ask('query Hi($name: String = "s3cret") { hello(name: $name) }', headers=headers)
            await site.ask("{ broken }")
            await site.ask("{ s3cret }")
            async with site.client.post(f"http://{site.address}/graphql", data="s3cret"):
                pass

    good, failed, invalid, malformed = lines(logs)
    assert 0 < good.pop("duration_ms") < 10_000
    assert good.pop("bytes") == len(b'{"data":{"hello":"Hello s3cret"}}')
    assert good == {
        "event": "request answered",
        "log_level": "info",
        "method": "POST",
        "status": 200,
        "kind": "query",
        "operation": "Hi",
        "client_name": "web",
        "client_version": "2",
        "request_id": "r-1",
    }
    assert (failed["codes"], failed["kind"]) == (("FAULT",), "query")
    assert (invalid["codes"], invalid["status"]) == (("GRAPHQL_VALIDATION_FAILED",), 200)
    assert malformed["status"] == 400
    assert "s3cret" not in json.dumps(lines(logs))


async def test_errors_only(serve: Serve) -> None:
    """Set so, a good request leaves no line."""
    with capture_logs() as logs:
        async with serve(telemetry={"log": {"access": "errors"}}) as site:
            await site.ask("{ hello }")
            await site.ask("{ broken }")

    assert [line["codes"] for line in lines(logs)] == [("FAULT",)]


async def test_off_by_default(serve: Serve) -> None:
    """Nothing is written for a request."""
    with capture_logs() as logs:
        async with serve() as site:
            await site.ask("{ broken }")

    assert lines(logs) == []


async def test_names_are_as_long_as_they_may_be(serve: Serve) -> None:
    """What a client calls itself does not fill the disk."""
    with capture_logs() as logs:
        async with serve(telemetry={"log": {"access": "all"}}) as site:
            await site.ask("{ hello }", headers={"graphql-client-name": "x" * 5_000})

    assert lines(logs)[0]["client_name"] == "x" * 128


async def test_a_batch_is_one_line(serve: Serve) -> None:
    """It names its operations."""
    with capture_logs() as logs:
        async with serve(telemetry={"log": {"access": "all"}}, batching={"enabled": True}) as site:
            batch = [{"query": "query A { hello }"}, {"query": "{ broken }"}]
            async with site.client.post(f"http://{site.address}/graphql", json=batch):
                pass

    [line] = lines(logs)
    assert (line["operations"], line["codes"]) == (["A", "query"], ("FAULT",))


async def test_an_operation_on_a_socket_has_a_line(serve: Serve) -> None:
    """When it has begun, under its own id."""
    with capture_logs(processors=[merge_contextvars]) as logs:
        async with (
            serve(telemetry={"log": {"access": "all"}}) as site,
            connect(f"ws://{site.address}/graphql", subprotocols=[Subprotocol("graphql-transport-ws")]) as socket,
        ):
            await socket.send('{"type": "connection_init"}')
            await socket.recv()
            payload = {"query": "subscription Added { published { title } }"}
            await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
            await site.blog.listening.wait()

    [line] = lines(logs)
    assert (line["kind"], line["operation"]) == ("subscription", "Added")
    assert line["request_id"].endswith(".1")


async def test_a_line_names_its_trace(serve: Serve, collector: Collector) -> None:
    """One id leads from the log to the trace."""
    telemetry = {"log": {"access": "all"}, "tracing": {"endpoint": collector.endpoint}}
    with capture_logs(processors=[merge_contextvars]) as logs:
        async with serve(telemetry=telemetry) as site:
            await site.ask("{ hello }")

    [line] = lines(logs)
    [request] = collector.named("POST /graphql")
    assert line["trace_id"] == request.trace_id
