"""Verifies access tokens: from the text in an Authorization header to a `Caller`, or a refusal that says why.

Source of the rules: RFC 8725 (JSON Web Token best current practices). The issuer that a token claims picks the keys, the
algorithms and the audiences that were set for it; nothing in the token widens them.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic, time
from typing import Any, Final

import jwt as pyjwt
from jwt.exceptions import (
    DecodeError,
    ExpiredSignatureError,
    ImmatureSignatureError,
    InvalidAlgorithmError,
    InvalidAudienceError,
    InvalidSignatureError,
    MissingRequiredClaimError,
    PyJWTError,
)

from router import limits
from router.config import Issuer, JwtSettings
from router.errors import Unauthenticated
from router.lru import Lru
from router.security.caller import ANONYMOUS, Caller, caller_from_claims
from router.security.jwks import KeyFile, KeySet, KeyUrl

REFUSALS: Final[Mapping[type[PyJWTError], str]] = {
    ExpiredSignatureError: "The access token has expired: sign in again or refresh it.",
    ImmatureSignatureError: "The access token is not valid yet.",
    InvalidAudienceError: "The access token is meant for another audience.",
    InvalidSignatureError: "The access token's signature does not match.",
    InvalidAlgorithmError: "The access token is signed with an algorithm that its issuer does not use.",
    MissingRequiredClaimError: "The access token lacks a required claim: it needs exp, iss and the configured audience.",
    DecodeError: "The access token is not a JSON Web Token.",
}


def bearer_token(authorization: str | None) -> str | None:
    """The token of an Authorization header's value; None where there is no header.

    Raises:
        Unauthenticated: the header does not read `Bearer <token>`.
    """
    if authorization is None:
        return None
    scheme, _, token = authorization.strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or " " in token:
        raise Unauthenticated("The Authorization header must read `Bearer <token>`.")
    return token


class TokenVerifier:
    """The authenticator of the configured issuers. It remembers good tokens for a while."""

    def __init__(self, settings: JwtSettings) -> None:
        self._issuers = {issuer.issuer: (issuer, KeySet(_source(issuer))) for issuer in settings.issuers}
        self._leeway_s = settings.leeway_s
        self._verified: Lru[str, _Verified] = Lru(limits.VERIFIED_TOKENS_MAX)

    async def __call__(self, authorization: str | None) -> Caller:
        """The caller that an Authorization header's value speaks of: see `router.security.caller.Authenticator`."""
        token = bearer_token(authorization)
        return ANONYMOUS if token is None else await self.verify(token)

    async def verify(self, token: str) -> Caller:
        """Who holds this token.

        Raises:
            Unauthenticated: it is malformed, expired, badly signed or from somebody else.
            KeysUnavailable: the issuer's keys cannot be read.
        """
        if (verified := self._verified.get(token)) is not None:
            if verified.still_holds():
                return verified.caller
            self._verified.forget(token)
        header, claims = _unverified(token)
        issuer, keys = self._issuer_of(claims)
        key = await keys.key(header.get("kid"))
        if key is None:
            raise Unauthenticated("The access token is signed with a key that its issuer does not publish.")
        caller = caller_from_claims(_verified_claims(token, key, issuer, self._leeway_s))
        self._verified.put(token, _Verified(caller, keys))
        return caller

    def _issuer_of(self, claims: Mapping[str, Any]) -> tuple[Issuer, KeySet]:
        claimed = claims.get("iss")
        if not isinstance(claimed, str) or claimed not in self._issuers:
            raise Unauthenticated("The access token comes from an issuer that is not accepted here.")
        return self._issuers[claimed]


class _Verified:
    """A token found good, and how long that holds: until it expires, its keys change, or `VERIFIED_TOKEN_S` is over."""

    __slots__ = ("_generation", "_keys", "_until", "caller")

    def __init__(self, caller: Caller, keys: KeySet) -> None:
        self.caller = caller
        self._keys = keys
        self._generation = keys.generation
        self._until = monotonic() + limits.VERIFIED_TOKEN_S

    def still_holds(self) -> bool:
        assert self.caller.expires_at is not None, "a verified token expires"
        return (
            self._keys.generation == self._generation and monotonic() < self._until and time() < self.caller.expires_at
        )


def _source(issuer: Issuer) -> KeyFile | KeyUrl:
    if issuer.jwks_file is not None:
        return KeyFile(issuer.jwks_file)
    assert issuer.jwks_url is not None, "the settings demand one source of keys"
    return KeyUrl(issuer.jwks_url)


def _unverified(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    if len(token) > limits.TOKEN_BYTES_MAX:
        raise Unauthenticated(f"The access token is longer than {limits.TOKEN_BYTES_MAX} bytes.")
    try:
        decoded = pyjwt.decode_complete(token, options={"verify_signature": False})
    except (PyJWTError, ValueError) as error:
        raise Unauthenticated(REFUSALS[DecodeError]) from error
    return decoded["header"], decoded["payload"]


def _verified_claims(token: str, key: pyjwt.PyJWK, issuer: Issuer, leeway_s: float) -> dict[str, Any]:
    try:
        return pyjwt.decode(
            token,
            key,
            algorithms=list(issuer.algorithms),
            issuer=issuer.issuer,
            audience=issuer.audiences or None,
            leeway=leeway_s,
            options={
                "require": ["exp", "iss"],
                "verify_aud": bool(issuer.audiences),
                "enforce_minimum_key_length": True,
            },
        )
    except (PyJWTError, ValueError, OverflowError) as error:
        kinds = (refusal for kind, refusal in REFUSALS.items() if isinstance(error, kind))
        raise Unauthenticated(next(kinds, "The access token is not acceptable.")) from error
