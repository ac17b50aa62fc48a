"""Whether an operation may cost what it is estimated to cost, and what its client is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from router.config.cost import CostSettings
from router.cost.plan import Cost

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


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of an estimate; `over` are the maxima of the subgraphs in which it is too expensive."""

    result: Result
    over: Mapping[str, float]


def verdict_on(estimated: Cost, settings: CostSettings) -> Verdict:
    """Too expensive is what costs more than the maximum."""
    limits = {subgraph: settings.max_of(subgraph) for subgraph in estimated.by_subgraph}
    over = {
        subgraph: limit
        for subgraph, limit in limits.items()
        if limit is not None and estimated.by_subgraph[subgraph] > limit
    }
    if settings.max is not None and estimated.total > settings.max:
        return Verdict("COST_ESTIMATED_TOO_EXPENSIVE", over)
    return Verdict("SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE" if over else "COST_OK", over)


def extension_of(
    result: Result, settings: CostSettings, estimated: Cost | None = None, actual: Cost | None = None
) -> dict[str, Any]:
    """`extensions.cost`. What is not known, or not limited, is left out."""
    told: dict[str, Any] = {"result": result}
    told |= {"estimated": estimated.total} if estimated is not None else {}
    told |= {"actual": actual.total} if actual is not None else {}
    told |= {"max": settings.max} if settings.max is not None else {}
    if estimated is not None:
        told["bySubgraph"] = {name: _of_subgraph(name, settings, estimated, actual) for name in estimated.by_subgraph}
    return told


def headers_of(settings: CostSettings, estimated: Cost, actual: Cost | None = None) -> dict[str, str]:
    """The same as headers, the sums only."""
    headers = {ESTIMATED: f"{estimated.total:.16g}"}
    headers |= {ACTUAL: f"{actual.total:.16g}"} if actual is not None else {}
    headers |= {MAX: f"{settings.max:.16g}"} if settings.max is not None else {}
    return headers


def _of_subgraph(name: str, settings: CostSettings, estimated: Cost, actual: Cost | None) -> dict[str, float]:
    limit = settings.max_of(name)
    told = {"estimated": estimated.by_subgraph[name]}
    # An answer counted by its own shape says nothing of subgraphs; one that was not asked has cost nothing.
    told |= {"actual": actual.by_subgraph.get(name, 0.0)} if actual is not None and actual.by_subgraph else {}
    told |= {"max": limit} if limit is not None else {}
    return told
