"""Traces of the services: off they are nothing; on, what is done belongs to where it comes from, and says no more than it may."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest
import structlog
from sqlalchemy import MetaData, select, text

from payflow.events.envelope import read_envelope, to_record
from payflow.kernel import otel, tracing
from payflow.kernel.db import Database
from payflow.kernel.otel import OtelSpans
from payflow.kernel.outbox import Outbox, outbox_table
from tests.consumers.world import NOW, completed
from tests.telemetry.collector import Collector, collecting

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
CARRIER = {"traceparent": f"00-{TRACE}-{SPAN}-01"}


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


@pytest.fixture
async def traced(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Collector]:
    """A process that traces, as far as this test; `flush` sends what it made."""
    monkeypatch.setattr(tracing, "_spans", OtelSpans(service="test", endpoint=collector.endpoint, ratio=1.0))
    yield collector
    await tracing.flush()


@pytest.fixture(autouse=True)
def a_request() -> Iterator[None]:
    """A request with an id is what is being served."""
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        yield


def test_off_it_is_nothing_but_the_requests_id() -> None:
    """Spans do nothing; calls and events carry which request they come from."""
    with tracing.span("anything") as span:
        span.set("a", 1)
        assert tracing.headers_onward() == {"x-request-id": "r-1"}
        assert tracing.attributes_onward() == {"correlationid": "r-1"}
    assert not tracing.is_on()


def test_off_no_spans_can_be_made() -> None:
    """A service that does not trace has neither what makes spans nor what sends them. (Redis' client brings some of the rest.)"""
    program = (
        "import sys, payflow.kernel.tracing, subgraphs.wallet.app, consumers.app\n"
        "payflow.kernel.tracing.configure_tracing(service='wallet', endpoint='')\n"
        "print([name for name in sys.modules if name.startswith(('opentelemetry.sdk.trace', 'opentelemetry.exporter'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout.strip() == "[]"


async def test_what_is_done_continues_where_it_comes_from(traced: Collector) -> None:
    """A span goes on with a carrier's trace, one within it is its child, and what goes along names the inner one."""
    with tracing.span("serve", kind="server", carrier=CARRIER):
        with tracing.span("call", kind="client"):
            sent = tracing.headers_onward()
        tracing.bind_ids("r-1")
        bound = structlog.contextvars.get_contextvars()
    await tracing.flush()

    [served], [called] = traced.named("serve"), traced.named("call")
    assert (served.trace_id, served.parent_id, served.kind, served.service) == (TRACE, SPAN, "server", "test")
    assert (called.trace_id, called.parent_id) == (TRACE, served.span_id)
    assert sent == {"x-request-id": "r-1", "traceparent": f"00-{TRACE}-{called.span_id}-01"}
    assert bound["trace_id"] == TRACE


async def test_an_error_is_told_by_its_type(traced: Collector) -> None:
    """Its message may quote what nobody should read."""
    with pytest.raises(ValueError, match="s3cret"), tracing.span("serve"):
        raise ValueError("s3cret")
    await tracing.flush()

    [span] = traced.named("serve")
    assert span.is_error
    assert span.attributes == {"error.type": "ValueError"}
    assert span.events == ()


async def test_an_event_carries_its_origin_to_whoever_reads_it(database_url: str, traced: Collector) -> None:
    """The outbox stores it with the event, for the relay that publishes later knows nothing of the request."""
    metadata = MetaData()
    outbox = Outbox(outbox_table(metadata))
    database = Database(database_url)
    record = to_record(completed(), event_id=uuid4(), time=NOW)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    with tracing.span("serve", carrier=CARRIER):
        async with database.unit_of_work() as work:
            await outbox.add(work, event_id=uuid4(), record=record)
    async with database.read() as connection:
        stored = (await connection.execute(select(outbox.table.c.value))).scalar_one()
    await database.close()
    await tracing.flush()

    [created] = traced.named("create transfers.v1")
    event = read_envelope(json.dumps(stored).encode())
    assert event.origin == {"traceparent": f"00-{TRACE}-{created.span_id}-01"}
    assert event.correlationid == "r-1"
    assert created.kind == "producer"
    assert created.attributes["messaging.destination.name"] == "transfers.v1"
    assert set(record.value) == set(stored) - {"traceparent", "correlationid"}


async def test_statements_within_a_trace_have_spans(database_url: str, traced: Collector) -> None:
    """With their text, which has parameters where values were; a failing one with its SQL state. Others, as of a relay, have none."""
    database = Database(database_url)
    async with database.read() as connection:
        await connection.execute(text("SELECT 1"))
    with tracing.span("serve"):
        async with database.read() as connection:
            await connection.execute(text("SELECT :secret"), {"secret": "s3cret"})
        with pytest.raises(Exception, match="division by zero"):
            async with database.read() as connection:
                await connection.execute(text("SELECT 1 / :zero"), {"zero": 0})
    await database.close()
    await tracing.flush()

    good, bad = traced.named("SELECT")
    assert good.attributes["db.query.text"].startswith("SELECT $1")
    assert (bad.is_error, bad.attributes["error.type"]) == (True, "22012")
    assert "s3cret" not in str(traced.spans)


async def test_nobody_waits_for_a_collector_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that stops gives up what waits, and says so."""
    monkeypatch.setattr(otel, "FLUSH_TIMEOUT_S", 0.1)
    spans = OtelSpans(service="test", endpoint="http://127.0.0.1:9/v1/traces", ratio=1.0)
    monkeypatch.setattr(tracing, "_spans", spans)
    with tracing.span("serve"):
        pass

    with structlog.testing.capture_logs() as logs:
        async with asyncio.timeout(2):
            await tracing.flush()

    assert [entry["event"] for entry in logs if entry["log_level"] == "warning"][
        -1
    ] == "traces that waited were dropped"
