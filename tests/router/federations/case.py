"""One case: an operation on a federation and its data. It is checked against the oracle, and a difference is told in words."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from graphql import (
    ExecutionResult as OracleResult,
)
from graphql import (
    OperationDefinitionNode,
    get_variable_values,
    parse,
    print_ast,
    validate,
)

from router.errors import ClientError
from router.executor import ExecutionResult
from router.operation import normalize
from router.plan import QueryPlan
from router.plan.show import show
from router.planner import plan
from tests.router.federations.engines import ENGINES, Subgraphs
from tests.router.federations.explain import unexplained
from tests.router.federations.federation import Federation
from tests.router.federations.resolvers import answer_as_one
from tests.router.federations.world import World
from tests.router.parsed import parsed
from tests.router.plan_invariants import assert_plan_invariants


@dataclass(frozen=True)
class Case:
    """Everything that decides an answer, the federation apart."""

    operation: str
    variables: Mapping[str, Any]
    seed: int = 0
    faults: bool = False
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Difference:
    """What is wrong: its kind, by which differences are told apart, and the whole story."""

    kind: str
    story: str = ""
    plan: QueryPlan | None = field(default=None, compare=False)

    def text(self) -> str:
        """The story with the plan."""
        return f"{self.kind}\n{self.story}\n{show(self.plan) if self.plan else ''}"


@dataclass(frozen=True)
class Outcome:
    """What came of a case, and how the engines came to their answers."""

    difference: Difference | None = None
    ran: tuple[str, ...] = ()


def difference(federation: Federation, case: Case) -> Difference | None:
    """How the router's answer differs from the oracle's, if it does."""
    return outcome(federation, case).difference


def outcome(federation: Federation, case: Case) -> Outcome:
    """Plan, hold that the plan keeps all rules, run it by every engine, and compare with the oracle."""
    try:
        made = planned(federation, case)
    except ClientError as refused:
        return _different(f"refused: {type(refused).__name__}", str(refused))
    except (AssertionError, LookupError, TypeError, ValueError, AttributeError, RecursionError) as fault:
        return _different(f"planner: {type(fault).__name__}: {_line(fault)}", repr(fault))
    try:
        schemas = {name: subgraph.schema for name, subgraph in federation.served.items()}
        assert_plan_invariants(made, federation.supergraph, None, case.labels, schemas=schemas)
    except AssertionError as broken:
        return _different(f"invariant: {_line(broken)[:60]}", str(broken), made)
    return asyncio.run(_run(federation, case, made))


def _different(kind: str, story: str, made: QueryPlan | None = None) -> Outcome:
    return Outcome(Difference(kind, story, made))


def planned(federation: Federation, case: Case) -> QueryPlan:
    """The plan of a case."""
    document = parsed(case.operation)
    supergraph = federation.supergraph
    errors = validate(supergraph.api, document)
    assert not errors, f"the operation is not valid: {errors[0].message}"
    operation = normalize(document, None, supergraph, coerced(federation, case))
    return plan(operation, supergraph, case.labels)


def coerced(federation: Federation, case: Case) -> dict[str, Any]:
    """The variables as the pipeline gives them to the executor: with defaults, those left out absent."""
    operation = parsed(case.operation).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    made: Any = get_variable_values(
        federation.supergraph.api, operation.variable_definitions or (), dict(case.variables)
    )
    return dict(getattr(made, "coerced", made))


async def _run(federation: Federation, case: Case, made: QueryPlan) -> Outcome:
    world = World(federation, case.seed)
    # Where subgraphs differ in what may be null, so does how far an error reaches.
    world.faults = case.faults and world.shapes.agree_on_null
    called: list[str] = []
    truth = Truth(answer_as_one(world, parsed(case.operation), case.variables, called), called)
    ran: list[str] = []
    bodies: dict[str, list[tuple[str, bytes]]] = {}
    for name, engine in ENGINES.items():
        subgraphs = Subgraphs(world, case.labels)
        try:
            result = await engine(made, federation.supergraph, coerced(federation, case), subgraphs)
        except Exception as fault:
            return _different(f"{name}: crash: {type(fault).__name__}", repr(fault), made)
        if result is None:
            continue
        ran.append(result.how)
        # One server loses nothing: a null that swallows another field's input costs it no more than that field.
        found = None if subgraphs.lost else _compared(result.result, truth, subgraphs.called)
        if found is not None:
            return _different(f"{name}: {found.kind}", found.story, made)
        bodies[name] = sorted(subgraphs.bodies)
    if len({repr(each) for each in bodies.values()}) > 1:
        return _different("request bodies", "\n".join(f"{name}: {each}" for name, each in bodies.items()), made)
    return Outcome(ran=tuple(ran))


@dataclass(frozen=True)
class Truth:
    """What the oracle answers, and which mutations it called."""

    result: OracleResult
    called: list[str]


def _compared(result: ExecutionResult, truth: Truth, called: list[str]) -> Difference | None:
    expected: list[dict[str, Any]] = [dict(error.formatted) for error in truth.result.errors or ()]
    data = msgspec.json.encode(truth.result.data)
    story = (
        f"expected {data.decode()}\nanswered {result.json.decode()}\n"
        f"expected errors {expected[:5]}\nanswered errors {list(result.errors)[:5]}"
    )
    if any(not error["message"].startswith("fault at ") for error in expected):
        return Difference("oracle fails", story)
    refusals = [error for error in result.errors if not error["message"].startswith("fault at ")]
    if refusals:
        return Difference(f"error: {_kind_of_message(refusals[0]['message'])}", story)
    if result.json != data:
        return Difference("order of keys" if result.data == truth.result.data else "data", story)
    # A mutation that must not be null and is ends the operation: what would come next may still be called, or not.
    done = called[: len(truth.called)] if truth.result.data is None else called
    if done != truth.called:
        return Difference("mutations", f"expected {truth.called}\ncalled   {called}")
    missing = unexplained(result.data, result.errors, expected)
    return Difference("errors", f"{story}\nnot explained: {missing}") if missing else None


def _line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _kind_of_message(message: str) -> str:
    """A message without the names in it."""
    words = message.split(",")[-1] if message.count(",") else message
    return " ".join(word for word in words.split()[:6] if word.isalpha())


def written(operation: str) -> str:
    """An operation as it is usually laid out."""
    return print_ast(parse(operation))
