"""Pauses grow, stay within their bounds, and differ."""

from __future__ import annotations

import pytest

from payflow.kernel.backoff import equal_jitter_s, full_jitter_s, longest_pause_s


@pytest.mark.parametrize(("failures", "longest"), [(0, 0.5), (1, 1.0), (3, 4.0), (10, 60.0), (10_000, 60.0)])
def test_the_longest_pause_doubles_up_to_its_bound(failures: int, longest: float) -> None:
    """However many failures there were."""
    assert longest_pause_s(failures, base_s=0.5, max_s=60.0) == longest


def test_jitter() -> None:
    """Full jitter takes any part of the pause, equal jitter the upper half; neither is always the same."""
    full = [full_jitter_s(3, base_s=0.5, max_s=60.0) for _ in range(500)]
    equal = [equal_jitter_s(3, base_s=0.5, max_s=60.0) for _ in range(500)]

    assert 0 <= min(full) < 1 < 3 < max(full) <= 4
    assert 2 <= min(equal) < 2.5 < 3.5 < max(equal) <= 4
