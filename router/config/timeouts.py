"""`timeouts`: how long the router waits for others."""

from __future__ import annotations

from pydantic import Field

from router import limits
from router.config.base import Settings


class Timeouts(Settings):
    """How long, in seconds, the router waits: for a subgraph, for a socket's first message, for requests at shutdown."""

    subgraph_s: float = Field(default=limits.SUBGRAPH_TIMEOUT_S, gt=0)
    connection_init_s: float = Field(default=limits.CONNECTION_INIT_TIMEOUT_S, gt=0)
    shutdown_delay_s: float = Field(default=0.0, ge=0, le=limits.SHUTDOWN_DELAY_MAX_S)
    """A router that is told to stop says so at /ready and goes on as before for that long, so that a load balancer takes it out
    first. Then `shutdown_s` begins."""
    shutdown_s: float = Field(default=limits.SHUTDOWN_GRACE_S, ge=0)
