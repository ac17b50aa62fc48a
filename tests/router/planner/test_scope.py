"""Scopes against the plain thing: sets of the combinations of types that objects further up may have."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from itertools import product
from random import Random
from typing import TypeAlias

import pytest

from router.plan import Path, PathKey
from router.planner.scope import EVERYWHERE, NOWHERE, Further, Scope

Objects: TypeAlias = frozenset[tuple[str, ...]]


@dataclass(eq=False)
class Place:
    """A place below which things depend on the type."""

    types: frozenset[str]
    path: Path
    scopes: dict[Further, Scope] = field(default_factory=dict)


FORKS = [
    Place(frozenset(types), tuple(PathKey("f") for _ in range(depth)))
    for depth, types in enumerate(("ABC", "AB", "ABCD"))
]
ALL: Objects = frozenset(product(*(sorted(fork.types) for fork in FORKS)))


def drawn(rng: Random) -> tuple[Scope, Objects]:
    """A scope put together at random, with the combinations that it stands for."""
    scope, objects = _straight(rng)
    for _ in range(rng.randrange(4)):
        other, its = _straight(rng)
        scope, objects = scope.united(other), objects | its
    return scope, objects


def _straight(rng: Random) -> tuple[Scope, Objects]:
    chosen = [frozenset(rng.sample(sorted(fork.types), rng.randint(1, len(fork.types)))) for fork in FORKS]
    scope = reduce(lambda above, pair: above.below(*pair), zip(FORKS, chosen, strict=True), EVERYWHERE)
    return scope, frozenset(product(*map(sorted, chosen)))


@pytest.mark.parametrize("seed", range(100))
def test_scopes_are_sets(seed: int) -> None:
    """Covering, meeting and uniting are what they are for sets; scopes of the same objects are the same."""
    rng = Random(seed)
    (one, its), (other, others) = drawn(rng), drawn(rng)
    assert one.covers(other) == (its >= others)
    assert one.meets(other) == bool(its & others)
    assert (one is other) == (its == others)
    united = one.united(other)
    assert united is other.united(one)
    assert united.covers(one)
    assert united.covers(other)
    assert (united is EVERYWHERE) == (its | others == ALL)


def test_types_at_forks_that_do_not_depend_on_each_other_are_guards() -> None:
    """A path can be told to lead through certain types at each fork, but not through some here only with some there."""
    straight = EVERYWHERE.below(FORKS[0], "A").below(FORKS[1], "AB").below(FORKS[2], "CD")
    assert straight.guards == ((FORKS[2], frozenset("CD")), (FORKS[0], frozenset("A")))
    assert straight.united(EVERYWHERE.below(FORKS[0], "B").below(FORKS[2], "A")).guards is None
    assert EVERYWHERE.guards == ()


def test_nowhere_is_in_every_scope() -> None:
    """The scope of no objects is met by none and covered by all."""
    scope = EVERYWHERE.below(FORKS[0], "A")
    assert scope.covers(NOWHERE)
    assert not NOWHERE.covers(scope)
    assert not NOWHERE.meets(EVERYWHERE)
    assert scope.united(NOWHERE) is scope
    assert EVERYWHERE.below(FORKS[0], ()) is NOWHERE
