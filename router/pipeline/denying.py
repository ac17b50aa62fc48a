"""What becomes of an operation of which something is denied: whether it runs, and how the client and the log are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog

from router.errors import Unauthorized
from router.exchange import ClientRequest
from router.limits import DENIALS_LOGGED_MAX, LOGGED_NAME_CHARACTERS_MAX
from router.pipeline.state import RouterState
from router.security.denial import Denial

log = structlog.get_logger(__name__)


def consider(denials: Sequence[Denial], request: ClientRequest, router: RouterState) -> None:
    """Write it into the log, and stop the operation if it is to run whole or not at all. Raises Unauthorized."""
    settings = router.authorizing
    if settings.errors.log:
        coordinates = sorted({denial.coordinate for denial in denials})
        log.info(
            "fields denied",
            request_id=request.request_id,
            operation=None if request.operation_name is None else request.operation_name[:LOGGED_NAME_CHARACTERS_MAX],
            coordinates=coordinates[:DENIALS_LOGGED_MAX],
            dry_run=settings.dry_run,
        )
    if settings.reject_unauthorized and not settings.dry_run:
        raise Unauthorized(tell(denials, request, router))


def tell(denials: Sequence[Denial], request: ClientRequest, router: RouterState) -> tuple[dict[str, Any], ...]:
    """The errors of the answer that speak of denials; where they are told in its extensions, none."""
    settings = router.authorizing.errors
    if settings.response == "disabled":
        return ()
    told = tuple(denial.formatted(settings.compat) for denial in denials)
    if settings.response == "errors":
        return told
    request.reply.extensions["authorizationErrors"] = told
    return ()
