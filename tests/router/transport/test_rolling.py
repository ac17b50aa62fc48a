"""Counts over the last seconds, against a model that remembers every event."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from router.limits import ROLLING_BUCKETS
from router.transport.rolling import RollingCounts

WINDOW_S = 10.0
BUCKET_S = WINDOW_S / ROLLING_BUCKETS

_EVENTS = st.lists(st.tuples(st.floats(0, 25), st.booleans()), max_size=60)


@given(_EVENTS, st.floats(0, 1e6))
def test_it_counts_what_a_list_of_events_would(events: list[tuple[float, bool]], start: float) -> None:
    """Exactly the events of the running bucket and of the nine before it."""
    counts = RollingCounts(WINDOW_S)
    happened: list[tuple[int, bool]] = []
    now = start
    for passed, is_mark in events:
        now += passed
        happened.append((int(now / BUCKET_S), is_mark))
        (counts.mark if is_mark else counts.see)(now)
        recent = [mark for bucket, mark in happened if bucket > int(now / BUCKET_S) - ROLLING_BUCKETS]
        assert (counts.seen, counts.marked) == (recent.count(False), recent.count(True))


def test_time_alone_makes_it_forget() -> None:
    """Without another event."""
    counts = RollingCounts(WINDOW_S)
    counts.see(100.0)
    counts.mark(100.0)

    counts.advance(109.0)
    assert (counts.seen, counts.marked) == (1, 1)
    counts.advance(110.0)
    assert (counts.seen, counts.marked) == (0, 0)
