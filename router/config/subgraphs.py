"""`subgraphs`: what is set for one subgraph."""

from __future__ import annotations

from router.config.base import Settings, WebAddress
from router.config.subgraph_subscriptions import SubgraphSubscriptions


class SubgraphSettings(Settings):
    """What is set for one subgraph; `url` takes the place of the supergraph's routing URL."""

    url: WebAddress | None = None
    subscriptions: SubgraphSubscriptions | None = None
    """Keys of `subgraph_subscriptions`, for this one."""
