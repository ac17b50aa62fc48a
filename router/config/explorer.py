"""`explorer`: the page for people at / and /graphql, and the query plans that answers may carry."""

from __future__ import annotations

from router.config.base import Settings


class ExplorerSettings(Settings):
    """GraphiQL for whoever opens the router in a browser. The page is on by default; query plans only without a configuration."""

    enabled: bool = True
    """Whether a browser that asks for HTML gets the page. It shows no more than the schema that clients may read anyway."""
    query_plans: bool = False
    """Whether a request with the header `router-expose-query-plan` gets its plan in `extensions.queryPlan`. A plan names the
    subgraphs and what is asked of them. `serve` without a configuration file turns it on."""
