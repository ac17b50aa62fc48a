"""Requests: which groups go out together, and in which wave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from router.planner.sites import Group


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """Groups of one subgraph that are asked for at once: a root group alone, or entity groups.

    Each item of `asked` is one `_entities` field: its groups stand at several sites and ask the same of the objects there.
    """

    wave: int
    asked: tuple[tuple[Group, ...], ...]

    @property
    def groups(self) -> tuple[Group, ...]:
        """Everything that goes out."""
        return tuple(group for same in self.asked for group in same)

    @property
    def first(self) -> Group:
        """The group that stands for what all have in common: the subgraph, and whether it asks for entities."""
        return self.asked[0][0]


def waves_of(groups: Iterable[Group]) -> dict[int, int]:
    """For each group the number of others it waits for in a row."""
    waves: dict[int, int] = {}
    for group in sorted(groups, key=lambda group: group.stage):
        waves[group.number] = 1 + max((waves[before] for before in group.after), default=-1)
    return waves


def waits_of(requests: Sequence[Request]) -> list[tuple[int, ...]]:
    """For each request the indexes of those it waits for, less what it would wait for anyway because another one does."""
    index = {group.number: at for at, request in enumerate(requests) for group in request.groups}
    behind: list[int] = []  # a bit for each request that one waits for, directly or not
    waits: list[tuple[int, ...]] = []
    for request in requests:
        direct = sorted({index[before] for group in request.groups for before in group.after})
        implied = 0
        for before in direct:
            implied |= behind[before]
        waits.append(tuple(before for before in direct if not implied >> before & 1))
        behind.append(implied | sum(1 << before for before in direct))
    return waits
