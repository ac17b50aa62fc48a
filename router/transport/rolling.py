"""What happened within the last seconds, counted in buckets: the oldest is forgotten as a new one begins."""

from __future__ import annotations

from router.limits import ROLLING_BUCKETS


class RollingCounts:
    """Two counts over `window_s` seconds: what was `seen`, and how much of it was `marked`. Times are the caller's."""

    __slots__ = ("_bucket_s", "_marked", "_number", "_seen", "marked", "seen")

    def __init__(self, window_s: float) -> None:
        self._bucket_s = window_s / ROLLING_BUCKETS
        self._number = 0
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.seen = self.marked = 0
        self._seen = [0] * ROLLING_BUCKETS
        self._marked = [0] * ROLLING_BUCKETS

    def see(self, now: float) -> None:
        """One more."""
        self.advance(now)
        self._seen[self._number % ROLLING_BUCKETS] += 1
        self.seen += 1

    def mark(self, now: float) -> None:
        """One more of those that count against the rest."""
        self.advance(now)
        self._marked[self._number % ROLLING_BUCKETS] += 1
        self.marked += 1

    def advance(self, now: float) -> None:
        """Forget what is too old at this time."""
        number = int(now / self._bucket_s)
        if number == self._number:
            return
        if number - self._number >= ROLLING_BUCKETS:
            self.clear()
        else:
            for old in range(self._number + 1, number + 1):
                place = old % ROLLING_BUCKETS
                self.seen -= self._seen[place]
                self.marked -= self._marked[place]
                self._seen[place] = self._marked[place] = 0
        self._number = number
