"""What is measured of answers in several pieces, on their way to clients."""

from __future__ import annotations

from prometheus_client import CollectorRegistry

from router.telemetry.instruments import Counts


class StreamsToClients:
    """Subscriptions and deferred answers: why they ended, and what of them was lost."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._ended = Counts(
            "router_streams_ended",
            "Subscriptions and deferred answers: completed, left by the client, or the code of what ended them",
            ("reason",),
            registry,
        )
        self._missed = Counts(
            "router_client_events_dropped", "Events that clients did not get because they read too slowly", (), registry
        ).of()

    def ended(self, reason: str, events_dropped: int) -> None:
        """Count a stream by why it ended, and the events that its client missed."""
        self._ended.of(reason).add()
        self._missed.add(events_dropped)
