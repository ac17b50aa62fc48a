"""The benchmark of subscriptions runs, and everybody gets every event. How long that takes, no test says."""

from __future__ import annotations

import os

import pytest

from benchmarks.subscriptions import CASES, FLOOR, measure

CLIENTS = 150
EVENTS = 10


@pytest.mark.parametrize("case", CASES)
def test_everybody_gets_every_event_in_order(case: str) -> None:
    """From real processes over real sockets: `measure` raises where one event is missing, doubled or out of order."""
    cores = os.sched_getaffinity(0)

    result = measure(case, clients=CLIENTS, events=EVENTS)

    assert len(result.delays_ms) == CLIENTS * EVENTS
    assert 0 < result.percentile(0.5) <= result.percentile(0.99) <= result.last_ms[-1]
    assert os.sched_getaffinity(0) == cores
    assert result.sources == (0 if case == FLOOR else 1), "everybody shares one"
