"""What is the same in every run of a plan, worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from router.executor.merge import Merger, inputs_of
from router.executor.requests import request_head
from router.plan import Fetch, OutputSelection, QueryPlan
from router.plan.whole import whole_output
from router.supergraph.model import Supergraph


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan with the constant part of its requests, who waits for whom, all that the client sees in the end, and the merge rules."""

    plan: QueryPlan
    supergraph: Supergraph
    heads: Mapping[int, bytes] = field(init=False)
    dependents: Mapping[int, tuple[Fetch, ...]] = field(init=False)
    output: OutputSelection = field(init=False)
    merger: Merger = field(init=False)

    def __post_init__(self) -> None:
        fetches = self.plan.fetches
        ids = {fetch.id for fetch in fetches}
        stuck = [fetch.id for fetch in fetches if not ids.issuperset(fetch.after)]
        if stuck:
            raise ValueError(f"fetches {stuck} wait for fetches that are not in the plan")
        dependents = {before: tuple(fetch for fetch in fetches if before in fetch.after) for before in ids}
        object.__setattr__(self, "heads", {fetch.id: request_head(fetch) for fetch in fetches})
        object.__setattr__(self, "dependents", dependents)
        output = whole_output(self.plan)
        object.__setattr__(self, "output", output)
        object.__setattr__(self, "merger", Merger(self.supergraph.full, output, inputs_of(fetches)))
