"""Demand control: what an operation costs, by Apollo's formula over @cost and @listSize.

    supergraph ─ tariff ─┐
    plan's requests ─────┴─ bill ─┬─ formula   the estimate, evaluated for the variables of each request
                                  ├─ actual    counts what was answered
                                  └─ show      a table for people

`Costing` makes the `PlanCost` that is kept with a plan; an `Account` is that of one request. The pipeline's stages `charge` and
`settle` use them.
"""

from router.cost.account import Account
from router.cost.plan import Cost, Costing, PlanCost

__all__ = ["Account", "Cost", "Costing", "PlanCost"]
