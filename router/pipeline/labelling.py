"""Which override labels of an operation are true for a request."""

from __future__ import annotations

from router.exchange import ClientRequest
from router.operation.labels import labels_on
from router.pipeline.handed_on import Permitted
from router.pipeline.state import RouterState


async def label(permitted: Permitted, request: ClientRequest, router: RouterState) -> Permitted:
    """The same with each override label that the operation meets decided, once for this request."""
    met = permitted.allowed.labels_met
    if not met:
        return permitted
    labels = labels_on(met, await router.labels(request), router.dice)
    return permitted.but(key=permitted.key.but(labels=labels))
