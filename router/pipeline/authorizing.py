"""What of an operation its caller may have."""

from __future__ import annotations

from router import planner
from router.exchange import ClientRequest
from router.operation import normalize
from router.operation.model import Operation
from router.pipeline.deferring import in_parts
from router.pipeline.denying import consider
from router.pipeline.handed_on import Allowed, Permitted, PlanKey, Valid
from router.pipeline.state import RouterState
from router.security.caller import View


async def authorize(valid: Valid, request: ClientRequest, router: RouterState) -> Permitted:
    """The normalised operation with the fields marked that its caller may not have: nothing denied is ever fetched.

    Raises:
        Unauthorized: something is denied, and operations are to run whole or not at all.
    """
    checked = valid.checked
    incremental = bool(checked.deferrals) and in_parts(valid, request, router)
    conditions = checked.incremental_conditions if incremental else checked.conditions
    key = PlanKey(
        text=request.query,
        operation_name=request.operation_name,
        conditions=tuple([valid.variables.get(name) for name in conditions]),
        view=router.authorization.view(request.caller),
        incremental=incremental,
    )
    if router.authorization.has_policies and (met := _policies_met(valid, key, router)):
        granted = await router.policies.granted(request.caller, met)
        key = key.but(view=router.authorization.view(request.caller, granted))
    allowed = allow(valid, key, router)
    if allowed.authorized.denials:
        consider(allowed.authorized.denials, request, router)
    return Permitted(key, allowed, valid.variables)


def allow(valid: Valid, key: PlanKey, router: RouterState) -> Allowed:
    """What the callers of the key's view may have of an operation, remembered whatever its labels."""
    unlabelled = key.but(labels=frozenset()) if key.labels else key
    allowed = router.allowed.get(unlabelled)
    if allowed is None:
        with router.telemetry.stage("authorize"):
            allowed = _allow(valid, key, router)
        router.allowed.put(unlabelled, allowed, weight=len(key.text))
    return allowed


def _policies_met(valid: Valid, key: PlanKey, router: RouterState) -> frozenset[str]:
    """The policies that decide on the operation, whoever asks, remembered."""
    anybody = key.but(view=View())
    met = router.policies_met.get(anybody)
    if met is None:
        met = router.authorization.policies_met(_normalized(valid, key, router))
        router.policies_met.put(anybody, met, weight=len(key.text))
    return met


def _allow(valid: Valid, key: PlanKey, router: RouterState) -> Allowed:
    authorized = router.authorization.authorize(_normalized(valid, key, router), key.view)
    return Allowed(authorized, planner.labels_met(authorized.operation, router.supergraph))


def _normalized(valid: Valid, key: PlanKey, router: RouterState) -> Operation:
    return normalize(
        valid.checked.document,
        key.operation_name,
        router.supergraph,
        valid.variables,
        incremental=key.incremental,
    )
