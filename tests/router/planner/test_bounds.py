"""Plans come out the same every time, in bounded time and size."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from router.errors import TooLarge, Unplannable
from router.graph import Node, graph_of
from router.limits import FETCHES_PER_PLAN_MAX, PLANNING_STEPS_MAX
from router.operation import Operation
from router.planner import plan
from router.planner.walk import START, Walk
from router.planner.wanted import wanted_of
from router.supergraph import Supergraph
from tests.router.planning import fixture, normalized, planned, supergraph_of

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
    started = time.thread_time()
    made = plan(operation, supergraph)
    assert time.thread_time() - started < 2.0
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


def test_a_recursive_interface_nested_deep_is_planned_at_once() -> None:
    """Ten levels of an interface with a fragment on each take a fraction of the steps allowed, and no more per level."""
    supergraph = fixture("shelves")
    operations = [normalized(supergraph, f"{{ latest {{ {_nested(depth)} }} }}") for depth in (5, 10)]
    fewer, more = (steps(operation, supergraph) for operation in operations)
    assert more <= 2.2 * fewer
    assert more < PLANNING_STEPS_MAX / 100


def _nested(depth: int) -> str:
    inner = "score"
    for _ in range(depth):
        inner = f"score ... on Book {{ reviews {{ about {{ {inner} }} }} }} ... on Film {{ title inStock }}"
    return inner


def steps(operation: Operation, supergraph: Supergraph) -> int:
    """How many steps the search for a plan takes."""
    walk = Walk(graph_of(supergraph))
    needs = wanted_of(operation, supergraph.api).needs
    assert not walk.cover(Node(START, operation.root), needs).rest
    return walk.steps


@pytest.mark.parametrize("length", [9, 40])
def test_long_chains_of_keys_are_followed(length: int) -> None:
    """Each subgraph is entered by a key that only the one before it knows."""
    made = planned(chain_of_keys(length), "{ t { last } }")
    assert [fetch.subgraph for fetch in made.fetches] == [f"S{index}" for index in range(length)]


def chain_of_keys(length: int) -> Supergraph:
    """Subgraphs in a row, each of which knows its own key and the next one's."""
    graphs = [f"S{index}" for index in range(length)]
    known = " ".join(f"@join__type(graph: {graph})" for graph in graphs)
    keys = " ".join(f'@join__type(graph: {graph}, key: "k{index}")' for index, graph in enumerate(graphs))
    fields = " ".join(
        f"k{index}: ID @join__field(graph: {graph})" + (f" @join__field(graph: S{index - 1})" if index else "")
        for index, graph in enumerate(graphs)
    )
    types = f"type Query {known} {{ t: T @join__field(graph: S0) }}"
    return supergraph_of(
        " ".join(graphs), f"{types} type T {keys} {{ {fields} last: Int @join__field(graph: {graphs[-1]}) }}"
    )


def test_long_chains_of_requires_are_followed() -> None:
    """Each field requires one of another subgraph, thirty deep."""
    length = 30
    graphs = [f"S{index}" for index in range(length)]
    known = " ".join(f"@join__type(graph: {graph})" for graph in graphs)
    keys = " ".join(f'@join__type(graph: {graph}, key: "id")' for graph in graphs)
    fields = " ".join(
        f"f{index}: ID @join__field(graph: {graph}"
        + (f', requires: "f{index - 1}")' if index else ")")
        + (f" @join__field(graph: S{index + 1}, external: true)" if index + 1 < length else "")
        for index, graph in enumerate(graphs)
    )
    types = f"type Query {known} {{ t: T @join__field(graph: S0) }} type T {keys} {{ id: ID {fields} }}"
    made = planned(supergraph_of(" ".join(graphs), types), f"{{ t {{ f{length - 1} }} }}")
    assert [fetch.subgraph for fetch in made.fetches] == graphs


def test_a_search_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the bound the client is told so; nothing depends on how fast the machine is."""
    monkeypatch.setattr("router.planner.walk.PLANNING_STEPS_MAX", 20)
    supergraph = fixture("shelves")
    with pytest.raises(TooLarge, match="more than 20 steps to plan"):
        plan(normalized(supergraph, f"{{ latest {{ {_nested(8)} }} }}"), supergraph)


def test_keys_that_need_each_other_over_types_are_no_way() -> None:
    """To enter B for a Box its lid's code is needed, and to have that, B's Box: the search ends and finds none."""
    types = """
    type Query @join__type(graph: A) @join__type(graph: B) { box: Box @join__field(graph: A) }
    type Box @join__type(graph: A, key: "id") @join__type(graph: B, key: "lid { code }") {
      id: ID! @join__field(graph: A) lid: Lid size: Int @join__field(graph: B) }
    type Lid @join__type(graph: A, key: "no") @join__type(graph: B, key: "box { id }") {
      no: ID! @join__field(graph: A) code: ID @join__field(graph: B) box: Box @join__field(graph: B) }
    """
    supergraph = supergraph_of("A B", types)
    with pytest.raises(Unplannable):
        plan(normalized(supergraph, "{ box { size } }"), supergraph)
