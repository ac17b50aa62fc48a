"""Compiled plans against the generic engine: random operations, answers that are as they should be, and answers that are not."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import pytest
from graphql import GraphQLSchema

from router.errors import SubgraphFailure
from router.executor.compiled import Compiled, Refused, compiled
from router.executor.execution import Answered
from router.executor.prepared import Prepared
from router.planner import plan
from router.supergraph import Supergraph
from router.transport.base import SubgraphRequest
from tests.router.executor.compiled.invented import Inventor
from tests.router.executor.compiled.lockstep import side_by_side
from tests.router.federations.draw import draw_federation
from tests.router.planning import fixture, normalized
from tests.router.random_operations import Generator
from tests.router.subgraph_views import subgraph_view
from tests.router.world import World, WorldTransport

FIXTURES = ("payments", "harbour", "shelves", "puzzles")
FEDERATIONS = (3, 11, 12, 17, 23, 31)
OPERATIONS = 40
RUNS = 10


def plans(
    supergraph: Supergraph, count: int = OPERATIONS
) -> Iterator[tuple[Prepared, Compiled, Mapping[str, Any], str]]:
    """Random operations that are compiled, with their variables."""
    for seed in range(count):
        generator = Generator(supergraph.api, Random(seed), depth_max=4, fields_max=60)
        kind = "mutation" if supergraph.mutation and seed % 5 == 0 else "query"
        text = generator.operation(kind)
        made = plan(normalized(supergraph, text, generator.variables), supergraph)
        try:
            yield Prepared(made, supergraph), compiled(made, supergraph), generator.variables, text
        except Refused:
            continue


@pytest.mark.parametrize("name", FIXTURES)
def test_answers_as_they_should_be_are_never_left_to_the_generic_engine(name: str) -> None:
    """Over consistent data no compiled plan gives up; result and requests are those of the generic engine, byte for byte."""
    supergraph = fixture(name)
    for number, (prepared, code, variables, text) in enumerate(plans(supergraph)):
        transport = WorldTransport(World(supergraph, number))

        def answers(subgraph: str, body: bytes, transport: WorldTransport = transport) -> Answered:
            return asyncio.run(transport.send(SubgraphRequest(subgraph, body)))

        outcome = side_by_side(prepared, code, variables, answers, Random(number))
        assert outcome.deopt is None, f"{outcome.deopt}: {text}"


@pytest.mark.parametrize("name", FIXTURES)
def test_any_answer_gives_what_the_generic_engine_gives(name: str) -> None:
    """Nulls, missing keys, values of wrong types, too many entities: a compiled plan gives up, or it is right all the same."""
    supergraph = fixture(name)
    _compare_on_inventions(supergraph, {each: subgraph_view(supergraph, each) for each in supergraph.subgraphs})


@pytest.mark.parametrize("seed", FEDERATIONS)
def test_any_answer_in_any_federation_gives_what_the_generic_engine_gives(seed: int) -> None:
    """The same over federations that are drawn themselves."""
    federation = draw_federation(seed)
    schemas = {name: served.schema for name, served in federation.served.items()}
    _compare_on_inventions(federation.supergraph, schemas)


def _compare_on_inventions(supergraph: Supergraph, schemas: Mapping[str, GraphQLSchema]) -> None:
    came: Counter[str | None] = Counter()
    for number, (prepared, code, variables, text) in enumerate(plans(supergraph)):
        for run in range(RUNS):
            rng = Random(f"{number}/{run}")
            inventor = Inventor(schemas, rng, oddity=0.0 if run % 2 else 0.02)
            try:
                came[side_by_side(prepared, code, variables, inventor.answer, rng).deopt] += 1
            except AssertionError as difference:
                pytest.fail(f"run {run} of\n{text}\n{difference}\n{code.source}")
    assert came[None], "some runs are compiled to the end"


def test_a_subgraph_that_fails_is_left_to_the_generic_engine() -> None:
    """No answer at all is a reason to give up."""
    supergraph = fixture("payments")
    for prepared, code, variables, _ in plans(supergraph, 5):
        outcome = side_by_side(prepared, code, variables, lambda name, _: SubgraphFailure(name, "gone"), Random(0))
        assert outcome.deopt == ("failure" if prepared.plan.fetches else None)
