"""Batches entity fetches: those of one subgraph that could go out at the same time are one request.

Fetches that ask the same of objects at several paths share an `_entities` field, so that an object found at two paths is asked
for once; the others get a field of their own, under an alias. Only a wave's own members meet, so nothing can wait for
itself, and no plan gets longer. A fetch that nobody waits for goes with a later wave of its subgraph where its own has none.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence

from router.limits import ENTITIES_PER_REQUEST_MAX
from router.planner.requests import Request, waves_of
from router.planner.sites import Group, Input


def batch(groups: Sequence[Group]) -> list[Request]:
    """All groups as requests: part by part, earliest wave first."""
    waves = _settled(groups, waves_of(groups))
    together: dict[Hashable, list[Group]] = {}
    for group in sorted(groups, key=lambda group: (group.part.number, waves[group.number], group.stage, group.number)):
        key = (group.part.number, waves[group.number], group.graph) if _is_batchable(group) else group.number
        together.setdefault(key, []).append(group)
    return [request for same in together.values() for request in _requests(same, waves[same[0].number])]


def _is_batchable(group: Group) -> bool:
    return group.is_entity and not group.contexts


def _settled(groups: Iterable[Group], waves: dict[int, int]) -> dict[int, int]:
    """The waves, once what nobody waits for has gone where its subgraph is asked anyway: its own wave, else the next such."""
    needed = {number for group in groups for number in group.after}
    asked: dict[tuple[int, str], set[int]] = {}
    free: list[Group] = []
    for group in groups:
        if not _is_batchable(group):
            continue
        if group.number in needed:
            asked.setdefault((group.part.number, group.graph), set()).add(waves[group.number])
        else:
            free.append(group)
    settled = dict(waves)
    for group in sorted(free, key=lambda group: -waves[group.number]):
        there = asked.setdefault((group.part.number, group.graph), set())
        own = waves[group.number]
        settled[group.number] = min((wave for wave in there if wave >= own), default=own)
        there.add(settled[group.number])
    return settled


def _requests(groups: list[Group], wave: int) -> Iterator[Request]:
    """Groups that may go out together, cut where one request would have too many fields."""
    if not groups[0].is_entity:
        yield Request(wave, (tuple(groups),))
        return
    alike: dict[Hashable, list[Group]] = {}
    for group in groups:
        alike.setdefault(_question(group), []).append(group)
    asked = [tuple(same) for same in alike.values()]
    for start in range(0, len(asked), ENTITIES_PER_REQUEST_MAX):
        yield Request(wave, tuple(asked[start : start + ENTITIES_PER_REQUEST_MAX]))


def _question(group: Group) -> Hashable:
    """What a group asks of its objects, and how it names them; where in the merged tree the inputs stand is its own affair."""
    representations = {(group.typenames[type_], _shape(inputs.values())) for type_, inputs in group.inputs.items()}
    return (group.selected.signature(), frozenset(representations))


def _shape(inputs: Iterable[Input]) -> tuple[Hashable, ...]:
    return tuple((given.name, given.on, given.nullable, given.is_key, _shape(given.below)) for given in inputs)
