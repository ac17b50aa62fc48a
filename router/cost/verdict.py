"""Whether an operation may cost what it is estimated to cost, and what its client is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from router.cost.plan import Cost, Costing

Result: TypeAlias = Literal[
    "COST_OK",
    "COST_ESTIMATED_TOO_EXPENSIVE",
    "SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE",
    "COST_QUERY_PARSE_FAILURE",
]
"""What came of an estimate; but for the first, the codes of the errors that say so."""

ESTIMATED: Final = "X-Cost-Estimated"
ACTUAL: Final = "X-Cost-Actual"
MAX: Final = "X-Cost-Max"


class Verdict(NamedTuple):
    """What came of an estimate; `over` are the maxima of the subgraphs in which it is too expensive."""

    result: Result
    over: Mapping[str, float]


def verdict_on(estimated: Cost, costing: Costing) -> Verdict:
    """Too expensive is what costs more than the maximum."""
    spent = estimated.by_subgraph
    over = {name: limit for name, limit in costing.limits.items() if spent.get(name, 0.0) > limit}
    limit = costing.settings.max
    if limit is not None and estimated.total > limit:
        return Verdict("COST_ESTIMATED_TOO_EXPENSIVE", over)
    return Verdict("SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE" if over else "COST_OK", over)


def extension_of(
    result: Result, costing: Costing, estimated: Cost | None = None, actual: Cost | None = None
) -> dict[str, Any]:
    """`extensions.cost`. What is not known, or not limited, is left out."""
    told: dict[str, Any] = {"result": result}
    if estimated is not None:
        told["estimated"] = estimated.total
    if actual is not None:
        told["actual"] = actual.total
    if costing.settings.max is not None:
        told["max"] = costing.settings.max
    if estimated is not None:
        told["bySubgraph"] = {name: _of_subgraph(name, costing, estimated, actual) for name in estimated.by_subgraph}
    return told


def headers_of(costing: Costing, estimated: Cost, actual: Cost | None = None) -> dict[str, str]:
    """The same as headers, the sums only."""
    headers = {ESTIMATED: f"{estimated.total:.16g}"}
    if actual is not None:
        headers[ACTUAL] = f"{actual.total:.16g}"
    if costing.settings.max is not None:
        headers[MAX] = f"{costing.settings.max:.16g}"
    return headers


def _of_subgraph(name: str, costing: Costing, estimated: Cost, actual: Cost | None) -> dict[str, float]:
    told = {"estimated": estimated.by_subgraph[name]}
    # An answer counted by its own shape says nothing of subgraphs; one that was not asked has cost nothing.
    if actual is not None and actual.by_subgraph:
        told["actual"] = actual.by_subgraph.get(name, 0.0)
    if name in costing.limits:
        told["max"] = costing.limits[name]
    return told
