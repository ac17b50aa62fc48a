"""How a bucket counts: the generic cell rate algorithm, which keeps one moment per bucket: when it will be full again.

Source: ITU-T I.371, annex A (the virtual scheduling algorithm). A unit spent moves that moment on by the time that filling it up
takes; a bucket that would then be full only after its tolerance does not have what is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import NamedTuple

US_PER_S = 1_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """A plan's numbers in time: `burst` units at most at once, one more every `unit_us` microseconds."""

    plan: str
    burst: float
    unit_us: float

    @property
    def tolerance_us(self) -> float:
        """How long an empty bucket takes to fill."""
        return self.burst * self.unit_us

    def share(self, of_it: float) -> Rate:
        """The same for one who may spend a part of it."""
        return self if of_it == 1 else Rate(self.plan, self.burst * of_it, self.unit_us / of_it)


class Standing(NamedTuple):
    """What a bucket said to a charge: whether it had enough, and how long it now takes to be full again.

    A charge that is not allowed takes nothing.
    """

    allowed: bool
    backlog_us: float


def decide(full_at_us: float, now_us: float, added_us: float, tolerance_us: float | None) -> tuple[float, Standing]:
    """When the bucket is full after a charge of `added_us`, and what it says; a refund is a charge below zero.

    Without a tolerance whatever is asked is taken: the bucket may come to owe.
    """
    # Spans are compared, not moments: the later a moment, the less of a fraction it holds, and a full bucket must have all that it holds.
    backlog_us = max(full_at_us - now_us, 0.0)
    after_us = max(backlog_us + added_us, 0.0)
    if tolerance_us is not None and after_us > tolerance_us:
        return now_us + backlog_us, Standing(False, backlog_us)
    return now_us + after_us, Standing(True, after_us)


def remaining(rate: Rate, backlog_us: float) -> int:
    """The whole units that are left."""
    return max(0, floor((rate.tolerance_us - backlog_us) / rate.unit_us + _ROUNDING))


def wait_us(rate: Rate, backlog_us: float, units: float) -> float:
    """How long until the bucket has this many units."""
    return max(0.0, backlog_us + units * rate.unit_us - rate.tolerance_us)


def seconds_up(microseconds: float) -> int:
    """Whole seconds, rather too many than too few."""
    return ceil(microseconds / US_PER_S)


def milliseconds_up(microseconds: float) -> int:
    """Whole milliseconds, rather too many than too few."""
    return ceil(microseconds / 1_000)


_ROUNDING = 1e-6  # of a unit: moments are kept to a microsecond, and a unit that is there to the last one counts
