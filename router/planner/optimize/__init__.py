"""What is done to the fetches once they are all known: each pass asks for the same with less, then requests are formed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from router.planner.optimize.batching import batch
from router.planner.optimize.sink import sink_into_later
from router.planner.requests import Request
from router.planner.sites import Group

Pass: TypeAlias = Callable[[list[Group]], list[Group]]

PASSES: Final[tuple[Pass, ...]] = (sink_into_later,)


def optimize(groups: list[Group]) -> list[Request]:
    """The requests that are left of the groups after every pass, in order."""
    for improve in PASSES:
        groups = improve(groups)
    return batch(groups)
