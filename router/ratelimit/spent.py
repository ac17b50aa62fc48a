"""Clients that have nothing left just now: they are turned away before anything is done for them, without asking Redis."""

from __future__ import annotations

from typing import NamedTuple

from router import limits
from router.lru import Lru
from router.ratelimit.gcra import US_PER_S, Rate, Standing, wait_us
from router.ratelimit.local import monotonic_us


class _Note(NamedTuple):
    standing: Standing
    taken_at_us: float
    holds_until_us: float
    local: bool


class Spent:
    """What the buckets of such clients said last.

    A note holds until the bucket has `minimum` units again, but not longer than `RATE_LIMIT_SPENT_S`: a refund, of this process or of
    another, may fill it sooner.
    """

    def __init__(self, minimum: float) -> None:
        self._minimum = minimum
        self._notes: Lru[str, _Note] = Lru(limits.RATE_LIMIT_SPENT_MAX)

    def note(self, key: str, rate: Rate, standing: Standing, *, local: bool) -> None:
        """Remember what a bucket said to a charge, if it has not even the minimum."""
        empty_us = wait_us(rate, standing.backlog_us, self._minimum)
        if empty_us > 0:
            now_us = monotonic_us()
            until_us = now_us + min(empty_us, limits.RATE_LIMIT_SPENT_S * US_PER_S)
            self._notes.put(key, _Note(standing, now_us, until_us, local))

    def forget(self, key: str) -> None:
        """Ask the bucket the next time: something came back to it."""
        self._notes.forget(key)

    def standing(self, key: str) -> tuple[Standing, bool] | None:
        """What the bucket would say to a charge of the minimum, and whether it is a local one; None where it has to be asked."""
        note = self._notes.get(key)
        if note is None:
            return None
        now_us = monotonic_us()
        if now_us >= note.holds_until_us:
            self._notes.forget(key)
            return None
        return Standing(False, note.standing.backlog_us - (now_us - note.taken_at_us)), note.local
