"""Sends spans to a collector by OTLP over HTTP, from a thread of its own: requests never wait for it, nor learn of its failures.

Source: https://opentelemetry.io/docs/specs/otlp/#otlphttp.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

from router import limits
from router.telemetry.instruments import Count

log = structlog.get_logger(__name__)

# They say the same again with every batch.
_TALKATIVE: Final = ("opentelemetry.exporter.otlp.proto.http.trace_exporter", "opentelemetry.sdk._shared_internal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector:
    """Where spans go, under which name, and how many of them."""

    endpoint: str
    headers: Mapping[str, str] = field(default_factory=dict)
    service_name: str = "router"
    ratio: float = 1.0
    follow_parent: bool = True
    queue_spans: int = limits.SPANS_WAITING_MAX
    timeout_s: float = limits.SPAN_EXPORT_S


class Exporting:
    """The spans of one tracer provider on their way to the collector."""

    def __init__(self, collector: Collector, *, sent: Count, failed: Count) -> None:
        sampler = TraceIdRatioBased(collector.ratio)
        self.provider = TracerProvider(
            sampler=ParentBased(sampler) if collector.follow_parent else sampler,
            resource=Resource.create({"service.name": collector.service_name}),
            shutdown_on_exit=False,  # `close` does that, and does not wait for ever
        )
        exporter = OTLPSpanExporter(
            collector.endpoint,
            headers=dict(collector.headers),
            timeout=collector.timeout_s,
            compression=Compression.Gzip,
        )
        self.provider.add_span_processor(
            BatchSpanProcessor(
                CalmExporter(exporter, collector.endpoint, sent=sent, failed=failed),
                max_queue_size=collector.queue_spans,
                schedule_delay_millis=limits.SPAN_BATCH_PAUSE_S * 1_000,
                max_export_batch_size=min(limits.SPANS_PER_BATCH_MAX, collector.queue_spans),
            )
        )

    async def close(self) -> None:
        """Send what waits, for SPAN_FLUSH_S at most."""
        closed = asyncio.Event()
        loop = asyncio.get_running_loop()

        def shut_down() -> None:
            self.provider.shutdown()
            if not loop.is_closed():
                loop.call_soon_threadsafe(closed.set)

        # A thread of a pool would be waited for at the end of the process.
        threading.Thread(target=shut_down, name="spans-flush", daemon=True).start()
        try:
            await asyncio.wait_for(closed.wait(), limits.SPAN_FLUSH_S)
        except TimeoutError:
            log.warning("traces that waited were dropped", waited_s=limits.SPAN_FLUSH_S)


class CalmExporter(SpanExporter):
    """Says once that the collector is away, and once that it is back. Runs in the exporter's thread."""

    def __init__(self, inner: SpanExporter, endpoint: str, *, sent: Count, failed: Count) -> None:
        self._inner = inner
        self._endpoint = endpoint
        self._sent, self._failed = sent, failed
        self._away = False
        self._last_words = LastWords()
        for name in _TALKATIVE:
            logging.getLogger(name).addFilter(self._last_words)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send a batch."""
        result = self._inner.export(spans)
        arrived = result is SpanExportResult.SUCCESS
        (self._sent if arrived else self._failed).add(len(spans))
        if arrived and self._away:
            log.info("traces are sent again", endpoint=self._endpoint)
        elif not arrived and not self._away:
            log.warning("traces cannot be sent", endpoint=self._endpoint, reason=self._last_words.text)
        self._away = not arrived
        return result

    def shutdown(self) -> None:
        """Give up what is tried again."""
        self._inner.shutdown()
        for name in _TALKATIVE:
            logging.getLogger(name).removeFilter(self._last_words)


class LastWords(logging.Filter):
    """Keeps what a logger says from the log, and remembers the last of it."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def filter(self, record: logging.LogRecord) -> bool:
        self.text = record.getMessage()
        return False
