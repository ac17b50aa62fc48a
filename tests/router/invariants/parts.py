"""What holds for the deferred parts of a plan: who fetches for whom, and that each part is brought what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.plan import Deferred, Fetch, QueryPlan
from tests.router.invariants.answered import assert_brought
from tests.router.invariants.picks import Pick, steps_of


def part_of(fetch: Fetch, made: QueryPlan) -> int | None:
    """The first part that a fetch is of, or None for a primary one. Parts of one fragment at one place share their fetches."""
    return next((at for at, part in enumerate(made.deferred) if fetch.id in part.fetches), None)


def assert_parts(made: QueryPlan, picks: Sequence[Pick]) -> None:
    """Parts come behind what they are within, wait for nothing else, and are brought what they show by these fetches alone."""
    assert made.kind != "subscription" or not made.deferred
    for at, part in enumerate(made.deferred):
        assert part.within is None or part.within < at
        assert any(part.output.by_type.values()), "a part shows something"
        usable = set(_usable(made, part))
        for fetch in made.fetches:
            if fetch.id in part.fetches:
                assert usable.issuperset(fetch.after), "a part waits for another that it is not within"
        brought = [pick for pick in picks if pick.fetch.id in usable]
        assert_brought(part.output, brought, steps_of(part.path), _standing(made, part, brought))
    for fetch in made.fetches:
        if part_of(fetch, made) is None:
            assert all(part_of(made.fetches[before], made) is None for before in fetch.after)


def primary(made: QueryPlan, picks: Sequence[Pick]) -> list[Pick]:
    """What the primary fetches bring."""
    return [pick for pick in picks if part_of(pick.fetch, made) is None]


def _usable(made: QueryPlan, part: Deferred) -> Iterator[int]:
    yield from (fetch.id for fetch in made.fetches if part_of(fetch, made) is None)
    around: Deferred | None = part
    while around is not None:
        yield from around.fetches
        around = made.deferred[around.within] if around.within is not None else None


def _standing(made: QueryPlan, part: Deferred, picks: Sequence[Pick]) -> set[str]:
    """The types of the objects that may stand where a part is."""
    steps = steps_of(part.path)
    if not steps:
        return {made.output.type_name}
    *before, (_, key) = steps
    bringing = [pick for pick in picks if pick.key == key and pick.is_at(tuple(before))]
    # Nobody brings objects that can only be below those of a type that no subgraph returns there.
    return set.intersection(*(set(pick.standing) for pick in bringing)) if bringing else set()
