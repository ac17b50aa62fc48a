"""What tests of costs share: supergraphs composed from a few lines, and the estimate of a query from its text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from graphql import OperationDefinitionNode, get_variable_values, parse, validate

from router.composition import Composed, SubgraphInput, compose
from router.config.cost import CostSettings
from router.cost import Cost, Costing, PlanCost
from router.operation import Operation, normalize
from router.plan import QueryPlan
from router.planner import plan
from router.supergraph import Supergraph, load_supergraph

LINK = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@external", "@requires", "@shareable", "@interfaceObject", "@cost", "@listSize"])
"""


@lru_cache(maxsize=64)
def supergraph_of(*sdls: str, link: str = LINK) -> Supergraph:
    """The supergraph of subgraphs named a, b, … with these schemas."""
    inputs = [SubgraphInput(name, link + sdl, f"http://{name}.test") for name, sdl in zip("abcdef", sdls, strict=False)]
    composed = compose(inputs)
    assert isinstance(composed, Composed), composed
    return load_supergraph(composed.sdl)


def supergraph_written(types: str) -> Supergraph:
    """The supergraph of one subgraph "a", for what composition does not let through: paths and sets of fields in @listSize."""
    return load_supergraph(
        HEADER + re.sub(r"^((?:type|input|interface) \w+)", r"\1 @join__type(graph: A)", types, flags=re.M)
    )


HEADER = """
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@cost", "@listSize"])
{ query: Query }
enum join__Graph { A @join__graph(name: "a", url: "http://a.test") }
"""


def planned(
    supergraph: Supergraph, query: str, variables: Mapping[str, Any] | None = None
) -> tuple[Operation, QueryPlan, dict[str, Any]]:
    """A query normalised and planned, with its variables coerced."""
    document = parse(query)
    errors = validate(supergraph.api, document)
    assert not errors, f"the test's query is not valid: {errors[0].message}"
    node = next(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    made: Any = get_variable_values(supergraph.api, node.variable_definitions or (), dict(variables or {}))
    coerced = dict(getattr(made, "coerced", made))
    operation = normalize(document, None, supergraph, coerced)
    return operation, plan(operation, supergraph), coerced


def costs(
    supergraph: Supergraph, query: str, variables: Mapping[str, Any] | None = None, **settings: Any
) -> tuple[PlanCost, dict[str, Any]]:
    """The cost of a query's plan, and its variables."""
    operation, made, coerced = planned(supergraph, query, variables)
    return Costing.of(supergraph, CostSettings(**settings)).plan_cost(made, operation), coerced


def actual(cost: PlanCost, variables: Mapping[str, Any], *answers: dict[str, Any]) -> float:
    """What answers to the requests of a plan have cost, in the order of its fetches."""
    bodies = (json.dumps({"data": data}).encode() for data in answers)
    return sum(cost.spent(fetch, body, variables) for fetch, body in enumerate(bodies))


def estimated(supergraph: Supergraph, query: str, variables: Mapping[str, Any] | None = None, **settings: Any) -> Cost:
    """What a query is estimated to cost."""
    cost, coerced = costs(supergraph, query, variables, **settings)
    return cost.estimate(coerced)
