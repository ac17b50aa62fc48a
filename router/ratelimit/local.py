"""Buckets of this process alone: for a router without Redis, and while Redis is away."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic_ns

from router import limits
from router.lru import Lru
from router.ratelimit.gcra import Standing, decide


def monotonic_us() -> float:
    """A clock that is never set back."""
    return monotonic_ns() / 1_000


class LocalBuckets:
    """At most `RATE_LIMIT_LOCAL_BUCKETS_MAX`; one that was not used for longest is forgotten first, and begins full again."""

    def __init__(self, clock: Callable[[], float] = monotonic_us) -> None:
        self._clock = clock
        self._full_at_us: Lru[str, float] = Lru(limits.RATE_LIMIT_LOCAL_BUCKETS_MAX)

    def charge(self, key: str, added_us: float, tolerance_us: float | None) -> Standing:
        """Take from a bucket; without a tolerance, whether it has enough or not. A refund is a charge below zero."""
        now_us = self._clock()
        full_at_us, standing = decide(self._full_at_us.get(key) or now_us, now_us, added_us, tolerance_us)
        if full_at_us > now_us:
            self._full_at_us.put(key, full_at_us)
        else:
            self._full_at_us.forget(key)
        return standing
