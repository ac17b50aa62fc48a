"""Asks the subgraphs what the plan of a query or mutation says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import msgspec

from router import executor
from router.errors import RequestTimedOut, SubscriptionNotAccepted
from router.exchange import ClientRequest
from router.executor import ExecutionResult
from router.pipeline.freshening import tell_freshness
from router.pipeline.handed_on import Performed, Planned, RunKey
from router.pipeline.passing_on import pass_on
from router.pipeline.state import RouterState
from router.pipeline.telling_apart import told_apart_by
from router.transport.headers import Forwarded


async def execute(planned: Planned, request: ClientRequest, router: RouterState) -> ExecutionResult:
    """Ask the subgraphs. Their failures are errors of the result.

    Raises:
        RequestTimedOut: the time for the request was over before there was anything to answer with.
    """
    if planned.kind == "subscription":
        raise SubscriptionNotAccepted
    headers = router.request_headers.of(request)
    with router.telemetry.stage("execute"):
        performed = await _performed(planned, headers, request=request, router=router)
    _refuse_if_late(performed.result, request)
    if performed.arrivals is not None:
        pass_on(performed.arrivals, performed.result, request=request, router=router)
    if performed.freshness is not None:
        tell_freshness(performed.freshness, performed.result, planned, request=request, router=router)
    return performed.result


def _performed(
    planned: Planned, headers: Forwarded, *, request: ClientRequest, router: RouterState
) -> Awaitable[Performed]:
    return (_share if _may_share(planned, router) else _perform)(planned, headers, request=request, router=router)


def _may_share(planned: Planned, router: RouterState) -> bool:
    # Plugins that see what subgraphs are asked may ask it by who the client is, of which the key knows nothing.
    # Who wants to see the times of its fetches is to have some.
    may = router.shares_queries and planned.kind == "query"
    return may and not router.hooks.on_subgraphs and planned.timings is None


async def _share(planned: Planned, headers: Forwarded, *, request: ClientRequest, router: RouterState) -> Performed:
    key = RunKey(planned.key, msgspec.json.encode(planned.variables), told_apart_by(headers, planned))
    performed = await router.running.join(
        key, lambda: _perform(planned, headers, request=request, router=router), until=request.deadline
    )
    if planned.account is not None and performed.account is not None:
        planned.account.share(performed.account)
    return performed


async def _perform(planned: Planned, headers: Forwarded, *, request: ClientRequest, router: RouterState) -> Performed:
    settled = planned.executable.is_settled
    arrivals = router.arrivals()
    freshness = router.freshness(planned.kind)
    transport = router.transport_for(request, planned.account, freshness, planned.timings)
    result = await executor.perform(
        planned.executable,
        variables=planned.variables,
        transport=transport if arrivals is None else arrivals.transport(transport),
        headers=headers,
        denied=planned.denied,
        deadline=request.deadline,
        watch=router.telemetry,
    )
    if planned.executable.is_settled is not settled:
        router.plans.weigh_again(planned.key)
    return Performed(result, arrivals, planned.account, freshness)


def _refuse_if_late(result: ExecutionResult, request: ClientRequest) -> None:
    if result.json == b"null" and request.deadline is not None and _now() >= request.deadline:
        raise RequestTimedOut


def _now() -> float:
    return asyncio.get_running_loop().time()
