"""What the cache of subgraphs' answers is good for."""

from __future__ import annotations

from typing import Literal, TypeAlias

from prometheus_client import CollectorRegistry

from router.telemetry.instruments import Counts

Lookup: TypeAlias = Literal["hit", "miss", "invalidated"]
Stored: TypeAlias = Literal["stored", "refused", "too_large", "dropped"]


class CacheTraffic:
    """Counts of entries. Without a cache no metric has a line."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._lookups = Counts(
            "router_cache_lookups",
            "Answers and entities looked for: found, not there, or invalidated meanwhile",
            ("subgraph", "result"),
            registry,
        )
        self._stores = Counts(
            "router_cache_stores",
            "Answers and entities that came from subgraphs: kept, not to be kept, too large, or dropped for too many were waiting",
            ("subgraph", "outcome"),
            registry,
        )
        self._bytes = Counts(
            "router_cache_bytes", "JSON read from the cache or written to it", ("subgraph", "direction"), registry
        )
        self._unavailable = Counts(
            "router_cache_unavailable", "Lookups that Redis did not answer", ("subgraph",), registry
        )
        self._invalidations = Counts(
            "router_cache_invalidations", "What was invalidated by way of this router", ("kind",), registry
        )

    def looked_up(self, subgraph: str, result: Lookup) -> None:
        """Count an entry that was looked for."""
        self._lookups.of(subgraph, result).add()

    def served(self, subgraph: str, size: int) -> None:
        """Count what was read."""
        self._bytes.of(subgraph, "read").add(size)

    def stored(self, subgraph: str, outcome: Stored, size: int = 0) -> None:
        """Count what became of something that could be kept."""
        self._stores.of(subgraph, outcome).add()
        if size:
            self._bytes.of(subgraph, "written").add(size)

    def unavailable(self, subgraph: str) -> None:
        """Count a lookup without an answer."""
        self._unavailable.of(subgraph).add()

    def invalidated(self, kind: str) -> None:
        """Count an invalidation."""
        self._invalidations.of(kind).add()
