"""The client's answer: to an operation that ran, or to a request that went no further."""

from __future__ import annotations

import structlog

from router.errors import ClientError, TooLarge, Unauthorized, Unexpected
from router.exchange import ClientRequest, ClientResponse
from router.executor import ExecutionResult
from router.pipeline.denying import tell
from router.pipeline.handed_on import Planned
from router.pipeline.state import RouterState

log = structlog.get_logger(__name__)


def project(
    result: ExecutionResult, planned: Planned, *, request: ClientRequest, router: RouterState
) -> ClientResponse:
    """The client's answer: the executor shaped the data, and what was denied is told first. Raises TooLarge."""
    hold_size(len(result.json), router)
    errors = (*tell(planned.denials, request, router), *result.errors) if planned.denials else tuple(result.errors)
    router.telemetry.answered("errors" if errors else "ok", errors)
    if errors:
        errors = router.masking.told(errors)
    return ClientResponse(result.json, errors, reply=request.reply)


def hold_size(answer_bytes: int, router: RouterState) -> None:
    """Raise TooLarge where the data of an answer, all its parts together, are more than it may have."""
    most = router.bounds.response_bytes
    if answer_bytes > most:
        raise TooLarge(f"The answer is larger than {most} bytes: ask for less at a time.", "MAX_RESPONSE_LIMIT")


def refuse(error: Exception, request: ClientRequest, router: RouterState) -> ClientResponse:
    """The answer to a request that went no further. A fault of ours is logged under the request's id and told by it alone."""
    if not isinstance(error, ClientError):
        log.error("request failed", request_id=request.request_id, exc_info=error)
        error = Unexpected(request.request_id)
    router.telemetry.answered("refused", error.formatted())
    if isinstance(error, Unauthorized):
        return ClientResponse(errors=tuple(error.formatted()), reply=request.reply)
    return ClientResponse(refusal=error, reply=request.reply)
