"""The executors that a plan is run by: each must give the same answer, and send the same requests."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import orjson
from graphql import parse

from router.executor import ExecutionResult, execute, subscribe
from router.plan import QueryPlan
from router.supergraph import Supergraph
from router.transport import SubgraphRequest, Transport
from router.transport.base import SubgraphAnswer, SubgraphResponse
from router.transport.body import decode_response
from tests.router.federations.resolvers import Desk
from tests.router.federations.world import World

Engine: TypeAlias = Callable[[QueryPlan, Supergraph, Mapping[str, Any], Transport], Awaitable[ExecutionResult]]


@dataclass(eq=False)
class Subgraphs:
    """The subgraphs of a federation, in this process: a transport that notes what it carries."""

    world: World
    labels: frozenset[str] = frozenset()
    bodies: list[tuple[str, bytes]] = field(default_factory=list)
    called: list[str] = field(default_factory=list)

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        """The subgraph's answer, as JSON."""
        self.bodies.append((request.subgraph, request.body))
        desk = Desk(self.world, self.world.federation.served[request.subgraph], self.labels, self.called)
        asked = request.payload
        result = desk.answer(parse(asked["query"]), asked.get("variables") or {}, asked.get("operationName"))
        return SubgraphAnswer(200, orjson.dumps(result.formatted))

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """One event: the state of the data."""
        yield decode_response(request.subgraph, await self.send(request))

    async def close(self) -> None:
        """Nothing is open."""


async def interpreted(
    plan: QueryPlan, supergraph: Supergraph, variables: Mapping[str, Any], transport: Transport
) -> ExecutionResult:
    """The generic executor; of a subscription, the first event."""
    if plan.kind == "subscription":
        return await anext(aiter(subscribe(plan, supergraph=supergraph, variables=variables, transport=transport)))
    return await execute(plan, supergraph=supergraph, variables=variables, transport=transport)


ENGINES: Mapping[str, Engine] = {"interpreted": interpreted}


def text_of(data: Any) -> str:
    """Data as JSON, in which the order of keys and the kinds of numbers can be compared."""
    return json.dumps(data)
