"""`telemetry`: metrics, traces, and the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr

from router import limits
from router.config.base import Settings, WebAddress


def _none_if_empty(value: Any) -> Any:
    return None if value == "" else value


class OperatorsListen(Settings):
    """An address of its own for what operators ask."""

    host: str = "127.0.0.1"
    port: int = Field(default=9090, ge=0, le=65535)


class MetricsSettings(Settings):
    """Metrics in Prometheus' format at /metrics. Always on."""

    listen: OperatorsListen | None = None
    """Where /metrics is served, with /health and /ready beside it, instead of the port that clients use. Read at the start only."""

    operation_names: int = Field(default=0, ge=0, le=limits.OPERATION_NAMES_IN_METRICS_MAX)
    """Of how many operation names `router_operation_duration_seconds` tells, the first that come; 0 turns it off.

    Clients choose names, and each is a time series for whoever stores them.
    """


class TracingSettings(Settings):
    """Traces by OpenTelemetry, sent to a collector by OTLP over HTTP. Off until there is an `endpoint`."""

    endpoint: Annotated[WebAddress | None, BeforeValidator(_none_if_empty)] = None
    """Where spans are sent, e.g. `http://collector:4318/v1/traces`. Empty is off."""

    headers: Mapping[str, SecretStr] = Field(default_factory=dict)
    """Sent with the spans, e.g. the token of a collector."""

    ratio: float = Field(default=1.0, ge=0, le=1)
    """Which share of the traces that begin here is kept."""

    follow_parent: bool = True
    """What a client's `traceparent` says of sampling is followed; else `ratio` decides of those traces, too."""

    baggage: bool = False
    """The header `baggage` goes on to subgraphs. It may hold anything, so this is a choice of its own."""

    service_name: str = "router"
    """What traces call this program."""

    queue_spans: int = Field(default=limits.SPANS_WAITING_MAX, ge=1)
    """How many spans may wait to be sent; past that they are dropped, and requests go on."""

    timeout_s: float = Field(default=limits.SPAN_EXPORT_S, gt=0)
    """How long sending a batch may take, with what is tried again."""


class LogSettings(Settings):
    """The log, on stderr. `level` and `format` are read at the start only."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    format: Literal["auto", "json", "console"] = "auto"
    """`json` is an object a line, `console` is for people; `auto` is `console` on a terminal and `json` else."""

    access: Literal["off", "errors", "all"] = "off"
    """A line for each request, or for those whose answer has errors. Never with its text, variables or tokens."""


class TelemetrySettings(Settings):
    """What the router tells of itself. Metrics are on; traces and the log of requests are off."""

    metrics: MetricsSettings = MetricsSettings()
    tracing: TracingSettings = TracingSettings()
    log: LogSettings = LogSettings()

    @property
    def read_at_start(self) -> tuple[OperatorsListen | None, str, str]:
        """What a running router does not change."""
        return self.metrics.listen, self.log.level, self.log.format
