"""What an operation has cost, once it is answered: counted, told, and made good with its client's budget."""

from __future__ import annotations

from router.exchange import ClientRequest
from router.pipeline.charging import tell_cost
from router.pipeline.handed_on import Planned
from router.pipeline.state import RouterState


def settle(planned: Planned, request: ClientRequest, router: RouterState, *, data: bytes | None) -> None:
    """Make up the account, `data` being the whole answer where there is one."""
    account = planned.account
    if account is None or router.costing is None:
        return
    account.close(data)
    if account.actual is not None:
        router.telemetry.cost_settled(account.result, account.estimated.total, account.actual.total)
    tell_cost(account, request, router.costing)
    if planned.receipt is not None and router.rate_limiter is not None and account.actual is not None:
        router.rate_limiter.settle(planned.receipt, request, account.actual.total)
