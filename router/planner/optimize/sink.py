"""Merges an early fetch into a later one at the same site of the same subgraph, where nothing waits for the early one.

The answer is as late as its latest fetch anyway, so one request less is had for nothing. This happens where some fields of an
entity need inputs from elsewhere (@requires) and others do not.
"""

from __future__ import annotations

from collections.abc import Iterator

from router.plan import Path
from router.planner.fetches import add_inputs, can_carry
from router.planner.sites import Group, Site


def sink_into_later(groups: list[Group]) -> list[Group]:
    """The groups without those that a later one can stand in for."""
    needed = {number for group in groups for number in group.after}
    here: dict[tuple[int, Site, Path, str], list[Group]] = {}
    for group in sorted(groups, key=lambda group: group.stage):
        if group.is_entity:
            here.setdefault((group.part.number, group.site, group.path, group.graph), []).append(group)
    sunk = {number for same in here.values() for number in _sunk(same, needed)}
    return [group for group in groups if group.number not in sunk]


def _sunk(same: list[Group], needed: set[int]) -> Iterator[int]:
    """Merges what it can of the groups of one subgraph at one site, earliest first; gives the numbers of those merged away."""
    left = list(same)
    for early in reversed([group for group in same if group.number not in needed]):
        later = next((group for group in left if group.stage > early.stage and _can_stand_in(group, early)), None)
        if later is not None:
            _absorb(later, early)
            left.remove(early)
            yield early.number


def _can_stand_in(later: Group, early: Group) -> bool:
    return all(
        can_carry(later, (type_, early.typenames[type_], list(inputs.values())))
        for type_, inputs in early.inputs.items()
    )


def _absorb(later: Group, early: Group) -> None:
    later.selected.absorb(early.selected)
    later.after.update(early.after)
    later.contexts.update(early.contexts)
    for type_, inputs in early.inputs.items():
        later.typenames[type_] = early.typenames[type_]
        add_inputs(later.inputs.setdefault(type_, {}), inputs.values())
