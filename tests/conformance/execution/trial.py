"""Tries a case with both: our planner and executor and the reference's gateway, over the same subgraphs with the same data."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import OperationDefinitionNode, get_variable_values, parse, validate

from router.composition import Composed, SubgraphInput, compose
from router.errors import SupergraphError
from router.executor import ExecutionResult, execute
from router.plan import QueryPlan
from router.plan.show import show
from router.plan.waves import waves
from router.supergraph import Supergraph, load_supergraph
from router.transport.base import SubgraphRequest
from tests.conformance.execution import theirs
from tests.conformance.execution.case import Case
from tests.conformance.execution.theirs import Price
from tests.conformance.reference.client import the_reference
from tests.conformance.reference.loadable import loadable
from tests.router.planning import planned
from tests.router.world import World, WorldTransport

NOTHING_SAID = "no plan"
NO_PRICE = Price()


@dataclass(frozen=True, slots=True)
class Outcome:
    """`broke` says how a side failed without an answer; `errors` are those of its answer."""

    price: Price = NO_PRICE
    data: Any = None
    errors: tuple[str, ...] = ()
    plan: str = NOTHING_SAID
    broke: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """What both made of a case, and the data that one server would answer."""

    case: Case
    ours: Outcome
    theirs: Outcome
    truth: Any = None


@dataclass(frozen=True, slots=True)
class Served:
    """A supergraph that both serve."""

    sdl: str
    supergraph: Supergraph


@functools.lru_cache(maxsize=64)
def served(subgraphs: tuple[SubgraphInput, ...], supergraph: str | None = None) -> Served | None:
    """The supergraph of the subgraphs; None where they do not compose, or to something our router does not serve."""
    sdl = supergraph or _composed(subgraphs)
    try:
        return Served(sdl, load_supergraph(sdl)) if sdl else None
    except SupergraphError:
        return None


def _composed(subgraphs: tuple[SubgraphInput, ...]) -> str | None:
    outcome = compose(subgraphs)
    return outcome.sdl if isinstance(outcome, Composed) else None


def can_be_tried(case: Case) -> bool:
    """Whether the subgraphs compose, and one server answers the operation without errors from the made-up data."""
    known = served(case.subgraphs, case.supergraph)
    if known is None or validate(known.supergraph.api, parse(case.operation)):
        return False
    if _is_subscription(case):
        return True
    return not World(known.supergraph, case.seed).answer(case.operation, case.variables).errors


def attempt(case: Case) -> Pair:
    """Plan and execute with both."""
    known = served(case.subgraphs, case.supergraph)
    assert known is not None, "only what composes is tried"
    world = World(known.supergraph, case.seed)
    if _is_subscription(case):
        return Pair(case, _our_plan(case, world), _their_outcome(case, known, world))
    truth = world.answer(case.operation, case.variables)
    return Pair(case, _our_outcome(case, world), _their_outcome(case, known, world), truth.data)


def _is_subscription(case: Case) -> bool:
    """The gateway plans subscriptions and does not run them."""
    return _definition(case).operation.value == "subscription"


def _definition(case: Case) -> OperationDefinitionNode:
    return next(node for node in parse(case.operation).definitions if isinstance(node, OperationDefinitionNode))


def _coerced(case: Case, supergraph: Supergraph) -> Any:
    """The values of the operation's variables; a list of errors where they do not fit."""
    values: Any = get_variable_values(
        supergraph.api, _definition(case).variable_definitions or (), dict(case.variables)
    )
    return getattr(values, "coerced", values)


# ── ours ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _our_plan(case: Case, world: World) -> Outcome:
    try:
        return _priced(planned(world.supergraph, case.operation, case.variables))
    except Exception as error:  # whatever it is, it is a finding of the comparison
        return Outcome(broke=f"{type(error).__name__}: {error}")


def _our_outcome(case: Case, world: World) -> Outcome:
    try:
        made = planned(world.supergraph, case.operation, case.variables)
        result = asyncio.run(_executed(made, case, world))
    except Exception as error:  # whatever it is, it is a finding of the comparison
        return Outcome(broke=f"{type(error).__name__}: {error}")
    return _priced(made, result.data, tuple(str(error) for error in result.errors))


async def _executed(made: QueryPlan, case: Case, world: World) -> ExecutionResult:
    transport = WorldTransport(world)
    return await execute(made, supergraph=world.supergraph, variables=dict(case.variables), transport=transport)


def _priced(made: QueryPlan, data: Any = None, errors: tuple[str, ...] = ()) -> Outcome:
    return Outcome(Price(len(made.fetches), len(waves(made.fetches))), data, errors, show(made))


# ── theirs ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _their_outcome(case: Case, known: Served, world: World) -> Outcome:
    transport = WorldTransport(world)

    def answers(subgraph: str, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        body = json.dumps({"query": query, "variables": variables}).encode()
        answer = asyncio.run(transport.send(SubgraphRequest(subgraph, body)))
        response: dict[str, Any] = json.loads(answer.body)
        return response

    executed = the_reference().execute(loadable(known.sdl), case.operation, case.variables, answers)
    if executed.error is not None or executed.plan is None or executed.response is None:
        return Outcome(broke=executed.error or NOTHING_SAID)
    return Outcome(
        theirs.price(executed.plan, _coerced(case, known.supergraph)),
        executed.response.get("data"),
        tuple(error["message"] for error in executed.response.get("errors", ())),
        theirs.shown(executed.plan),
    )
