"""The query plan, its estimated cost and its fetches' times, for people: beside the data of an answer, or in place of any."""

from __future__ import annotations

from typing import Any

from router.config.cost import CostSettings
from router.cost import Costing
from router.errors import CostUnknown
from router.exchange import ClientRequest, ClientResponse
from router.pipeline.handed_on import Planned
from router.pipeline.state import RouterState
from router.plan import QueryPlan
from router.plan.show import show
from router.plan.wire import to_json
from router.transport.timed import Timings


def expose(planned: Planned, request: ClientRequest, router: RouterState) -> ClientResponse | Planned:
    """Put the plan into the answer's extensions; where it is to come instead of data, that is the answer, else a plan to be timed."""
    plan = planned.executable.prepared.plan
    shown: dict[str, Any] = {"object": to_json(plan), "text": show(plan)}
    if (cost := _estimated(plan, planned, router)) is not None:
        shown["cost"] = cost
    request.reply.extensions["queryPlan"] = shown
    if request.query_plan == "beside the data":
        return _timed(planned, shown)
    router.telemetry.answered("ok", ())
    return ClientResponse(reply=request.reply)


def _timed(planned: Planned, shown: dict[str, Any]) -> Planned:
    """The plan whose fetches will be told as they end; not those of a subscription, each of whose events has its own."""
    if planned.kind == "subscription":
        return planned
    timings = Timings()
    shown["fetches"] = timings.fetches
    return planned.but(timings=timings)


def _estimated(plan: QueryPlan, planned: Planned, router: RouterState) -> dict[str, Any] | None:
    """The estimate, whether or not anybody minds costs otherwise; None where none follows from the variables."""
    costing = router.costing or _costing_for_people(router)
    try:
        cost = costing.estimate(plan, planned.variables)
    except CostUnknown:
        return None
    return {"estimated": cost.total, "bySubgraph": cost.by_subgraph}


def _costing_for_people(router: RouterState) -> Costing:
    if router.costing_for_people is None:
        router.costing_for_people = Costing.of(router.supergraph, CostSettings())
    return router.costing_for_people
