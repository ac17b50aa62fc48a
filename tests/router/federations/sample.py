"""The cases of a seed: a federation, and random operations on it. The same seed gives the same cases, wherever they are run."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tests.router.federations.case import Case
from tests.router.federations.draw import draw_federation
from tests.router.federations.federation import Federation
from tests.router.random_operations import Generator

ONE_IN_FAULTY = 4
KINDS = ("query", "query", "query", "mutation", "subscription")


def cases(seed: int, count: int) -> tuple[Federation, Iterator[Case]]:
    """The federation of a seed, and so many operations on it."""
    federation = draw_federation(seed)
    return federation, (case_of(federation, seed, number) for number in range(count))


def case_of(federation: Federation, seed: int, number: int) -> Case:
    """One operation of a seed."""
    rng = Random(f"operation {seed}/{number}")
    kinds = [kind for kind in KINDS if federation.root_of(kind)]
    generator = Generator(federation.supergraph.api, rng, depth_max=4, width_max=4, fields_max=80)
    operation = generator.operation(rng.choice(kinds))
    labels = frozenset(label for label in sorted(federation.supergraph.labels) if rng.random() < 0.5)
    return Case(operation, generator.variables, number, number % ONE_IN_FAULTY == ONE_IN_FAULTY - 1, labels)
