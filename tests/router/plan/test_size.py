"""The size of a plan against what its values really take."""

from __future__ import annotations

import gc
import sys
from random import Random
from types import FunctionType, ModuleType

import pytest

from router.plan.size import size_of
from router.planner import plan
from tests.router.planning import fixture, normalized
from tests.router.random_operations import Generator


def taken(value: object) -> int:
    """The bytes of a value and of all it refers to, less the schema's types."""
    seen: set[int] = set()
    pending, total = [value], 0
    while pending:
        found = pending.pop()
        if id(found) in seen or _is_shared(found):
            continue
        seen.add(id(found))
        total += sys.getsizeof(found)
        pending.extend(gc.get_referents(found))
    return total


def _is_shared(value: object) -> bool:
    return isinstance(value, type | ModuleType | FunctionType) or type(value).__module__.startswith("graphql.type")


@pytest.mark.parametrize("name", ["payments", "harbour", "shelves", "puzzles"])
def test_no_estimate_is_below_the_truth(name: str) -> None:
    """Nor is it beyond four times of it, so a bound in bytes means something."""
    supergraph = fixture(name)
    for seed in range(10):
        generator = Generator(supergraph.api, Random(seed))
        made = plan(normalized(supergraph, generator.operation(), generator.variables), supergraph)

        assert taken(made) <= size_of(made) <= 4 * taken(made)
