"""Whether anybody minds what operations cost, and by which settings they are costed."""

from __future__ import annotations

from router.config import RouterConfig, nearest
from router.config.cost import CostSettings
from router.cost import Costing
from router.errors import ConfigError
from router.supergraph import Supergraph


def costing(config: RouterConfig, supergraph: Supergraph) -> Costing | None:
    """Costs for demand control, or for a rate limit that is paid in them. Raises ConfigError."""
    charged = config.rate_limit is not None and config.rate_limit.unit == "cost"
    if config.cost is None:
        # What is charged is estimated all the same; the rate limit tells of it in its own words.
        return Costing.of(supergraph, _UNTOLD, charged=True) if charged else None
    for name in config.cost.subgraph.subgraphs:
        if name not in supergraph.subgraphs:
            meant = nearest(name, supergraph.subgraphs)
            raise ConfigError(
                f'cost.subgraph.subgraphs names the subgraph "{name}", which the supergraph lacks{meant}.'
            )
    return Costing.of(supergraph, config.cost, charged=charged)


_UNTOLD = CostSettings(expose_headers=False, expose_extensions=False)
