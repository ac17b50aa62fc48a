"""Header rules, compiled once per configuration: what goes along to each subgraph, and what comes back to the client."""

from router.headers.requests import RequestHeaders
from router.headers.responses import ResponseHeaders

__all__ = ["RequestHeaders", "ResponseHeaders"]
