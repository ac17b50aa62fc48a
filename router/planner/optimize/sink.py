"""Merges an early fetch into a later one at the same site of the same subgraph, where nothing waits for the early one.

The answer is as late as its latest fetch anyway, so one request less is had for nothing. This happens where some fields of an
entity need inputs from elsewhere (@requires) and others do not.
"""

from __future__ import annotations

from router.planner.fetches import add_inputs, can_carry
from router.planner.sites import Group


def sink_into_later(groups: list[Group]) -> list[Group]:
    """The groups without those that a later one can stand in for."""
    kept = list(groups)
    for early in sorted(groups, key=lambda group: -group.stage):
        later = next((group for group in _by_stage(kept) if _can_stand_in(group, early, kept)), None)
        if later is not None:
            _absorb(later, early)
            kept.remove(early)
    return kept


def _by_stage(groups: list[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: group.stage)


def _can_stand_in(later: Group, early: Group, groups: list[Group]) -> bool:
    return (
        later.is_entity
        and early.is_entity
        and later.site is early.site
        and later.graph == early.graph
        and later.stage > early.stage
        and not any(early.number in group.after for group in groups)
        and all(
            can_carry(later, (type_, early.typenames[type_], list(inputs.values())))
            for type_, inputs in early.inputs.items()
        )
    )


def _absorb(later: Group, early: Group) -> None:
    later.selected.absorb(early.selected)
    later.after.update(early.after)
    for type_, inputs in early.inputs.items():
        later.typenames[type_] = early.typenames[type_]
        add_inputs(later.inputs.setdefault(type_, {}), inputs.values())
