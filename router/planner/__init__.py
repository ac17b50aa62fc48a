"""The planner: from a normalised operation to the fetches that answer it. Pure, synchronous and deterministic.

Reading order: `wanted` (what the client asks for), `walk` (how it can be had), `roots` and `fetches` (what to ask whom),
`optimize` (with fewer requests), `operations` and `output` (written down as a plan).
"""

from __future__ import annotations

from router.operation.model import Operation
from router.plan import QueryPlan
from router.planner.labels import labels_met
from router.planner.planning import Planning
from router.supergraph.model import Supergraph

__all__ = ["Planning", "labels_met", "plan"]


def plan(operation: Operation, supergraph: Supergraph, labels: frozenset[str] = frozenset()) -> QueryPlan:
    """The fetches that answer a normalised operation where these override labels are true, and the shape of the answer.

    Raises Unplannable where no way through the subgraphs serves a field, TooLarge past the bounds of `router.limits`.
    """
    return Planning(operation, supergraph, labels).plan
