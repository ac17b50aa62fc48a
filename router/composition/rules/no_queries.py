"""NO_QUERIES: some subgraph has a query."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report


def report(found: Report) -> None:
    """Report subgraphs of which none can be asked anything."""
    found.error(
        Code.NO_QUERIES,
        "No subgraph has a query: a supergraph needs at least one field on the type Query, besides federation's own"
        " `_entities` and `_service`.",
        coordinates=["Query"],
    )
