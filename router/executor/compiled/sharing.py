"""Where one object may stand for many, so that it is decoded, asked about, completed and checked once.

The generic engine gives every occurrence of an entity objects of its own. Here an object is shared wherever whatever will be put into
it follows from the object alone; elsewhere each occurrence gets a copy.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from router.executor.compiled.answers import TYPENAME, is_leaf
from router.executor.compiled.leaves import is_hashable
from router.executor.compiled.places import Fill, Place
from router.plan import Path


def may_share(fill: Fill, key: str, places: list[tuple[Fill, Place]]) -> bool:
    """Whether the objects under `key` of an entity may stand below all objects that the entity completes.

    `places` are where those stand. Below `key` nothing may come from a fetch that starts further up, for that may bring other
    things for other occurrences; and what is put in must be the same at all places.
    """
    if fill.path == ():
        return True  # there is one root
    below = [(same.path, place.slots[key].below) for same, place in places]
    if any(place is None or not _is_closed(place, path) for path, place in below):
        return False
    return len({_signature(place, path) for path, place in below if place is not None}) == 1


def _is_closed(place: Place, path: Path) -> bool:
    return all(
        len(inner.parts) == 1 and all(fill.path[: len(path)] == path for fill in inner.fills)
        for inner in place.within()
    )


def _signature(place: Place, path: Path) -> Hashable:
    """What is put into the objects at and below a place, as seen from `path`."""
    return (
        tuple(
            sorted((f.fetch.id, f.entities, repr(f.path[len(path) :]), repr(f.representations)) for f in place.fills)
        ),
        tuple(
            (key, _signature(slot.below, path)) for key, slot in sorted(place.slots.items()) if slot.below is not None
        ),
    )


def identity(place: Place, path: Path) -> tuple[str, ...]:
    """The keys whose values tell the objects at a place apart, where equal ones may be made one; else nothing.

    That is so where objects bring nothing but hashable leaves, and everything else is fetched for them from here on.
    """
    if len(place.parts) != 1 or not place.fills:
        return ()
    part = place.parts[0]
    if not all(is_leaf(found) and (found.type is None or is_hashable(found.type)) for found in part.fields.values()):
        return ()
    if not all(fill.path[: len(path)] == path for fill in _fills(place)):
        return ()
    keys = tuple(part.fields)
    return keys if any(key != TYPENAME for key in keys) else ()


def _fills(place: Place) -> Iterator[Fill]:
    return (fill for inner in place.within() for fill in inner.fills)
