"""`timeouts`: how long the router waits for others."""

from __future__ import annotations

from pydantic import Field

from router import limits
from router.config.base import Settings


class Timeouts(Settings):
    """How long, in seconds, the router waits: for a subgraph, for a socket's first message, for requests at shutdown."""

    subgraph_s: float = Field(default=limits.SUBGRAPH_TIMEOUT_S, gt=0)
    connection_init_s: float = Field(default=limits.CONNECTION_INIT_TIMEOUT_S, gt=0)
    shutdown_s: float = Field(default=limits.SHUTDOWN_GRACE_S, ge=0)
