"""Counters and histograms for the path of every request: an addition each, where the library's own take a lock per number.

They belong to one event loop, which also renders them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate
from time import perf_counter

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

Labels = tuple[str, ...]


class Count:
    """How often something happened."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0

    def add(self, times: int = 1) -> None:
        """Once more, or so many times."""
        self.value += times


class Counts(Collector):
    """A counter with labels."""

    def __init__(self, name: str, meaning: str, labels: Sequence[str], registry: CollectorRegistry) -> None:
        self._name, self._meaning, self._labels = name, meaning, tuple(labels)
        self._counts: dict[Labels, Count] = {}
        registry.register(self)

    def of(self, *labels: str) -> Count:
        """The count for these values of the labels. What is counted often keeps it."""
        count = self._counts.get(labels)
        if count is None:
            count = self._counts[labels] = Count()
        return count

    def describe(self) -> Iterable[Metric]:
        """The family without numbers."""
        return [CounterMetricFamily(self._name, self._meaning, labels=self._labels)]

    def collect(self) -> Iterable[Metric]:
        """The family as it is now."""
        family = CounterMetricFamily(self._name, self._meaning, labels=self._labels)
        for labels, count in self._counts.items():
            family.add_metric(labels, count.value)
        return [family]


class Distribution:
    """How values spread over buckets; `bounds` are inclusive, and one more bucket takes what is above."""

    __slots__ = ("_bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        """One more value."""
        self.counts[bisect_left(self._bounds, value)] += 1
        self.total += value


class Distributions(Collector):
    """A histogram with labels."""

    def __init__(
        self,
        name: str,
        meaning: str,
        labels: Sequence[str],
        *,
        bounds: Sequence[float],
        registry: CollectorRegistry,
    ) -> None:
        self._name, self._meaning, self._labels = name, meaning, tuple(labels)
        self._bounds = tuple(bounds)
        self._edges = [*map(floatToGoString, self._bounds), "+Inf"]
        self._distributions: dict[Labels, Distribution] = {}
        registry.register(self)

    def __len__(self) -> int:
        return len(self._distributions)

    def __contains__(self, labels: Labels) -> bool:
        return labels in self._distributions

    def of(self, *labels: str) -> Distribution:
        """The distribution for these values of the labels."""
        distribution = self._distributions.get(labels)
        if distribution is None:
            distribution = self._distributions[labels] = Distribution(self._bounds)
        return distribution

    def describe(self) -> Iterable[Metric]:
        """The family without numbers."""
        return [HistogramMetricFamily(self._name, self._meaning, labels=self._labels)]

    def collect(self) -> Iterable[Metric]:
        """The family as it is now: buckets count what is below their bound."""
        family = HistogramMetricFamily(self._name, self._meaning, labels=self._labels)
        for labels, distribution in self._distributions.items():
            buckets = list(zip(self._edges, map(float, accumulate(distribution.counts)), strict=True))
            family.add_metric(labels, buckets, distribution.total)
        return [family]


class Timed:
    """A context manager that observes how many seconds pass within."""

    __slots__ = ("_distribution", "_started_at")

    def __init__(self, distribution: Distribution) -> None:
        self._distribution = distribution

    def __enter__(self) -> None:
        self._started_at = perf_counter()

    def __exit__(self, *_: object) -> None:
        self._distribution.observe(perf_counter() - self._started_at)
