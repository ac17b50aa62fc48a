"""What of an operation its caller may have."""

from __future__ import annotations

from router import planner
from router.exchange import ClientRequest
from router.operation import normalize
from router.pipeline.deferring import in_parts
from router.pipeline.handed_on import Allowed, Permitted, PlanKey, Valid
from router.pipeline.state import RouterState


def authorize(valid: Valid, request: ClientRequest, router: RouterState) -> Permitted:
    """The normalised operation with the fields marked that its caller may not have: nothing denied is ever fetched."""
    checked = valid.checked
    incremental = bool(checked.deferrals) and in_parts(valid, request, router)
    conditions = checked.incremental_conditions if incremental else checked.conditions
    key = PlanKey(
        text=request.query,
        operation_name=request.operation_name,
        conditions=tuple(valid.variables.get(name) for name in conditions),
        view=router.authorization.view(request.caller),
        incremental=incremental,
    )
    return Permitted(key, allow(valid, key, router), valid.variables)


def allow(valid: Valid, key: PlanKey, router: RouterState) -> Allowed:
    """What the callers of the key's view may have of an operation, remembered whatever its labels."""
    unlabelled = key._replace(labels=frozenset()) if key.labels else key
    allowed = router.allowed.get(unlabelled)
    if allowed is None:
        with router.telemetry.stage("authorize"):
            allowed = _allow(valid, key, router)
        router.allowed.put(unlabelled, allowed, weight=len(key.text))
    return allowed


def _allow(valid: Valid, key: PlanKey, router: RouterState) -> Allowed:
    operation = normalize(
        valid.checked.document,
        key.operation_name,
        router.supergraph,
        valid.variables,
        incremental=key.incremental,
    )
    authorized = router.authorization.authorize(operation, key.view)
    return Allowed(authorized, planner.labels_met(authorized.operation, router.supergraph))
