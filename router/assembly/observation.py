"""What is told of requests beside their metrics: traces, where somebody collects them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.config import RouterConfig
from router.config.telemetry import TracingSettings
from router.parts import Parts
from router.telemetry import Telemetry

if TYPE_CHECKING:
    from router.telemetry.tracing import Tracing


def observation(config: RouterConfig, parts: Parts) -> Telemetry:
    """The metrics, which outlive every reload, and the traces, which do so while their settings stay."""
    metrics = parts.take("telemetry", None, Telemetry)
    metrics.operations.names_max = config.telemetry.metrics.operation_names
    settings = config.telemetry.tracing
    if settings.endpoint is None:
        return metrics
    return metrics.traced(parts.take("tracing", settings, lambda: _tracing(settings, metrics)))


def _tracing(settings: TracingSettings, metrics: Telemetry) -> Tracing:
    assert settings.endpoint is not None
    # Imported where it is needed: a router that does not trace has none of OpenTelemetry, which takes a quarter of a second.
    from router.telemetry.exporting import Collector, Exporting
    from router.telemetry.tracing import Tracing

    collector = Collector(
        endpoint=settings.endpoint,
        headers={name: value.get_secret_value() for name, value in settings.headers.items()},
        service_name=settings.service_name,
        ratio=settings.ratio,
        follow_parent=settings.follow_parent,
        queue_spans=settings.queue_spans,
        timeout_s=settings.timeout_s,
    )
    exporting = Exporting(collector, sent=metrics.spans_sent, failed=metrics.spans_failed)
    tracing = Tracing(exporting.provider, baggage=settings.baggage, exporting=exporting)
    metrics.subgraphs.on_retry = tracing.retried
    return tracing
