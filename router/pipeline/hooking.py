"""Where plugins see requests and answers; a router without such plugins does not come here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from router.exchange import ClientRequest, ClientResponse
from router.pipeline.handed_on import Planned, Valid
from router.pipeline.projecting import refuse
from router.pipeline.state import RouterState
from router.plugins import OperationFacts

S = TypeVar("S")


async def around(
    request: ClientRequest,
    router: RouterState,
    inner: Callable[[ClientRequest, RouterState], Awaitable[ClientResponse | S]],
) -> ClientResponse | S:
    """What `inner` makes of the request, as plugins change it. What is streamed is theirs event by event."""
    try:
        entered = await router.hooks.request(request)
        if isinstance(entered, ClientResponse):
            return await router.hooks.response(entered, request)
        answered = await inner(entered, router)
        return await router.hooks.response(answered, entered) if isinstance(answered, ClientResponse) else answered
    except Exception as error:
        return refuse(error, request, router)


async def show_operation(valid: Valid, request: ClientRequest, router: RouterState) -> None:
    """Let plugins see a valid operation. Raises what they raise."""
    checked = valid.checked
    facts = OperationFacts(request.operation_name, checked.kind, checked.document, valid.variables)
    await router.hooks.operation(facts, request)


async def show_plan(planned: Planned, request: ClientRequest, router: RouterState) -> None:
    """Let plugins see a plan. Raises what they raise."""
    await router.hooks.plan(planned.executable.prepared.plan, request)
