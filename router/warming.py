"""Makes plans before a supergraph serves: those of trusted documents, and after a reload those that were in use before it."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Final

import structlog

from router.errors import ClientError
from router.exchange import ClientRequest
from router.limits import PREWARM_S, WARMED_PLANS_MAX
from router.persisted.manifest import TrustedDocument
from router.pipeline import RouterState
from router.pipeline.authorizing import allow
from router.pipeline.handed_on import Permitted, PlanKey, Valid
from router.pipeline.planning import plan
from router.pipeline.validating import check
from router.security.caller import ANONYMOUS, Caller

log = structlog.get_logger(__name__)

_SIGNED_IN: Final = Caller(authenticated=True)


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
        except Exception:  # one operation that a client once sent must not keep the router on its old supergraph
            log.exception("a plan in use cannot be made again", operation_name=key.operation_name)
        finally:
            await asyncio.sleep(0)
    return made


async def prewarm(router: RouterState) -> int:
    """Plan the trusted documents for callers that are signed in and for those that are not; the number of plans made.

    It stops after `WARMED_PLANS_MAX` documents or `PREWARM_S` seconds: what is left is planned when it is asked. A document that
    the supergraph cannot serve is logged: its clients would be the next to notice.
    """
    made, until = 0, monotonic() + PREWARM_S
    for document in router.persisted.to_prewarm[:WARMED_PLANS_MAX]:
        if monotonic() > until:
            break
        try:
            made += sum(_plan_ahead(document, caller, router) for caller in (ANONYMOUS, _SIGNED_IN))
        except ClientError as error:
            log.warning("a trusted document cannot run", id=document.id, name=document.name, reason=str(error))
        except Exception:
            log.exception("a trusted document cannot be planned", id=document.id, name=document.name)
        await asyncio.sleep(0)
    return made


def _plan_ahead(document: TrustedDocument, caller: Caller, router: RouterState) -> int:
    checked = check(ClientRequest(document.text, document.name), router)
    defaults = checked.variables.read({}, errors_max=1)
    variables = {} if isinstance(defaults, list) else defaults
    conditions = tuple(variables.get(name) for name in checked.conditions)
    key = PlanKey(document.text, document.name, conditions, router.authorization.view(caller))
    plan(Permitted(key, allow(Valid(checked, variables), key, router), variables), router)
    return 1


def _plan_again(key: PlanKey, router: RouterState) -> None:
    request = ClientRequest(key.text, key.operation_name)
    checked = check(request, router)
    names = checked.incremental_conditions if key.incremental else checked.conditions
    conditions = {name: value for name, value in zip(names, key.conditions, strict=True) if value is not None}
    allowed = allow(Valid(checked, conditions), key, router)
    plan(Permitted(key, allowed, conditions), router)
