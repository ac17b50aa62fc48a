"""Deferred parts: delivered when their own fetches are answered, and together with the primary answer all that there is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from random import Random
from typing import Any

import pytest
from graphql import SelectionSetNode, Visitor, parse, print_ast, visit
from graphql.language import DirectiveNode, InlineFragmentNode, NameNode

from router.errors import SubgraphFailure
from router.executor import Delivery, deliver, prepare
from router.executor.compiled import compile_plan
from router.operation import normalize
from router.plan import QueryPlan
from router.planner import plan
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse
from tests.router.plan_invariants import assert_plan_invariants
from tests.router.planning import answered, fixture, supergraph_of
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
    for seed in range(20):
        rng = Random(seed)
        generator = Generator(supergraph.api, rng)
        query = deferring(generator.operation(), rng)
        world = World(supergraph, seed)
        whole = await answered(world, query, generator.variables)
        deliveries = await delivered(world, query, generator.variables)
        parts += sum(len(delivery.parts) for delivery in deliveries) - 1
        assert not any(part.result.errors for delivery in deliveries for part in delivery.parts)
        assert merged(deliveries) == whole.data, query
    assert parts > 10


# ── by hand ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Slow:
    """Subgraphs that answer what they are told to, each when it is let go. `under_way` are the requests not yet over."""

    def __init__(self, answers: Mapping[str, Any], held: Sequence[str] = ()) -> None:
        self._answers = answers
        self._gates = {subgraph: asyncio.Event() for subgraph in held}
        self.under_way: list[str] = []

    def let_go(self, subgraph: str) -> None:
        self._gates[subgraph].set()

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        self.under_way.append(request.subgraph)
        try:
            if request.subgraph in self._gates:
                await self._gates[request.subgraph].wait()
            answer = self._answers[request.subgraph]
            if isinstance(answer, SubgraphFailure):
                raise answer
            return SubgraphAnswer(200, json.dumps(answer).encode())
        finally:
            self.under_way.remove(request.subgraph)

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        raise NotImplementedError

    async def close(self) -> None:
        """Nothing is open."""


FEDERATION = """
type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) { users: [User] @join__field(graph: A) }
type User @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__type(graph: C, key: "id") {
  id: ID! name: String @join__field(graph: A) age: Int! @join__field(graph: B) note: String @join__field(graph: C)
  friend: User @join__field(graph: C) }
"""
TWO_PARTS = '{ users { name ... @defer(label: "b") { age } ... @defer(label: "c") { note } } }'
USERS = {
    "data": {
        "users": [{"__typename": "User", "id": "1", "name": "x"}, None, {"__typename": "User", "id": "2", "name": None}]
    }
}


def begun(transport: Slow, query: str) -> AsyncIterator[Delivery]:
    supergraph = supergraph_of("A B C", FEDERATION)
    made = plan(normalize(parse(query), None, supergraph, {}, incremental=True), supergraph)
    return deliver(prepare(made, supergraph), variables={}, transport=transport)


def entities(*values: Any) -> Any:
    return {"data": {"_entities": list(values)}}


def told(delivery: Delivery) -> list[tuple[str | None, tuple[str | int, ...], Any]]:
    return [(part.label, part.path, part.result.data) for part in delivery.parts]


async def test_each_part_comes_when_its_own_fetches_are_answered() -> None:
    """No part waits for another, and the primary answer for none; each object of a list that is there has an entry."""
    notes, ages = entities({"note": "n"}, {"note": "m"}), entities({"age": 1}, {"age": 2})
    transport = Slow({"A": USERS, "B": ages, "C": notes}, held=["B", "C"])
    deliveries = begun(transport, TWO_PARTS)
    first = await anext(deliveries)
    assert told(first) == [(None, (), {"users": [{"name": "x"}, None, {"name": None}]})]
    transport.let_go("C")
    second = await anext(deliveries)
    assert told(second) == [("c", ("users", 0), {"note": "n"}), ("c", ("users", 2), {"note": "m"})]
    transport.let_go("B")
    third = await anext(deliveries)
    assert told(third) == [("b", ("users", 0), {"age": 1}), ("b", ("users", 2), {"age": 2})]
    assert [first.has_next, second.has_next, third.has_next] == [True, True, False]
    with pytest.raises(StopAsyncIteration):
        await anext(deliveries)


async def test_what_a_null_costs_ends_at_the_part() -> None:
    """The error says where in the whole answer, and stands with the object that it is about."""
    transport = Slow(
        {"A": USERS, "B": entities({"age": 1}, {"age": None}), "C": entities({"note": "n"}, {"note": "m"})}
    )
    deliveries = [delivery async for delivery in begun(transport, TWO_PARTS)]
    parts = [part for delivery in deliveries for part in delivery.parts if part.label == "b"]
    assert [part.result.data for part in parts] == [{"age": 1}, None]
    assert [[error["path"] for error in part.result.errors] for part in parts] == [[], [["users", 2, "age"]]]
    assert not deliveries[0].parts[0].result.errors


async def test_a_subgraph_that_fails_costs_its_part_alone() -> None:
    """Its error is told with the part, once."""
    failure = SubgraphFailure("B", "It is down.")
    transport = Slow({"A": USERS, "B": failure, "C": entities({"note": "n"}, {"note": "m"})})
    deliveries = [delivery async for delivery in begun(transport, TWO_PARTS)]
    parts = {(part.label, part.path): part.result for delivery in deliveries for part in delivery.parts}
    assert parts["b", ("users", 0)].data is None
    assert len([error for result in parts.values() for error in result.errors]) == 1
    assert parts["b", ("users", 0)].errors
    assert parts["c", ("users", 0)].data == {"note": "n"}


async def test_nothing_is_delivered_for_what_is_not_there() -> None:
    """Where the primary answer is null there is nothing to add to; the last delivery may be empty."""
    nobody = [delivery async for delivery in begun(Slow({"A": {"data": {"users": None}}}), TWO_PARTS)]
    assert [told(delivery) for delivery in nobody] == [[(None, (), {"users": None})], []]
    assert [delivery.has_next for delivery in nobody] == [True, False]


async def test_a_part_within_another_comes_after_it() -> None:
    """And not at all for objects of which that other could not be shown."""
    query = '{ users { name ... @defer(label: "b") { age ... @defer(label: "c") { note } } } }'
    notes, ages = entities({"note": "n"}, {"note": "m"}), entities({"age": 1}, {"age": None})
    transport = Slow({"A": USERS, "B": ages, "C": notes}, held=["B"])
    deliveries = begun(transport, query)
    await anext(deliveries)
    transport.let_go("B")
    rest = []
    async for delivery in deliveries:
        rest += told(delivery)
    assert rest == [("b", ("users", 0), {"age": 1}), ("b", ("users", 2), None), ("c", ("users", 0), {"note": "n"})]


async def test_closing_the_iterator_cancels_every_request() -> None:
    """Nothing is left under way."""
    transport = Slow({"A": USERS}, held=["B", "C"])
    deliveries = begun(transport, TWO_PARTS)
    await anext(deliveries)
    await asyncio.sleep(0)
    assert sorted(transport.under_way) == ["B", "C"]
    await deliveries.aclose()  # type: ignore[attr-defined]  # it is a generator
    assert transport.under_way == []


def test_a_plan_with_parts_is_not_compiled() -> None:
    """The generic engine delivers."""
    supergraph = supergraph_of("A B C", FEDERATION)
    made = plan(normalize(parse(TWO_PARTS), None, supergraph, {}, incremental=True), supergraph)
    assert made.deferred
    assert compile_plan(made, supergraph) is None
