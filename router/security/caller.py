"""Who asks: the verified claims of an access token, reduced to what the router decides by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in caller, or `ANONYMOUS`.

    `subject` is unique at its `issuer` only. `expires_at` is in Unix seconds, None where the token never does.
    """

    authenticated: bool
    subject: str | None = None
    scopes: frozenset[str] = frozenset()
    expires_at: float | None = None
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)
    issuer: str | None = None


class View(NamedTuple):
    """All that authorization knows of a caller: callers with equal views see the same, and share a plan.

    `policies` are those granted, of those that the operation meets.
    """

    authenticated: bool = False
    scopes: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()


ANONYMOUS = Caller(authenticated=False)


def caller_from_claims(claims: Mapping[str, Any], *, scope_claim: str = "scope") -> Caller:
    """The caller that verified claims speak of (RFC 8693, section 4.2, for the scopes)."""
    expires_at = claims.get("exp")
    return Caller(
        authenticated=True,
        subject=claims.get("sub"),
        scopes=_scopes(claims.get(scope_claim)),
        expires_at=None if expires_at is None else float(expires_at),
        claims=claims,
        issuer=claims.get("iss"),
    )


def _scopes(claim: Any) -> frozenset[str]:
    """Words in a string, or a list of strings; anything else grants nothing."""
    if isinstance(claim, str):
        return frozenset(claim.split())
    if isinstance(claim, list):
        return frozenset(scope for scope in claim if isinstance(scope, str))
    return frozenset()
