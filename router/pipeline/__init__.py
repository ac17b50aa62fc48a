"""What happens to an operation, in order; a stage a module.

resolve → validate → authorize → label → plan → charge → execute → settle → project. The stages up to the plan are cached, so
that an operation seen before costs a few look-ups. Each cache is keyed by everything that shapes its values.
"""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing
from typing import TypeAlias

from router.exchange import ClientRequest, ClientResponse
from router.pipeline.authorizing import authorize
from router.pipeline.charging import charge
from router.pipeline.deferring import DeferredAnswer
from router.pipeline.executing import execute
from router.pipeline.exposing import expose
from router.pipeline.handed_on import Planned
from router.pipeline.hooking import around, show_operation, show_plan
from router.pipeline.labelling import label
from router.pipeline.planning import plan
from router.pipeline.projecting import project, refuse
from router.pipeline.resolving import resolve
from router.pipeline.settling import settle
from router.pipeline.state import LabelSource, RouterState, nobody_sets_labels
from router.pipeline.subscribing import Subscription
from router.pipeline.validating import validate
from router.ratelimit.limiter import RateLimiter

__all__ = [
    "DeferredAnswer",
    "LabelSource",
    "RouterState",
    "Streamed",
    "Subscription",
    "answer",
    "begin",
    "nobody_sets_labels",
    "ready",
    "refuse",
    "subscribe",
]


Streamed: TypeAlias = Subscription | DeferredAnswer
"""What is answered in several pieces: its `responses` are an async generator."""


def answer(request: ClientRequest, router: RouterState) -> Awaitable[ClientResponse]:
    """Answer a query or mutation. Never raises: what is refused or goes wrong is part of the response."""
    return around(request, router, _answer) if router.hooks.on_requests else _answer(request, router)


def begin(request: ClientRequest, router: RouterState) -> Awaitable[ClientResponse | Streamed]:
    """Answer a query or mutation, or take what is answered in pieces as far as its first piece. Never raises."""
    return around(request, router, _begin) if router.hooks.on_requests else _begin(request, router)


async def subscribe(request: ClientRequest, router: RouterState) -> AsyncGenerator[ClientResponse, None]:
    """Yield a response per event of a subscription, or per piece of an answer in parts; else the one response.

    Never raises: a refusal is the last response. Closing the generator ends what is under way at the subgraphs.
    """
    begun = await begin(request, router)
    if isinstance(begun, ClientResponse):
        yield begun
        return
    async with aclosing(begun.responses()) as responses:
        async for response in responses:
            yield response


async def ready(request: ClientRequest, router: RouterState) -> Planned:
    """All that comes before the first subgraph is asked. Raises ClientError where the request is refused."""
    request = await resolve(request, router)
    valid = validate(request, router)
    if router.hooks.on_operations:
        await show_operation(valid, request, router)
    permitted = await authorize(valid, request, router)
    labelled = await label(permitted, request, router)
    planned = plan(labelled, router)
    if router.hooks.on_plans:
        await show_plan(planned, request, router)
    return planned


async def _answer(request: ClientRequest, router: RouterState) -> ClientResponse:
    try:
        planned = await _admitted(request, router)
        if request.query_plan is not None:
            exposed = expose(planned, request, router)
            if isinstance(exposed, ClientResponse):
                return exposed
            planned = exposed
        planned = await charge(planned, request, router)
        return await _whole(planned, request, router)
    except Exception as error:
        return refuse(error, request, router)


async def _begin(request: ClientRequest, router: RouterState) -> ClientResponse | Streamed:
    try:
        planned = await _admitted(request, router)
        if request.query_plan is not None:
            exposed = expose(planned, request, router)
            if isinstance(exposed, ClientResponse):
                return exposed
            planned = exposed
        planned = await charge(planned, request, router)
        if planned.kind == "subscription":
            return Subscription(planned, request, router)
        if planned.has_parts:
            return DeferredAnswer(planned, request, router)
        return await _whole(planned, request, router)
    except Exception as error:
        return refuse(error, request, router)


def _admitted(request: ClientRequest, router: RouterState) -> Awaitable[Planned]:
    """As `ready`, for a client that has not spent its budget."""
    limiter = router.rate_limiter
    return ready(request, router) if limiter is None else _limited(request, router, limiter)


async def _limited(request: ClientRequest, router: RouterState, limiter: RateLimiter) -> Planned:
    """A client that has spent its budget gets no further than this, and one that is refused pays for the trouble."""
    limiter.turn_away(request)
    try:
        planned = await ready(request, router)
    except (Exception, CancelledError):  # a fault of ours, or a client that has hung up, was as much trouble
        limiter.charge_minimum(request)
        raise
    if request.query_plan == "instead of data":
        limiter.charge_minimum(request)
    return planned


async def _whole(planned: Planned, request: ClientRequest, router: RouterState) -> ClientResponse:
    result = await execute(planned, request, router)
    settle(planned, request, router, data=result.json)
    return project(result, planned, request=request, router=router)
