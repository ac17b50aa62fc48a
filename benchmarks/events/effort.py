"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How many and how long."""

    people: int = 100
    events: int = 20_000  # in the outbox, and for each consumer
    per_second: float = 100.0  # transfers, while delays are measured
    warm_up_s: float = 8.0
    load_s: float = 30.0


QUICK = Effort(people=40, events=6_000, warm_up_s=4, load_s=10)
