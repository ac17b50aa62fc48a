"""Deferred parts: delivered when their own fetches are answered, and together with the primary answer all that there is."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
from graphql import SelectionSetNode, Visitor, parse, print_ast, visit
from graphql.language import DirectiveNode, InlineFragmentNode, NameNode

from router.executor import Delivery, deliver, prepare
from router.operation import normalize
from router.plan import QueryPlan
from router.planner import plan
from tests.router.plan_invariants import assert_plan_invariants
from tests.router.planning import answered, fixture
from tests.router.random_operations import Generator
from tests.router.world import World, WorldTransport

FIXTURES = ("payments", "harbour", "shelves", "puzzles", "places")


def deferring(query: str, rng: Random) -> str:
    """The query with some of what it selects wrapped in deferred fragments."""

    class Wrap(Visitor):
        def leave_selection_set(self, node: SelectionSetNode, *_: Any) -> SelectionSetNode:
            nodes = list(node.selections)
            if rng.random() < 0.6:
                return node
            first, last = sorted((rng.randint(0, len(nodes)), rng.randint(0, len(nodes))))
            if first == last:
                return node
            directive = DirectiveNode(name=NameNode(value="defer"), arguments=())
            wrapped = InlineFragmentNode(
                directives=(directive,), selection_set=SelectionSetNode(selections=tuple(nodes[first:last]))
            )
            return SelectionSetNode(selections=(*nodes[:first], wrapped, *nodes[last:]))

    return print_ast(visit(parse(query), Wrap()))


def planned(world: World, query: str, variables: Mapping[str, Any]) -> QueryPlan:
    operation = normalize(parse(query), None, world.supergraph, variables, incremental=True)
    made = plan(operation, world.supergraph)
    assert_plan_invariants(made, world.supergraph, operation)
    return made


async def delivered(world: World, query: str, variables: Mapping[str, Any]) -> list[Delivery]:
    made = planned(world, query, variables)
    executable = prepare(made, world.supergraph)
    return [d async for d in deliver(executable, variables=variables, transport=WorldTransport(world))]


def merged(deliveries: list[Delivery]) -> Any:
    """What a client has in the end."""
    answer: Any = deliveries[0].parts[0].result.data
    for part in (part for delivery in deliveries[1:] for part in delivery.parts):
        node = answer
        for key in part.path:
            node = node[key]
        merge(node, part.result.data)
    return answer


def merge(target: Any, source: Any) -> None:
    for key, value in source.items():
        if isinstance(value, dict) and isinstance(target.get(key), dict):
            merge(target[key], value)
        elif isinstance(value, list) and isinstance(target.get(key), list):
            merge_lists(target[key], value)
        else:
            target[key] = value


def merge_lists(target: list[Any], source: list[Any]) -> None:
    assert len(target) == len(source)
    for index, (mine, its) in enumerate(zip(list(target), source, strict=True)):
        if isinstance(mine, dict) and isinstance(its, dict):
            merge(mine, its)
        elif isinstance(mine, list) and isinstance(its, list):
            merge_lists(mine, its)
        else:
            target[index] = its


@pytest.mark.parametrize("name", FIXTURES)
async def test_all_parts_together_are_the_answer_without_defer(name: str) -> None:
    """Random queries with random deferred fragments, against the same run of the operation that gets the whole answer."""
    supergraph = fixture(name)
    parts = 0
    for seed in range(40):
        rng = Random(seed)
        generator = Generator(supergraph.api, rng)
        query = deferring(generator.operation(), rng)
        world = World(supergraph, seed)
        whole = await answered(world, query, generator.variables)
        deliveries = await delivered(world, query, generator.variables)
        parts += sum(len(delivery.parts) for delivery in deliveries) - 1
        assert not any(part.result.errors for delivery in deliveries for part in delivery.parts)
        assert merged(deliveries) == whole.data, query
    assert parts > 20
