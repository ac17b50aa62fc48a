"""Random federations with random costs: a compiled formula is what a direct evaluation of the same requests comes to."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from router.config.cost import CostSettings
from router.cost import Costing
from router.errors import CostUnknown
from router.plan import QueryPlan
from router.plan.single import singles
from tests.router.cost.costed import planned
from tests.router.cost.direct import Direct, NoCost
from tests.router.cost.sprinkled import sprinkled
from tests.router.random_operations import Generator

FEDERATIONS = 6
OPERATIONS_EACH = 40
LIST_SIZE = 6


@pytest.mark.timeout(300)  # some 7 s of CPU, on a machine that may be busy
def test_a_formula_is_what_its_direct_evaluation_comes_to() -> None:
    """To the last digit, by subgraph, whatever stands in the schema, the operation and its variables."""
    seen: Counter[str] = Counter()
    for seed in range(FEDERATIONS):
        supergraph, naming = sprinkled(seed)
        costing = Costing.of(supergraph, CostSettings(list_size=LIST_SIZE))
        for number in range(OPERATIONS_EACH):
            generator = Generator(supergraph.api, Random(f"{seed} {number}"))
            mutates = supergraph.api.mutation_type is not None and number % 5 == 0
            text = generator.operation("mutation" if mutates else "query")
            operation, plan, variables = planned(supergraph, text, generator.variables)
            cost = costing.plan_cost(plan, operation)
            direct = Direct(supergraph, naming, variables, LIST_SIZE)
            told = f"seed {seed}, operation {number}\n{text}\n{variables}"
            try:
                expected = _by_subgraph(plan, direct)
            except NoCost:
                seen["no cost"] += 1
                with pytest.raises(CostUnknown):
                    cost.estimate(variables)
                continue
            assert cost.estimate(variables).by_subgraph == expected, told
            seen["constant" if cost.fixed else "by variables"] += 1
    assert min(seen["no cost"], seen["constant"], seen["by variables"]) > FEDERATIONS, f"too much alike: {seen}"


def _by_subgraph(plan: QueryPlan, direct: Direct) -> dict[str, float]:
    costs: dict[str, float] = {}
    for fetch in plan.fetches:
        for single in singles(fetch):
            costs[fetch.subgraph] = costs.get(fetch.subgraph, 0.0) + direct.fetch(single)
    return costs
