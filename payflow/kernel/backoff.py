"""How long to wait before trying again: exponential back-off with jitter, so that those who failed together do not return together.

Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
"""

from __future__ import annotations

import random

_DOUBLINGS_MAX = 32  # past any bound by then; keeps the power from overflowing


def longest_pause_s(failures: int, *, base_s: float, max_s: float) -> float:
    """Double `base_s` per failure in a row, up to `max_s`."""
    return min(max_s, base_s * 2.0 ** min(failures, _DOUBLINGS_MAX))


def full_jitter_s(failures: int, *, base_s: float, max_s: float) -> float:
    """Anything up to the longest pause: spreads best, and may be next to nothing."""
    return random.uniform(0, longest_pause_s(failures, base_s=base_s, max_s=max_s))  # noqa: S311  no secret


def equal_jitter_s(failures: int, *, base_s: float, max_s: float) -> float:
    """At least half of the longest pause: for work that must not spin."""
    longest = longest_pause_s(failures, base_s=base_s, max_s=max_s)
    return random.uniform(longest / 2, longest)  # noqa: S311  no secret
