"""The treaty between planner and executor: what to ask of which subgraph, in what order, and how the answer is shaped.

The planner writes these values and the executor reads them; neither knows the other. A plan is a graph of fetches
(`Fetch.after`), so a fetch may start as soon as its own inputs are there. `Sequence`, `Parallel` and `Flatten` are how a
plan is *shown* (`show.py` for people, `wire.py` in Apollo's JSON), never how it is run.
"""

from router.plan.nodes import (
    EACH,
    Anchor,
    ContextRead,
    Deferred,
    Each,
    Entities,
    Fetch,
    Introspection,
    OutputField,
    OutputSelection,
    Path,
    PathKey,
    QueryPlan,
    Representation,
    RepresentationField,
)

__all__ = [
    "EACH",
    "Anchor",
    "ContextRead",
    "Deferred",
    "Each",
    "Entities",
    "Fetch",
    "Introspection",
    "OutputField",
    "OutputSelection",
    "Path",
    "PathKey",
    "QueryPlan",
    "Representation",
    "RepresentationField",
]
