"""Who asks: the verified claims of an access token, reduced to what the router decides by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in caller, or `ANONYMOUS`.

    `scopes` are the words of the token's `scope` claim (RFC 8693, section 4.2); `expires_at` is in Unix seconds.
    """

    authenticated: bool
    subject: str | None = None
    scopes: frozenset[str] = frozenset()
    expires_at: float | None = None
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)


class View(NamedTuple):
    """All that authorization knows of a caller: callers with equal views see the same, and share a plan."""

    authenticated: bool = False
    scopes: frozenset[str] = frozenset()


ANONYMOUS = Caller(authenticated=False)


class Authenticator(Protocol):
    """Turns the value of an Authorization header into a caller."""

    async def __call__(self, authorization: str | None) -> Caller:
        """Without a header, `ANONYMOUS`.

        Raises:
            router.errors.Unauthenticated: the token is not acceptable.
            router.errors.KeysUnavailable: no token can be verified just now.
        """
        ...


async def everybody_anonymous(authorization: str | None) -> Caller:  # noqa: ARG001 - an Authenticator
    """The authenticator of a router for which no issuer is configured: it believes no token."""
    return ANONYMOUS


def caller_from_claims(claims: Mapping[str, Any]) -> Caller:
    """The caller that verified claims speak of. A `scope` that is neither a string nor a list of strings grants nothing."""
    return Caller(
        authenticated=True,
        subject=claims.get("sub"),
        scopes=_scopes(claims.get("scope")),
        expires_at=float(claims["exp"]),
        claims=claims,
    )


def _scopes(claim: Any) -> frozenset[str]:
    if isinstance(claim, str):
        return frozenset(claim.split())
    if isinstance(claim, list):
        return frozenset(scope for scope in claim if isinstance(scope, str))
    return frozenset()
