"""`cost`: what operations may cost, estimated from @cost and @listSize before anything is fetched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from router.config.base import Settings

ActualCost = Literal["by_subgraph", "by_response_shape", "off"]


class SubgraphCost(Settings):
    """What holds for the requests to one subgraph, or to all."""

    list_size: int | None = Field(default=None, ge=0)
    """How many items its lists are taken to have, instead of `cost.list_size`."""
    max: float | None = Field(default=None, ge=0)
    """What an operation may cost there. Past it that subgraph is not asked, and the rest of the operation runs. Not set: anything."""


class SubgraphCosts(Settings):
    """Sizes and maxima by subgraph; what `subgraphs` says of one goes before what is said of `all`."""

    all: SubgraphCost = SubgraphCost()
    subgraphs: Mapping[str, SubgraphCost] = Field(default_factory=dict)


class CostSettings(Settings):
    """Demand control: operations are estimated before they run, and those that are too expensive may be refused.

    Off without this section. With it, operations are measured and none is refused until `mode: enforce`.
    """

    mode: Literal["measure", "enforce"] = "measure"
    """`measure` estimates, counts and tells; `enforce` refuses what is over `max` as well."""
    profile: Literal["apollo"] = "apollo"
    """The formula: that of Apollo's demand control (strategy `static_estimated`)."""
    max: float | None = Field(default=None, ge=0)
    """What an operation may cost. Not set: anything."""
    list_size: int = Field(default=10, ge=0)
    """How many items a list is taken to have where no @listSize says so."""
    actual: ActualCost = "by_subgraph"
    """Whether what answers did cost is counted in the subgraphs' answers, in the client's answer, or not at all."""
    subgraph: SubgraphCosts = SubgraphCosts()
    """What holds for single subgraphs."""
    expose_headers: bool = True
    """Answers carry `X-Cost-Estimated`, `X-Cost-Actual` and `X-Cost-Max`."""
    expose_extensions: bool = True
    """Answers carry `extensions.cost`."""

    @model_validator(mode="after")
    def _enforces_something(self) -> CostSettings:
        limits = [self.max, self.subgraph.all.max, *(each.max for each in self.subgraph.subgraphs.values())]
        if self.mode == "enforce" and all(limit is None for limit in limits):
            raise ValueError("mode `enforce` needs a `max`, of operations or of subgraphs")
        return self

    def list_size_of(self, subgraph: str) -> int:
        """How many items the lists of a subgraph are taken to have."""
        for said in (self.subgraph.subgraphs.get(subgraph), self.subgraph.all):
            if said is not None and said.list_size is not None:
                return said.list_size
        return self.list_size

    def max_of(self, subgraph: str) -> float | None:
        """What an operation may cost in a subgraph."""
        for said in (self.subgraph.subgraphs.get(subgraph), self.subgraph.all):
            if said is not None and said.max is not None:
                return said.max
        return None
