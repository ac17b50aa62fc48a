"""Gives a request that names its document the document's text."""

from __future__ import annotations

from router.exchange import ClientRequest
from router.pipeline.state import RouterState


async def resolve(request: ClientRequest, router: RouterState) -> ClientRequest:
    """The request with a text that may run. Raises ClientError where there is none."""
    return await router.persisted.resolve(request)
