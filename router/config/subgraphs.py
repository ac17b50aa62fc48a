"""`subgraphs`: what is set for one subgraph."""

from __future__ import annotations

from pydantic import Field

from router.config.base import Settings, WebAddress
from router.config.subgraph_subscriptions import SubgraphSubscriptions
from router.config.traffic import BreakerSettings, RetrySettings


class SubgraphSettings(Settings):
    """What is set for one subgraph; `url` takes the place of the supergraph's routing URL."""

    url: WebAddress | None = None
    timeout_s: float | None = Field(default=None, gt=0)
    """For one request; in place of `timeouts.subgraph_s`."""
    connections_max: int | None = Field(default=None, ge=1)
    """In place of `traffic.connections_max`."""
    connection_idle_s: float | None = Field(default=None, gt=0)
    """In place of `traffic.connection_idle_s`."""
    retry: RetrySettings | None = None
    """Keys of `traffic.retry`, for this one; `attempts: 1` turns it off."""
    circuit_breaker: BreakerSettings | None = None
    """Keys of `traffic.circuit_breaker`, for this one."""
    subscriptions: SubgraphSubscriptions | None = None
    """Keys of `subgraph_subscriptions`, for this one."""
