"""What is done to the fetches once they are all known: each pass asks for the same with less."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from router.planner.optimize.sink import sink_into_later
from router.planner.sites import Group

Pass: TypeAlias = Callable[[list[Group]], list[Group]]

PASSES: Final[tuple[Pass, ...]] = (sink_into_later,)


def optimize(groups: list[Group]) -> list[Group]:
    """The groups after every pass, in order."""
    for improve in PASSES:
        groups = improve(groups)
    return groups
