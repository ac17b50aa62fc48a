"""Deferred fragments as parts of the answer: what each wants beyond what is wanted outside of it, and where it stands.

A field that is selected inside and outside of a deferred fragment belongs outside: it comes earlier. So a part has its own fields
alone, and one that is left without any is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from router.operation.model import FragmentSelection, Operation, Selection
from router.planner.sites import Site
from router.planner.wanted import Place, Postponed, Wanted


@dataclass(frozen=True, slots=True, eq=False)
class Later:
    """A part of the answer: what a deferred fragment wants of the objects at a site.

    `within` is the part around it, `through` the numbers of the fragments in between, which have no part for want of own fields.
    """

    postponed: Postponed
    site: Site
    within: Later | None = None
    through: tuple[int, ...] = ()

    @property
    def key(self) -> tuple[int, int]:
        """What tells it from other parts: one fragment may stand at several sites."""
        return (self.postponed.number, id(self.site))


def dissolved(operation: Operation, numbers: frozenset[int] | None = None) -> Operation:
    """The operation with the deferred fragments of these numbers, or all, deferred no more."""
    return replace(operation, selections=tuple(_dissolved(operation.selections, numbers)))


def _dissolved(selections: Sequence[Selection], numbers: frozenset[int] | None) -> Iterator[Selection]:
    for selection in selections:
        below = tuple(_dissolved(selection.selections, numbers))
        if isinstance(selection, FragmentSelection) and selection.defer is not None:
            ends = numbers is None or selection.defer.number in numbers
            yield replace(selection, selections=below, defer=None if ends else selection.defer)
        else:
            yield replace(selection, selections=below)


def has_deferred(selections: Sequence[Selection]) -> bool:
    """Whether anything is deferred."""
    return any(
        (isinstance(selection, FragmentSelection) and selection.defer is not None) or has_deferred(selection.selections)
        for selection in selections
    )


# ── what is wanted apart ────────────────────────────────────────────────────────────────────────────────────────────────


def apart(wanted: Wanted, whole: Wanted, outer: Sequence[Wanted] = ()) -> Wanted:
    """What is wanted that `outer` does not want already, and of the fragments deferred in it only what nobody around them wants.

    `whole` is what all want together: places are cut as finely as there, so that each stands at one site.
    """
    others = [_by_key(each) for each in outer]
    known = _by_key(whole)
    kept: dict[_Key, Place] = {}
    for place in wanted.places:
        for keys in _cut(place, known, others):
            found = [other[keys[0]] for other in others if keys[0] in other]
            left = _left(place, known[keys[0]], found)
            if left is not None:
                own = replace(left, need=replace(left.need, types=frozenset(type_ for type_, _ in keys)))
                kept.update(dict.fromkeys(keys, own))
    by_type = {
        type_: tuple(kept[type_, _key_of(place)] for place in shown if (type_, _key_of(place)) in kept)
        for type_, shown in wanted.by_type.items()
    }
    deferred = tuple(
        replace(postponed, wanted=apart(postponed.wanted, whole, (*outer, wanted))) for postponed in wanted.deferred
    )
    is_alike = wanted.is_alike and len(set(by_type.values())) == 1
    return Wanted(wanted.type, by_type, tuple(dict.fromkeys(kept.values())), is_alike, deferred)


_Key: TypeAlias = tuple[str, str]
"""A concrete type, and a response key of its objects."""


def _by_key(wanted: Wanted) -> dict[_Key, Place]:
    return {(type_, _key_of(place)): place for type_, shown in wanted.by_type.items() for place in shown}


def _key_of(place: Place) -> str:
    return place.need.key or place.need.name


def _cut(place: Place, whole: Mapping[_Key, Place], others: Sequence[Mapping[_Key, Place]]) -> Iterable[list[_Key]]:
    """The keys of a place, those apart that the whole, or others, tell apart."""
    alike: dict[tuple[Place | None, ...], list[_Key]] = {}
    for type_ in sorted(place.need.types):
        key = (type_, _key_of(place))
        alike.setdefault((whole[key], *(other.get(key) for other in others)), []).append(key)
    return alike.values()


def _left(place: Place, whole: Place, others: Sequence[Place]) -> Place | None:
    """What a place wants beyond others of its key. What is left for the sake of a part further in is not fetched again."""
    if place.wanted is None or whole.wanted is None or whole.hidden:
        return None if others else replace(place, hidden=whole.hidden)
    inner = apart(place.wanted, whole.wanted, [other.wanted for other in others if other.wanted is not None])
    is_bare = bool(others) and all(below.hidden for below in inner.places)
    if is_bare and not _defers(inner):
        return None
    return Place(place.selection, replace(place.need, needs=inner.needs), inner, hidden=is_bare)


def _defers(wanted: Wanted) -> bool:
    below = (place.wanted for place in wanted.places if place.wanted is not None)
    return bool(wanted.deferred) or any(map(_defers, below))


# ── where the parts stand ───────────────────────────────────────────────────────────────────────────────────────────────


def parts_of(wanted: Wanted, site: Site, within: Later | None = None, through: tuple[int, ...] = ()) -> Iterator[Later]:
    """The parts of what is wanted at a site, each behind the one that it is within."""
    for postponed in wanted.deferred:
        later = Later(postponed, site, within, through)
        if any(not place.hidden or place.wanted is None for place in postponed.wanted.places):
            yield later
            yield from parts_of(postponed.wanted, site, later)
        else:
            yield from parts_of(postponed.wanted, site, within, (*through, postponed.number))
    for place in wanted.places:
        if place.wanted is not None:
            for below in _below(place, site):
                yield from parts_of(place.wanted, below, within, through)


def _below(place: Place, site: Site) -> Iterable[Site]:
    held = ((type_, site.client_keys[type_, _key_of(place)]) for type_ in sorted(place.need.types))
    return dict.fromkeys(site.below[at] for at in held if at in site.below)
