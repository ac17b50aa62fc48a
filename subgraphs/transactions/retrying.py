"""How much of what is unfinished the recovery worker may take up, so that it never floods a wallet service that is down or slow.

Two brakes. A *breaker*: after SILENT_AFTER calls in a row without an answer the wallet counts as silent; until somebody gets an answer
again, one transfer at a time is tried, and less and less often. A *budget*: each call answered to somebody else earns a tenth of a
retry, and time earns a few, so that retries stay a small part of the traffic but never stop.
Sources: M. Nygard, Release It!, 2nd ed. 2018, ch. 5 (circuit breaker); Google SRE Book, ch. 21 and 22 (retry budgets).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from payflow.kernel import metrics
from payflow.kernel.backoff import longest_pause_s

SILENT_AFTER = 5  # calls in a row; fewer happen by chance
PROBE_PAUSE_BASE_S = 0.5
PROBE_PAUSE_MAX_S = 10.0  # and so the longest that recovery sleeps on after the wallet is back
RETRIES_PER_ANSWER = 0.1
RETRIES_PER_S = 20.0  # what a crash has left of a busy second is caught up within a few
SAVED_MAX = 50.0  # and so the largest burst


@dataclass(slots=True)
class RetryBudget:
    """One per process. `clock` tells seconds that only grow."""

    clock: Callable[[], float] = time.monotonic
    probe_base_s: float = PROBE_PAUSE_BASE_S
    probe_max_s: float = PROBE_PAUSE_MAX_S
    _saved: float = SAVED_MAX
    _saved_at: float | None = None
    _unanswered: int = 0
    _probes: int = 0
    _probe_at: float = 0.0

    @property
    def wallet_is_silent(self) -> bool:
        return self._unanswered >= SILENT_AFTER

    def answered(self) -> None:
        """A call got an answer, whatever it was."""
        self._save(RETRIES_PER_ANSWER)
        self._unanswered = 0
        metrics.SAGA_WALLET_SILENT.set(0)

    def unanswered(self) -> None:
        """Nobody knows whether a call happened."""
        self._unanswered += 1
        if self._unanswered == SILENT_AFTER:
            self._probes = 0
            self._pause()
            self._saved = min(self._saved, 1.0)  # when it is back it is not met by all that waited
            metrics.SAGA_WALLET_SILENT.set(1)

    def allowance(self) -> int:
        """How many transfers may be taken up now."""
        if self.wallet_is_silent:
            return 1 if self.clock() >= self._probe_at else 0
        now = self.clock()
        if self._saved_at is not None:
            self._save((now - self._saved_at) * RETRIES_PER_S)
        self._saved_at = now
        return int(self._saved)

    def spend(self, retries: int) -> None:
        """So many have been taken up."""
        if self.wallet_is_silent:
            self._probes += retries
            self._pause()
        else:
            self._saved -= retries

    def _pause(self) -> None:
        pause = longest_pause_s(self._probes, base_s=self.probe_base_s, max_s=self.probe_max_s)
        self._probe_at = self.clock() + pause

    def _save(self, retries: float) -> None:
        self._saved = min(SAVED_MAX, self._saved + retries)
