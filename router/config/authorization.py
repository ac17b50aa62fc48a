"""`authorization`: what becomes of operations of which a caller may not have everything."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from router import limits
from router.config.base import Settings
from router.config.callables import CallableName


class DenialErrors(Settings):
    """How fields that are not given out are told."""

    response: Literal["errors", "extensions", "disabled"] = "errors"
    """Where clients find them: among `errors`, in `extensions.authorizationErrors`, or nowhere."""

    log: bool = True
    """Whether a request with such fields is logged, with their coordinates."""

    compat: Literal["apollo"] | None = None
    """`apollo` writes paths as Apollo's router does: names of fields in place of the client's keys, "@" for a list level and
    "... on T" for a fragment. Else a path is the one in the response, up to the first list."""


class AuthorizationSettings(Settings):
    """@authenticated, @requiresScopes and @policy are always enforced. These say how."""

    anonymous_only: bool = False
    """Whether a supergraph that protects fields may be served without `jwt`. Nobody can sign in then, so what is protected is
    refused to everybody."""

    require_authentication: bool = False
    """Whether every request needs a token; one without is refused with 401."""

    reject_unauthorized: bool = False
    """Whether an operation is not run at all if one of its fields is denied: `data` is null then."""

    dry_run: bool = False
    """Whether denied fields are only told, and given out all the same: to see what rules would do."""

    errors: DenialErrors = DenialErrors()

    policies: CallableName | None = None
    """The async function that decides @policy: `async def policies(caller, names) -> Mapping[str, bool]`."""

    policies_timeout_s: float = Field(default=limits.POLICIES_TIMEOUT_S, gt=0)
    """How long it may take; then all policies asked for are denied."""
