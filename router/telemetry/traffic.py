"""What goes in and out over HTTP, under the names of OpenTelemetry's semantic conventions as Prometheus writes them.

Source: https://opentelemetry.io/docs/specs/semconv/http/http-metrics/.
"""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Gauge

from router.telemetry.buckets import SECONDS
from router.telemetry.instruments import Distribution, Distributions

_KNOWN_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
OTHER: Final = "_OTHER"
"""What the conventions write for one of too many values."""


class HttpTraffic:
    """Requests of clients, and requests to subgraphs."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.active = 0
        Gauge("http_server_active_requests", "Requests of clients under way", registry=registry).set_function(
            lambda: self.active
        )
        self._served = Distributions(
            "http_server_request_duration_seconds",
            "Requests of clients at /graphql, until the answer is out; of one in pieces, until the first is",
            ("http_request_method", "http_response_status_code"),
            bounds=SECONDS,
            registry=registry,
        )
        self._asked = Distributions(
            "http_client_request_duration_seconds",
            "Requests to subgraphs, each try by itself; without an answer, error_type says why",
            ("subgraph", "http_response_status_code", "error_type"),
            bounds=SECONDS,
            registry=registry,
        )
        self._last_served: dict[tuple[str, int], Distribution] = {}
        self._last_asked: dict[tuple[str, int], Distribution] = {}

    def served(self, method: str, status: int, seconds: float) -> None:
        """A client's request is answered."""
        distribution = self._last_served.get((method, status))
        if distribution is None:
            known = method if method in _KNOWN_METHODS else OTHER
            distribution = self._served.of(known, str(status))
            if known is not OTHER:
                self._last_served[method, status] = distribution
        distribution.observe(seconds)

    def asked(self, subgraph: str, status: int, seconds: float) -> None:
        """A subgraph has answered."""
        distribution = self._last_asked.get((subgraph, status))
        if distribution is None:
            error = str(status) if status >= 400 else ""
            distribution = self._last_asked[subgraph, status] = self._asked.of(subgraph, str(status), error)
        distribution.observe(seconds)

    def unanswered(self, subgraph: str, error_type: str, seconds: float) -> None:
        """A subgraph gave no answer."""
        self._asked.of(subgraph, "", error_type).observe(seconds)


class NamedOperations:
    """How long operations take, by their names: for as many of them as the settings say, in the order they come."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.names_max = 0
        self._durations = Distributions(
            "router_operation_duration_seconds",
            "Operations by name, where telemetry.metrics.operation_names lets some be told; the rest are _OTHER",
            ("graphql_operation_name", "graphql_operation_type"),
            bounds=SECONDS,
            registry=registry,
        )

    def answered(self, name: str | None, kind: str, seconds: float) -> None:
        """An operation is answered."""
        labels = (name or "", kind)
        if labels not in self._durations and len(self._durations) >= self.names_max:
            labels = (OTHER, kind)
        self._durations.of(*labels).observe(seconds)
