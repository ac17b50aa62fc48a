"""What a client hears of its budget: header fields, and `extensions.rateLimit`.

Source of the fields: draft-ietf-httpapi-ratelimit-headers-10, structured fields (RFC 9651). Of the extension: its first four members are
those of Cosmo's router, so that a client of one reads the other.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from router.ratelimit.gcra import Rate, Standing, milliseconds_up, remaining, seconds_up, wait_us


class Told(NamedTuple):
    """An operation and its bucket, as its client may know them."""

    rate: Rate
    units: float
    standing: Standing
    local: bool

    @property
    def remaining(self) -> int:
        """Whole units left."""
        return remaining(self.rate, self.standing.backlog_us)

    @property
    def retry_after_us(self) -> float:
        """How long until the bucket has enough for this operation; 0 where it had."""
        return 0.0 if self.standing.allowed else wait_us(self.rate, self.standing.backlog_us, self.units)

    @property
    def retry_after_s(self) -> int:
        """The same for `Retry-After` (RFC 9110, section 10.2.3)."""
        return seconds_up(self.retry_after_us)


def header_fields(told: Told, unit: str) -> dict[str, str]:
    """`RateLimit` and `RateLimit-Policy`."""
    return {
        "ratelimit-policy": _policy(told.rate, unit),
        "ratelimit": f'"{told.rate.plan}";r={told.remaining};t={seconds_up(told.standing.backlog_us)}',
    }


def extension(told: Told, unit: str) -> dict[str, Any]:
    """`extensions.rateLimit`."""
    return {
        "requestRate": _number(told.units),
        "remaining": told.remaining,
        "retryAfterMs": milliseconds_up(told.retry_after_us),
        "resetAfterMs": milliseconds_up(told.standing.backlog_us),
        "plan": told.rate.plan,
        "unit": unit,
        "limit": _number(told.rate.burst),
        "local": told.local,
    }


@lru_cache(128)  # a rate per plan, and its local share
def _policy(rate: Rate, unit: str) -> str:
    # The quota is what a full bucket holds, the window how long an empty one takes to fill: over any longer time that is the rate.
    quota_unit = "" if unit == "operation" else f';qu="{unit}"'
    return f'"{rate.plan}";q={int(rate.burst)};w={max(1, seconds_up(rate.tolerance_us))}{quota_unit}'


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value
