"""`timeouts`: how long the router waits for others."""

from __future__ import annotations

from pydantic import Field

from router import limits
from router.config.base import Settings
from router.config.headers import SentName


class Timeouts(Settings):
    """How long, in seconds, the router waits: for an operation, a subgraph, a socket's first message, and requests at shutdown."""

    request_s: float = Field(default=limits.REQUEST_TIMEOUT_S, gt=0)
    """For everything that one operation of a client asks; for each event of a subscription anew. What is late then is null, with an
    error; without any data the answer is a 504. Both have the code GATEWAY_TIMEOUT."""
    subgraph_s: float = Field(default=limits.SUBGRAPH_TIMEOUT_S, gt=0)
    """For one request to a subgraph; `subgraphs.<name>.timeout_s` sets it for one."""
    subgraph_header: SentName | None = "x-request-timeout-ms"
    """The header that tells a subgraph how many milliseconds it has: what is left of both. Null for none."""
    connection_init_s: float = Field(default=limits.CONNECTION_INIT_TIMEOUT_S, gt=0)
    shutdown_delay_s: float = Field(default=0.0, ge=0, le=limits.SHUTDOWN_DELAY_MAX_S)
    """A router that is told to stop says so at /ready and goes on as before for that long, so that a load balancer takes it out
    first. Then `shutdown_s` begins."""
    shutdown_s: float = Field(default=limits.SHUTDOWN_GRACE_S, ge=0)
