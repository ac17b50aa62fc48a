"""The query plan of an operation, made once."""

from __future__ import annotations

from router import executor, planner
from router.executor import Executable
from router.pipeline.handed_on import Permitted, Planned
from router.pipeline.state import RouterState


def plan(permitted: Permitted, router: RouterState) -> Planned:
    """The query plan, made once per `PlanKey`. Raises Unplannable."""
    authorized = permitted.allowed.authorized
    made = False

    def make() -> Executable:
        nonlocal made
        made = True
        with router.telemetry.stage("plan"):
            query_plan = planner.plan(authorized.operation, router.supergraph, permitted.key.labels)
            prepared = executor.prepare(query_plan, router.supergraph)
            if router.costing is not None:
                prepared.cost = router.costing.plan_cost(query_plan, authorized.operation)
            return prepared

    executable = router.plans.get_or_make(permitted.key, make)
    router.telemetry.plan_looked_up(hit=not made)
    return Planned(permitted.key, executable, authorized.denials, permitted.variables)
