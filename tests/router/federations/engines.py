"""The executors that a plan is run by: each must give the same answer, and send the same requests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

import orjson

from router.executor import ExecutionResult, execute, subscribe
from router.executor.compiled import compile_plan
from router.executor.drive import drive
from router.executor.interpreted import Interpreted
from router.executor.prepared import Prepared
from router.executor.speculative import FAULT, Speculative
from router.plan import QueryPlan
from router.supergraph import Supergraph
from router.transport import SubgraphRequest, Transport
from router.transport.base import SubgraphAnswer, SubgraphResponse
from router.transport.body import decode_response
from tests.router.federations.resolvers import Desk
from tests.router.federations.world import World
from tests.router.parsed import parsed

Engine: TypeAlias = Callable[[QueryPlan, Supergraph, Mapping[str, Any], Transport], Awaitable["Ran | None"]]


@dataclass(eq=False)
class Subgraphs:
    """The subgraphs of a federation, in this process: a transport that notes what it carries."""

    world: World
    labels: frozenset[str] = frozenset()
    bodies: list[tuple[str, bytes]] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        """The subgraph's answer, as JSON."""
        self.bodies.append((request.subgraph, request.body))
        desk = Desk(self.world, self.world.federation.served[request.subgraph], self.labels, self.called, self.lost)
        asked = request.payload
        result = desk.answer(parsed(asked["query"]), asked.get("variables") or {}, asked.get("operationName"))
        return SubgraphAnswer(200, orjson.dumps(result.formatted))

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """One event: the state of the data."""
        yield decode_response(request.subgraph, await self.send(request))

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True)
class Ran:
    """An engine's result, and how it came to it."""

    result: ExecutionResult
    how: str


async def interpreted(
    plan: QueryPlan, supergraph: Supergraph, variables: Mapping[str, Any], transport: Transport
) -> Ran | None:
    """The generic executor; of a subscription, the first event."""
    if plan.kind == "subscription":
        events = subscribe(plan, supergraph=supergraph, variables=variables, transport=transport)
        return Ran(await anext(aiter(events)), "interpreted")
    return Ran(await execute(plan, supergraph=supergraph, variables=variables, transport=transport), "interpreted")


async def compiled(
    plan: QueryPlan, supergraph: Supergraph, variables: Mapping[str, Any], transport: Transport
) -> Ran | None:
    """The plan compiled, which leaves what is unusual to the generic executor; None where it cannot be compiled."""
    made = compile_plan(plan, supergraph)
    if made is None:
        return None
    reasons: list[str | None] = []
    generic = partial(Interpreted, Prepared(plan, supergraph), variables, ())
    result = await drive(Speculative(made.execution(variables), generic, reasons.append), transport, {})
    assert reasons != [FAULT], "a compiled plan is faulty"
    (reason,) = reasons
    return Ran(result, "compiled" if reason is None else f"given up: {reason}")


ENGINES: dict[str, Engine] = {"interpreted": interpreted, "compiled": compiled}
