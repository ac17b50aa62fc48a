"""Spans by OpenTelemetry. Only a process that traces imports this module.

Names are those of the semantic conventions, https://opentelemetry.io/docs/specs/semconv/. No span has an argument, a variable, a
token or the message of an error.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import structlog
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
from opentelemetry.trace import SpanKind, Status, StatusCode, format_trace_id
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from sqlalchemy import Engine, event

from payflow.kernel.spans import Carrier, Kind, Value

QUEUE_SPANS_MAX = 4_096  # that wait to be sent, some 2 kB each; past it they are dropped
BATCH_PAUSE_MS = 1_000
EXPORT_TIMEOUT_S = 5.0
FLUSH_TIMEOUT_S = 1.0  # a process that is told to stop has a few seconds

_KINDS: Final[Mapping[Kind, SpanKind]] = {
    "internal": SpanKind.INTERNAL,
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
}
# They say the same again with every batch that does not arrive.
_TALKATIVE: Final = ("opentelemetry.exporter.otlp.proto.http.trace_exporter", "opentelemetry.sdk._shared_internal")

log = structlog.get_logger(__name__)


class OtelSpans:
    """Begins spans, and sends them from a thread of its own. What is sampled follows the trace that a request belongs to."""

    def __init__(self, *, service: str, endpoint: str, ratio: float) -> None:
        self._provider = TracerProvider(
            sampler=ParentBasedTraceIdRatio(ratio),
            resource=Resource.create({"service.name": service, "service.namespace": "payflow"}),
            shutdown_on_exit=False,
        )
        exporter = OTLPSpanExporter(endpoint, timeout=EXPORT_TIMEOUT_S, compression=Compression.Gzip)
        self._provider.add_span_processor(
            BatchSpanProcessor(
                CalmExporter(exporter, endpoint), max_queue_size=QUEUE_SPANS_MAX, schedule_delay_millis=BATCH_PAUSE_MS
            )
        )
        self._tracer = self._provider.get_tracer("payflow")
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def begin(
        self, name: str, *, kind: Kind, attributes: Mapping[str, Value], carrier: Carrier | None
    ) -> Iterator[OtelSpan]:
        """A span, current while the block runs. An error that leaves the block is told by its type."""
        parent = None if carrier is None else self._propagator.extract(carrier, context=Context())
        with self._tracer.start_as_current_span(
            name, parent, _KINDS[kind], dict(attributes), record_exception=False, set_status_on_exception=False
        ) as begun:
            span = OtelSpan(begun)
            try:
                yield span
            except Exception as error:
                span.fail(type(error).__name__)
                raise

    def carried(self) -> dict[str, str]:
        """`traceparent`, and `tracestate` where there is one, of the current span."""
        carrier: dict[str, str] = {}
        self._propagator.inject(carrier)
        return carrier

    def trace_id(self) -> str | None:
        """The id of the current trace."""
        context = trace.get_current_span().get_span_context()
        return format_trace_id(context.trace_id) if context.is_valid else None

    def watch(self, engine: Engine) -> None:
        """Give each statement within a trace a span. Values are parameters, so no text has any."""
        event.listen(engine, "before_cursor_execute", self._statement_begins)
        event.listen(engine, "after_cursor_execute", _statement_ends)
        event.listen(engine, "handle_error", _statement_fails)

    async def flush(self) -> None:
        """Send what waits, for FLUSH_TIMEOUT_S at most: the thread that does is left behind then."""
        sent, loop = asyncio.Event(), asyncio.get_running_loop()

        def send() -> None:
            self._provider.force_flush()
            if not loop.is_closed():
                loop.call_soon_threadsafe(sent.set)

        threading.Thread(target=send, name="spans-flush", daemon=True).start()
        try:
            await asyncio.wait_for(sent.wait(), FLUSH_TIMEOUT_S)
        except TimeoutError:
            log.warning("traces that waited were dropped", waited_s=FLUSH_TIMEOUT_S)

    def _statement_begins(self, _: Any, __: Any, statement: str, ___: Any, context: Any, ____: bool) -> None:
        if context is not None and trace.get_current_span().is_recording():
            verb = statement.lstrip().partition(" ")[0].upper()
            attributes = {"db.system.name": "postgresql", "db.operation.name": verb, "db.query.text": statement}
            context.payflow_span = self._tracer.start_span(verb, kind=SpanKind.CLIENT, attributes=attributes)


class OtelSpan:
    """A span of OpenTelemetry's, by our protocol."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def set(self, name: str, value: Value) -> None:
        """Tell something of it."""
        self._span.set_attribute(name, value)

    def fail(self, reason: str) -> None:
        """It went wrong."""
        self._span.set_attribute("error.type", reason)
        self._span.set_status(Status(StatusCode.ERROR))


class CalmExporter(SpanExporter):
    """Says once that the collector is away, and once that it is back. Runs in the exporter's thread."""

    def __init__(self, inner: SpanExporter, endpoint: str) -> None:
        self._inner = inner
        self._endpoint = endpoint
        self._away = False
        self._last_words = _LastWords()
        for name in _TALKATIVE:
            logging.getLogger(name).addFilter(self._last_words)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send a batch."""
        result = self._inner.export(spans)
        arrived = result is SpanExportResult.SUCCESS
        if arrived and self._away:
            log.info("traces are sent again", endpoint=self._endpoint)
        elif not arrived and not self._away:
            log.warning("traces cannot be sent", endpoint=self._endpoint, reason=self._last_words.text)
        self._away = not arrived
        return result

    def shutdown(self) -> None:
        """Give up what is tried again."""
        self._inner.shutdown()


class _LastWords(logging.Filter):
    """Keeps what a logger says from the log, and remembers the last of it."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def filter(self, record: logging.LogRecord) -> bool:
        self.text = record.getMessage()
        return False


def _statement_ends(_: Any, __: Any, ___: str, ____: Any, context: Any, _____: bool) -> None:
    if (span := getattr(context, "payflow_span", None)) is not None:
        span.end()


def _statement_fails(failure: Any) -> None:
    if (span := getattr(failure.execution_context, "payflow_span", None)) is not None:
        span.set_attribute("error.type", getattr(failure.original_exception, "sqlstate", None) or "error")
        span.set_status(Status(StatusCode.ERROR))
        span.end()
