"""What stands between a request and a subgraph: answers shared, tries repeated, circuits opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, NamedTuple, TypeAlias

from prometheus_client import CollectorRegistry, Gauge

from router.telemetry.instruments import Count, Counts

Retry: TypeAlias = Literal["unreachable", "timeout", "status"]
Circuit: TypeAlias = Literal["closed", "half_open", "open"]
Shared: TypeAlias = Literal["subgraphs", "clients"]

_AS_NUMBER: Final[dict[Circuit, int]] = {"closed": 0, "half_open": 1, "open": 2}


class Roles(NamedTuple):
    """How many queries were asked, and how many shared the answer to another."""

    leader: Count
    joiner: Count


class SubgraphTraffic:
    """Counts of what transports do beside sending. Those of metrics that nobody uses stay without a line."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        registry = registry or CollectorRegistry()
        self.on_retry: Callable[[Retry], None] | None = None
        self._shared = Counts(
            "router_shared_queries",
            "Equal queries under way together: what was asked (leader), and what shared the answer (joiner)",
            ("level", "role"),
            registry,
        )
        self._retries = Counts(
            "router_subgraph_retries", "Queries sent to a subgraph once more", ("subgraph", "reason"), registry
        )
        self._withheld = Counts(
            "router_subgraph_retries_withheld", "Tries that the budget of retries did not have", ("subgraph",), registry
        )
        self._circuit = Gauge(
            "router_subgraph_circuit",
            "Circuit breaker: 0 closed, 1 half open, 2 open",
            ["subgraph"],
            registry=registry,
        )
        self._changes = Counts(
            "router_subgraph_circuit_changes", "Circuit breakers that changed", ("subgraph", "to"), registry
        )
        self._rejected = Counts(
            "router_subgraph_circuit_rejected",
            "Requests that an open circuit kept from a subgraph",
            ("subgraph",),
            registry,
        )

    def shared(self, level: Shared) -> Roles:
        """Counts for queries between clients, or on the way to subgraphs."""
        return Roles(self._shared.of(level, "leader"), self._shared.of(level, "joiner"))

    def retried(self, subgraph: str, reason: Retry) -> None:
        """Count another try."""
        self._retries.of(subgraph, reason).add()
        if self.on_retry is not None:
            self.on_retry(reason)

    def retry_withheld(self, subgraph: str) -> None:
        """Count a try that there was no budget for."""
        self._withheld.of(subgraph).add()

    def circuit(self, subgraph: str, state: Circuit) -> None:
        """Tell what state a circuit is in now."""
        self._circuit.labels(subgraph).set(_AS_NUMBER[state])
        self._changes.of(subgraph, state).add()

    def rejected(self, subgraph: str) -> None:
        """Count a request that was not sent."""
        self._rejected.of(subgraph).add()
