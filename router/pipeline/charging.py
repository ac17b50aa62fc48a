"""What an operation is estimated to cost, whether it may cost that, and whether its client has as much: before anything is asked."""

from __future__ import annotations

from router.cost import Account, Costing
from router.cost.verdict import Verdict, extension_of, headers_of, verdict_on
from router.errors import CostUnknown, SourceTooExpensive, TooExpensive
from router.exchange import ClientRequest
from router.pipeline.handed_on import Planned
from router.pipeline.state import RouterState
from router.ratelimit.limiter import RateLimiter, Receipt


async def charge(planned: Planned, request: ClientRequest, router: RouterState) -> Planned:
    """The plan with an account of its cost, where somebody wants to know it, and a receipt of what its client was charged.

    Raises:
        TooExpensive: the operation is estimated to cost more than one may (COST_ESTIMATED_TOO_EXPENSIVE).
        SourceTooExpensive: so is a subscription at its subgraph (SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE).
        CostUnknown: no cost follows from the arguments (COST_QUERY_PARSE_FAILURE).
        RateLimited, DearerThanBurst: the client's budget does not have it now, or never will.
    """
    limiter = router.rate_limiter
    if router.costing is not None:
        try:
            planned = planned.but(account=_opened(planned, request, router.costing, router))
        except Exception:
            if limiter is not None:
                limiter.charge_minimum(request)  # to be refused is no way to ask without end
            raise
    if limiter is not None:
        planned = planned.but(receipt=await _charged(planned, request, limiter))
    return planned


async def charge_event(receipt: Receipt, request: ClientRequest, router: RouterState) -> None:
    """Charge an event of a subscription as subscribing to it was, where events are charged. Raises RateLimited."""
    limiter = router.rate_limiter
    if limiter is not None and limiter.charges_events:
        await limiter.charge(request, receipt.told.units)


def tell_cost(account: Account, request: ClientRequest, costing: Costing) -> None:
    """Tell the client what is known of the cost by now."""
    if costing.settings.expose_extensions:
        request.reply.extensions["cost"] = extension_of(account.result, costing, account.estimated, account.actual)
    if costing.settings.expose_headers:
        request.reply.headers.update(headers_of(costing, account.estimated, account.actual))


async def _charged(planned: Planned, request: ClientRequest, limiter: RateLimiter) -> Receipt:
    cost = planned.account.estimated.total if planned.account is not None else 0.0
    receipt = await limiter.charge(request, cost)
    if planned.kind == "subscription" and not limiter.charges_events:
        limiter.keep_quiet(request)  # what it says would be repeated with every event, and soon be untrue
    return receipt


def _opened(planned: Planned, request: ClientRequest, costing: Costing, router: RouterState) -> Account | None:
    """The account of a request; none where the cost is unknown and nobody has to know it."""
    cost = planned.executable.cost
    assert cost is not None, "every plan of a router that minds costs has them"
    try:
        estimated = cost.estimate(planned.variables)
    except CostUnknown:
        router.telemetry.cost_unknown()
        if costing.settings.expose_extensions:
            request.reply.extensions["cost"] = extension_of("COST_QUERY_PARSE_FAILURE", costing)
        if costing.must_know:
            raise
        return None
    verdict = verdict_on(estimated, costing)
    router.telemetry.cost_estimated(verdict.result, estimated.total)
    account = Account(cost, planned.variables, estimated, verdict.result)
    tell_cost(account, request, costing)
    if costing.settings.mode == "enforce":
        _enforce(verdict, account, planned, costing)
    if planned.kind == "subscription":
        request.reply.extensions.pop("cost", None)  # it would be repeated with every event
    return account


def _enforce(verdict: Verdict, account: Account, planned: Planned, costing: Costing) -> None:
    limit = costing.settings.max
    if limit is not None and verdict.result == "COST_ESTIMATED_TOO_EXPENSIVE":
        raise TooExpensive(account.estimated.total, limit)
    account.over = verdict.over
    if planned.kind == "subscription":
        for subgraph in verdict.over:
            raise SourceTooExpensive(account.refused(subgraph))
