"""Gives a request that names its document the document's text."""

from __future__ import annotations

from collections.abc import Awaitable

from router.exchange import ClientRequest
from router.pipeline.state import RouterState


def resolve(request: ClientRequest, router: RouterState) -> Awaitable[ClientRequest]:
    """The request with a text that may run. Raises ClientError where there is none."""
    return router.persisted.resolve(request)
