"""Verifies access tokens: from a token's text to a `Caller`, or a refusal that says why.

Source of the rules: RFC 8725 (JSON Web Token best current practices). The issuer that a token claims picks the keys, the
algorithms and the audiences that were set for it; nothing in the token widens them. What a header says of keys elsewhere
(`jwk`, `jku`, `x5u`, `x5c`) is never looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import jwt as pyjwt
from jwt.exceptions import (
    DecodeError,
    ExpiredSignatureError,
    ImmatureSignatureError,
    InvalidAlgorithmError,
    InvalidAudienceError,
    InvalidKeyError,
    InvalidSignatureError,
    MissingRequiredClaimError,
    PyJWTError,
)

from router import limits
from router.config.jwt import Issuer, JwtSettings
from router.errors import Unauthenticated
from router.security.caller import Caller, caller_from_claims
from router.security.jwks import KeySet
from router.security.key_sources import key_source
from router.security.keys import VerifyingKey
from router.security.token import MALFORMED, UnverifiedToken, read_token
from router.security.verdicts import Verdicts, Verified

REFUSALS: Final[Mapping[type[PyJWTError], str]] = {
    ExpiredSignatureError: "The access token has expired: sign in again or refresh it.",
    ImmatureSignatureError: "The access token is not valid yet.",
    InvalidAudienceError: "The access token is meant for another audience.",
    InvalidSignatureError: "The access token's signature does not match.",
    InvalidAlgorithmError: "The access token is signed with an algorithm that its issuer does not use.",
    InvalidKeyError: "The access token is signed with a key that is too short to be trusted.",
    MissingRequiredClaimError: "The access token lacks a required claim: it needs exp, iss and the configured audience.",
    DecodeError: MALFORMED,
}


class TokenVerifier:
    """Believes the tokens of the configured issuers, and remembers which it looked at."""

    def __init__(self, settings: JwtSettings) -> None:
        self._issuers = {
            issuer.issuer: (issuer, KeySet(key_source(issuer), poll_interval_s=issuer.poll_interval_s))
            for issuer in settings.issuers
        }
        self._leeway_s = settings.leeway_s
        self._verdicts = Verdicts()

    async def verify(self, token: str) -> Caller:
        """Who holds this token.

        Raises:
            Unauthenticated: it is malformed, expired, badly signed or from somebody else.
            KeysUnavailable: the issuer's keys cannot be read.
        """
        if len(token) > limits.TOKEN_BYTES_MAX:
            raise Unauthenticated(f"The access token is longer than {limits.TOKEN_BYTES_MAX} bytes.")
        if (caller := self._verdicts.caller(token)) is not None:
            return caller
        try:
            verified = await self._verify(token)
        except Unauthenticated as refusal:
            self._verdicts.refuse(token, refusal)
            raise
        self._verdicts.accept(token, verified)
        return verified.caller

    def issuers_without_keys(self) -> tuple[str, ...]:
        """Whose tokens cannot be verified just now."""
        return tuple(name for name, (_, keys) in self._issuers.items() if not keys.is_usable)

    async def poll_keys(self) -> None:
        """Keep every issuer's keys current, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for _, keys in self._issuers.values():
                tasks.create_task(keys.poll())

    async def _verify(self, token: str) -> Verified:
        read = read_token(token)
        issuer, keys = self._issuer_of(read)
        if read.algorithm not in issuer.algorithms:
            raise Unauthenticated(REFUSALS[InvalidAlgorithmError])
        key = await keys.key(read.key_id, read.algorithm)
        if key is None:
            raise Unauthenticated("The access token is signed with a key that its issuer does not publish.")
        generation = keys.generation
        caller = caller_from_claims(
            _verified_claims(token, read, key, issuer=issuer, leeway_s=self._leeway_s), scope_claim=issuer.scope_claim
        )
        until = float("inf") if caller.expires_at is None else caller.expires_at + self._leeway_s
        return Verified(caller, keys, generation, until)

    def _issuer_of(self, read: UnverifiedToken) -> tuple[Issuer, KeySet]:
        if read.issuer not in self._issuers:
            raise Unauthenticated("The access token comes from an issuer that is not accepted here.")
        return self._issuers[read.issuer]


def _verified_claims(
    token: str, read: UnverifiedToken, key: VerifyingKey, *, issuer: Issuer, leeway_s: float
) -> dict[str, Any]:
    try:
        return pyjwt.decode(
            token,
            key.key,
            algorithms=[read.algorithm],
            issuer=issuer.issuer,
            audience=issuer.audiences or None,
            leeway=leeway_s,
            options={
                "require": ["iss"] if issuer.allow_missing_exp else ["exp", "iss"],
                "verify_aud": bool(issuer.audiences),
                "enforce_minimum_key_length": True,
            },
        )
    except (PyJWTError, ValueError, OverflowError) as error:
        kinds = (refusal for kind, refusal in REFUSALS.items() if isinstance(error, kind))
        raise Unauthenticated(next(kinds, "The access token is not acceptable.")) from error
