"""Plans come out the same every time, in bounded time and size."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from router.errors import TooLarge
from router.limits import FETCHES_PER_PLAN_MAX
from router.planner import plan
from tests.router.planning import fixture, normalized, planned

SCRIPT = """
from random import Random
from router.plan.show import show
from router.planner import plan
from tests.router.planning import fixture, normalized
from tests.router.random_operations import Generator
for name in ("payments", "harbour", "shelves", "puzzles"):
    for seed in range(8):
        generator = Generator(fixture(name).api, Random(seed))
        query = generator.operation()
        made = plan(normalized(fixture(name), query, generator.variables), fixture(name))
        print([(f.operation, f.path, f.entities, f.after) for f in made.fetches])
"""


def test_plans_do_not_depend_on_hash_randomisation() -> None:
    """Two processes with different hash seeds plan byte for byte alike."""
    root = Path(__file__).parents[3]
    outputs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0]
    assert outputs[0] == outputs[1]


def test_nesting_abstract_types_does_not_explode() -> None:
    """A self-recursive interface, eight levels deep with a fragment on each, plans in well under a second."""
    query = "score"
    for _ in range(8):
        query = f"score ... on Book {{ reviews {{ about {{ {query} }} }} }} ... on Film {{ title inStock }}"
    supergraph = fixture("shelves")
    operation = normalized(supergraph, f"{{ latest {{ {query} }} }}")
    started = time.perf_counter()
    made = plan(operation, supergraph)
    assert time.perf_counter() - started < 2.0
    assert len(made.fetches) <= 30


def test_wide_selections_stay_one_fetch() -> None:
    """Two thousand aliases of one field are one request."""
    aliases = " ".join(f"a{index}: handle" for index in range(2000))
    assert len(planned(fixture("payments"), f"{{ me {{ {aliases} }} }}").fetches) == 1


def test_too_many_requests_are_refused() -> None:
    """An operation that would need more fetches than the bound is refused before any is sent."""
    hops = " ".join(f'w{n}: wallet(currency: "C{n}") {{ owner {{ email }} }}' for n in range(FETCHES_PER_PLAN_MAX + 1))
    supergraph = fixture("payments")
    with pytest.raises(TooLarge, match=str(FETCHES_PER_PLAN_MAX)):
        plan(normalized(supergraph, f"{{ me {{ {hops} }} }}"), supergraph)
