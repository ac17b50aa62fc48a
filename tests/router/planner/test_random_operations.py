"""Random operations over whole supergraphs: the subgraphs together answer what one schema over the same data answers."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from router.supergraph import load_supergraph
from tests.router.planning import assert_same_answer, fixture
from tests.router.random_operations import Generator
from tests.router.world import World

COMPOSED = Path(__file__).parents[3] / "schema" / "supergraph.graphql"
FIXTURES = ("payments", "harbour", "shelves", "puzzles")
QUICK = settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("name", FIXTURES)
async def test_many_random_queries_are_answered_as_by_one_schema(name: str) -> None:
    """Data, key order and the absence of errors agree; every plan keeps the invariants; subgraphs get the inputs they require."""
    supergraph = fixture(name)
    for seed in range(25):
        generator = Generator(supergraph.api, Random(seed))
        query = generator.operation()
        await assert_same_answer(World(supergraph, seed), query, generator.variables)


@pytest.mark.parametrize("kind", ["query", "mutation", "subscription"])
async def test_operations_on_the_composed_supergraph_of_this_repository(kind: str) -> None:
    """The supergraph that `make schema` writes, in all three kinds of operation, with hops behind payloads and events."""
    supergraph = load_supergraph(COMPOSED.read_text())
    for seed in range(25):
        generator = Generator(supergraph.api, Random(seed))
        query = generator.operation(kind)
        await assert_same_answer(World(supergraph, seed), query, generator.variables)


@QUICK
@given(rng=st.randoms(use_true_random=False), name=st.sampled_from(FIXTURES), seed=st.integers(0, 3))
async def test_any_query_is_answered_as_by_one_schema(rng: Random, name: str, seed: int) -> None:
    """The same with every draw hypothesis's own, so that a failure shrinks to a small query."""
    supergraph = fixture(name)
    generator = Generator(supergraph.api, rng, depth_max=4, width_max=3)
    query = generator.operation()
    await assert_same_answer(World(supergraph, seed), query, generator.variables)
