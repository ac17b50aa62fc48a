"""The planner: from a normalised operation to the fetches that answer it. Pure, synchronous and deterministic.

Reading order: `wanted` (what the client asks for), `walk` (how it can be had), `roots` and `fetches` (what to ask whom),
`optimize` (with fewer requests), `operations` and `output` (written down as a plan).
"""

from __future__ import annotations

from router.graph import graph_of
from router.operation.model import Operation
from router.plan import QueryPlan
from router.planner.fetches import Builder
from router.planner.introspection import introspection_of
from router.planner.labels import labels_met
from router.planner.operations import written
from router.planner.optimize import optimize
from router.planner.output import output_of
from router.planner.roots import start_parallel, start_serial, start_source
from router.planner.sites import sites_of
from router.planner.walk import Walk
from router.planner.wanted import wanted_of
from router.supergraph.model import Supergraph

__all__ = ["labels_met", "plan"]

_STARTS = {"query": start_parallel, "mutation": start_serial, "subscription": start_source}


def plan(operation: Operation, supergraph: Supergraph, labels: frozenset[str] = frozenset()) -> QueryPlan:
    """The fetches that answer a normalised operation where these override labels are true, and the shape of the answer.

    Raises Unplannable where no way through the subgraphs serves a field, TooLarge past the bounds of `router.limits`.
    """
    graph = graph_of(supergraph, labels.intersection(supergraph.labels))
    wanted = wanted_of(operation, supergraph.api)
    root = sites_of(wanted, operation.root, graph)
    builder = Builder(graph, Walk(graph), frozenset(d.variable.name.value for d in operation.variables))
    _STARTS[operation.kind](builder, root, wanted.needs)
    return QueryPlan(
        kind=operation.kind,
        fetches=written(optimize(builder.groups), operation),
        output=output_of(wanted, root, supergraph.api),
        introspection=introspection_of(operation),
    )
