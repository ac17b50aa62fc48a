"""Asks the subgraphs what the plan of a query or mutation says."""

from __future__ import annotations

import msgspec

from router import executor
from router.errors import SubscriptionNotAccepted
from router.exchange import ClientRequest
from router.executor import ExecutionResult
from router.pipeline.handed_on import Planned
from router.pipeline.state import RouterState
from router.transport.dedupe import told_apart


async def execute(planned: Planned, request: ClientRequest, router: RouterState) -> ExecutionResult:
    """Ask the subgraphs. Their failures are errors of the result."""
    if planned.kind == "subscription":
        raise SubscriptionNotAccepted
    with router.telemetry.stage("execute"):
        if router.shares_queries and planned.kind == "query":
            key = (planned.key, msgspec.json.encode(planned.variables), told_apart(request.headers))
            return await router.running.join(key, lambda: _perform(planned, request, router))
        return await _perform(planned, request, router)


async def _perform(planned: Planned, request: ClientRequest, router: RouterState) -> ExecutionResult:
    settled = planned.executable.is_settled
    result = await executor.perform(
        planned.executable,
        variables=planned.variables,
        transport=router.transport_for(request, planned.account),
        headers=request.headers,
        denied=planned.denied,
        watch=router.telemetry,
    )
    if planned.executable.is_settled is not settled:
        router.plans.weigh_again(planned.key)
    return result
