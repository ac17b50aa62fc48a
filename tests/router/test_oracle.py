"""The whole way from an operation to its answer, against one GraphQL server over the same data.

Composition, normalisation, planner, executor and the in-process transport run a federation of five subgraphs; graphql-core runs
the same schema as one. Random operations on random data must get the same answer. ORACLE_EXAMPLES sets how many are tried.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from functools import cache
from typing import Any

import pytest
from graphql import build_schema, lexicographic_sort_schema, parse, validate
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from router.composition import Composed, SubgraphInput, compose
from router.executor import ExecutionResult, execute, report
from router.operation import normalize
from router.planner import plan
from router.supergraph import Supergraph, load_supergraph
from router.transport import AsgiTransport
from tests.router.oracle.operations import Sample, is_valid, operations
from tests.router.oracle.resolvers import execute_monolith, subgraph_apps
from tests.router.oracle.schemas import LINK, MONOLITH, SUBGRAPHS
from tests.router.oracle.world import World, world_of
from tests.router.plan_invariants import assert_plan_invariants
from tests.router.printed import printed

EXAMPLES = int(os.environ.get("ORACLE_EXAMPLES", "75"))
TIMEOUT = pytest.mark.timeout(max(120, EXAMPLES))
SEEDS = st.integers(0, 10_000)
SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    print_blob=True,
    # The usual run asks the same operations each time; asking for a number of examples asks new ones.
    derandomize="ORACLE_EXAMPLES" not in os.environ,
)


@cache
def supergraph() -> Supergraph:
    """The composed federation."""
    outcome = compose([SubgraphInput(name, LINK + sdl, f"http://{name}") for name, sdl in SUBGRAPHS.items()])
    assert isinstance(outcome, Composed), outcome
    return load_supergraph(outcome.sdl)


async def answer(sample: Sample, world: World) -> ExecutionResult:
    """What the router answers."""
    document = parse(sample.text)
    assert not validate(supergraph().api, document)
    operation = normalize(document, None, supergraph(), sample.variables)
    made = plan(operation, supergraph())
    assert_plan_invariants(made, supergraph())
    transport = AsgiTransport(subgraph_apps(world))
    return await execute(made, supergraph=supergraph(), variables=sample.variables, transport=transport)


def test_the_api_schema_is_the_single_schema() -> None:
    """Composition gives clients the schema that the oracle runs."""
    single = lexicographic_sort_schema(build_schema(MONOLITH))

    assert printed(lexicographic_sort_schema(supergraph().api)) == printed(single)


@TIMEOUT
@SETTINGS
@given(operations(), SEEDS)
def test_the_router_answers_like_one_server(sample: Sample, seed: int) -> None:
    """Data is equal to the byte: values, nulls, order of keys; no error is made up or lost."""
    assume(is_valid(sample))
    world = world_of(seed)

    result = asyncio.run(answer(sample, world))

    expected = execute_monolith(sample.text, sample.variables, world)
    assert json.dumps(result.data) == json.dumps(expected.data)
    assert result.errors == ()
    assert expected.errors is None


@TIMEOUT
@SETTINGS
@given(operations(), SEEDS, st.integers(1, 80))
def test_the_router_fails_like_one_server(sample: Sample, seed: int, faults: int) -> None:
    """With resolvers that raise: the same nulls in the same places, explained by the same errors."""
    assume(is_valid(sample))
    world = world_of(seed, fault_count=faults)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "ERROR_OCCURRENCES_MAX", 1_000_000)  # the single server has no such bound
        result = asyncio.run(answer(sample, world))

    expected = execute_monolith(sample.text, sample.variables, world)
    expected_errors = [error.formatted for error in expected.errors or ()]
    assert json.dumps(result.data) == json.dumps(expected.data)
    assert [error for error in result.errors if not error["message"].startswith("fault at ")] == []
    assert _exact(result.errors, result.data) == _exact(expected_errors, expected.data)
    assert _explained(result.errors, result.data) == _explained(expected_errors, expected.data)


def _exact(errors: Any, data: Any) -> Counter[tuple[str, str]]:
    """Errors at the very place of a null. Of errors that a bubbling null swallows, servers may report any."""
    return Counter(
        (error["message"], json.dumps(error["path"])) for error in errors if _null_above(error, data) == error["path"]
    )


def _explained(errors: Any, data: Any) -> set[str]:
    """The nulls that errors stand at or below."""
    return {json.dumps(_null_above(error, data)) for error in errors}


def _null_above(error: Any, data: Any) -> list[str | int] | None:
    """The null that an error led to: the shortest prefix of its path where the data is null."""
    node = data
    for length, key in enumerate(error["path"]):
        if node is None:
            return list(error["path"][:length])
        node = node[key]
    return list(error["path"]) if node is None else None
