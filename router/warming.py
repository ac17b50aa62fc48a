"""Makes the plans that are in use again for another supergraph, before it serves: a reload then costs no request its plan."""

from __future__ import annotations

import asyncio

from router.errors import ClientError
from router.exchange import ClientRequest
from router.limits import WARMED_PLANS_MAX
from router.pipeline import RouterState
from router.pipeline.authorizing import allow
from router.pipeline.handed_on import Permitted, PlanKey, Valid
from router.pipeline.planning import plan
from router.pipeline.validating import check


async def warm(router: RouterState, before: RouterState) -> int:
    """Plan for `router` what `before` was asked last, and give the number of plans made.

    At most `WARMED_PLANS_MAX` operations, those used last coming last, so that they are forgotten last. Other work goes on in
    between. What the new supergraph refuses is left out: its clients will be told.
    """
    made = 0
    for key in reversed(before.plans.newest(WARMED_PLANS_MAX)):
        try:
            _plan_again(key, router)
            made += 1
        except ClientError:
            continue
        finally:
            await asyncio.sleep(0)
    return made


def _plan_again(key: PlanKey, router: RouterState) -> None:
    request = ClientRequest(key.text, key.operation_name)
    checked = check(request, router)
    names = checked.incremental_conditions if key.incremental else checked.conditions
    conditions = {
        name: value for name, value in zip(names, key.conditions, strict=True) if value is not None
    }
    allowed = allow(Valid(checked, conditions), key, router)
    plan(Permitted(key, allowed, conditions), router)
