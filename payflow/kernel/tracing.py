"""Traces across processes: what continues where, and what goes along to the next. Off until `configure_tracing` names a collector.

Without one nothing of OpenTelemetry is imported, and a span is a context manager that does nothing. The id of a request goes along
in any case, so that one id finds a transfer in every log. Source: W3C Trace Context, https://www.w3.org/TR/trace-context/.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Final

import structlog
from sqlalchemy import Engine

from payflow.kernel.spans import Carrier, Kind, Span, Spans, Value

REQUEST_ID_HEADER: Final = "x-request-id"
CORRELATION_ATTRIBUTE: Final = "correlationid"
"""How an event carries the id of the request that it comes from. Source: CloudEvents' correlation extension."""


class _NoSpan:
    def set(self, name: str, value: Value) -> None:
        """Nobody listens."""

    def fail(self, reason: str) -> None:
        """Nobody listens."""


_NOTHING: Final[AbstractContextManager[Span]] = nullcontext(_NoSpan())
_spans: Spans | None = None


def configure_tracing(*, service: str, endpoint: str | None, ratio: float = 1.0) -> None:
    """Have this process send its spans to the collector at `endpoint` (OTLP over HTTP). Once, before anything else is made."""
    global _spans  # noqa: PLW0603 - like logging, this is the process's
    if endpoint:
        from payflow.kernel.otel import OtelSpans

        _spans = OtelSpans(service=service, endpoint=endpoint, ratio=ratio)


def is_on() -> bool:
    """Whether spans are made: where it costs something to find out what they say."""
    return _spans is not None


def is_recorded(carrier: Carrier) -> bool:
    """Whether the trace that comes along was chosen to be kept: the `sampled` flag of its traceparent."""
    flags = carrier.get("traceparent", "").rpartition("-")[2]
    return flags[-1:] in set("13579bdf")


def span(
    name: str,
    *,
    kind: Kind = "internal",
    attributes: Mapping[str, Value] | None = None,
    carrier: Carrier | None = None,
) -> AbstractContextManager[Span]:
    """The span of what is done within; it continues the trace of `carrier`, else that of the span around it."""
    if _spans is None:
        return _NOTHING
    return _spans.begin(name, kind=kind, attributes=attributes or {}, carrier=carrier)


def headers_onward() -> dict[str, str]:
    """What a call to another service takes along: the request's id, and the place in the trace."""
    request_id = _request_id()
    return ({} if request_id is None else {REQUEST_ID_HEADER: request_id}) | _carried()


def attributes_onward() -> dict[str, str]:
    """The same for an event, as extension attributes of CloudEvents. Sources: their distributed tracing and correlation extensions."""
    request_id = _request_id()
    return ({} if request_id is None else {CORRELATION_ATTRIBUTE: request_id}) | _carried()


def bind_ids(request_id: str | None) -> None:
    """Put the ids of what is being done on every line of the log below."""
    trace_id = None if _spans is None else _spans.trace_id()
    ids = {"request_id": request_id, "trace_id": trace_id}
    structlog.contextvars.bind_contextvars(**{name: value for name, value in ids.items() if value})


def watch_statements(engine: Engine) -> None:
    """Give each SQL statement that belongs to a trace a span."""
    if _spans is not None:
        _spans.watch(engine)


def statement_span(statement: str) -> AbstractContextManager[Span]:
    """The span of a statement that goes past the engine; it belongs to the trace around it, and there is none without one."""
    if _spans is None or _spans.trace_id() is None:
        return _NOTHING
    verb = statement.lstrip().partition(" ")[0].upper()
    about = {"db.system.name": "postgresql", "db.operation.name": verb, "db.query.text": statement}
    return _spans.begin(verb, kind="client", attributes=about, carrier=None)


async def flush() -> None:
    """Send what waits, for a bounded time: a process is about to end."""
    if _spans is not None:
        await _spans.flush()


def _carried() -> dict[str, str]:
    return {} if _spans is None else _spans.carried()


def _request_id() -> str | None:
    bound = structlog.contextvars.get_contextvars().get("request_id")
    return None if bound is None else str(bound)
