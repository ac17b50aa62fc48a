"""The router's own instruments say what the library's would."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from router.telemetry.buckets import SECONDS
from router.telemetry.instruments import Counts, Distributions, Timed

values = st.lists(st.sampled_from(SECONDS) | st.floats(min_value=0, max_value=20, allow_nan=False), max_size=20)


def exposed(registry: CollectorRegistry) -> list[str]:
    """The lines, but for those that say when a metric began."""
    return sorted(line for line in generate_latest(registry).decode().splitlines() if "_created" not in line)


@given(values)
def test_a_histogram_is_the_librarys(observed: list[float]) -> None:
    """The same buckets, sums and counts, also for values that are a bound."""
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    distribution = Distributions("h", "Help", ("stage",), bounds=SECONDS, registry=ours).of("plan")
    histogram = Histogram("h", "Help", ["stage"], buckets=SECONDS, registry=theirs).labels("plan")

    for value in observed:
        distribution.observe(value)
        histogram.observe(value)

    assert exposed(ours) == exposed(theirs)


def test_a_counter_is_the_librarys() -> None:
    """The same lines."""
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    counts, counter = Counts("c", "Help", ("outcome",), ours), Counter("c", "Help", ["outcome"], registry=theirs)

    for outcome in ("ok", "ok", 'a "quoted" one'):
        counts.of(outcome).add()
        counter.labels(outcome).inc()

    assert exposed(ours) == exposed(theirs)


def test_time_is_measured_when_the_work_fails() -> None:
    """An exception passes, and counts."""
    distribution = Distributions("h", "Help", (), bounds=SECONDS, registry=CollectorRegistry()).of()

    try:
        with Timed(distribution):
            raise ValueError
    except ValueError:
        pass

    assert sum(distribution.counts) == 1
