"""Which part is killed when: the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

# Those that money stands or falls with come first, so that the shortest run has them; then all parts, in shares.
FIRST = ("postgres", "wallet", "transactions")
SHARES = {
    "wallet": 3,
    "transactions": 3,
    "postgres": 2,
    "broker": 1,
    "valkey": 1,
    "router": 1,
    "rewards-consumer": 1,
    "notifications-consumer": 1,
    "users": 1,
    "rewards": 1,
    "notifications": 1,
}
GAP_SPREAD = 0.5  # gaps are the mean, give or take this part of it
TOGETHER = 0.15  # how often the next part is killed at the same instant


@dataclass(frozen=True, slots=True)
class Kill:
    """A SIGKILL to a part, so many seconds behind the start of the load."""

    at_s: float
    part: str

    def __str__(self) -> str:
        return f"{self.at_s:.1f}s {self.part}"


def schedule(*, seed: int, duration_s: float, gap_s: float) -> list[Kill]:
    """The kills of a run: `gap_s` apart on average, the last of them before `duration_s`."""
    rng = random.Random(f"kills {seed}")
    return list(_kills(rng, duration_s=duration_s, gap_s=gap_s))


def _kills(rng: random.Random, *, duration_s: float, gap_s: float) -> Iterator[Kill]:
    at_s = 0.0
    previous = ""
    for part in _victims(rng):
        together = previous not in ("", part) and rng.random() < TOGETHER
        at_s += 0.0 if together else gap_s * rng.uniform(1 - GAP_SPREAD, 1 + GAP_SPREAD)
        if at_s >= duration_s:
            return
        yield Kill(round(at_s, 2), part)
        previous = part


def _victims(rng: random.Random) -> Iterator[str]:
    """For ever: first those of FIRST, then round by round every part as often as its share."""
    yield from rng.sample(FIRST, len(FIRST))
    everybody = [part for part, share in SHARES.items() for _ in range(share)]
    while True:
        yield from rng.sample(everybody, len(everybody))
