"""Asks the subgraphs what a plan says, once or for every event of a subscription."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import cast

import msgspec

from router import executor
from router.errors import BadRequest
from router.exchange import ClientRequest
from router.executor import ExecutionResult
from router.pipeline.handed_on import Planned
from router.pipeline.state import RouterState
from router.transport.dedupe import told_apart


async def execute(planned: Planned, request: ClientRequest, router: RouterState) -> ExecutionResult:
    """Ask the subgraphs. Their failures are errors of the result."""
    if planned.kind == "subscription":
        raise BadRequest("A subscription needs a WebSocket with the subprotocol graphql-transport-ws.")
    with router.telemetry.stage("execute"):
        if router.shares_queries and planned.kind == "query":
            key = (planned.key, msgspec.json.encode(planned.variables), told_apart(request.headers))
            return await router.running.join(key, lambda: _perform(planned, request, router))
        return await _perform(planned, request, router)


async def events(
    planned: Planned, request: ClientRequest, router: RouterState
) -> AsyncGenerator[ExecutionResult, None]:
    """Listen at the subscription's subgraph; each event is completed by the rest of the plan."""
    results = executor.listen(
        planned.executable,
        variables=planned.variables,
        transport=router.transport,
        headers=request.headers,
        denied=planned.denied,
    )
    with router.telemetry.subscriptions.track_inprogress():
        async with aclosing(cast("AsyncGenerator[ExecutionResult, None]", results)):
            async for result in results:
                yield result


async def _perform(planned: Planned, request: ClientRequest, router: RouterState) -> ExecutionResult:
    settled = planned.executable.is_settled
    result = await executor.perform(
        planned.executable,
        variables=planned.variables,
        transport=router.transport,
        headers=request.headers,
        denied=planned.denied,
        watch=router.telemetry,
    )
    if planned.executable.is_settled is not settled:
        router.plans.weigh_again(planned.key)
    return result
