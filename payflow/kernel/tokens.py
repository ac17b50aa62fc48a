"""Tokens: what says who is asking. Users carry access tokens that `users` signs; a service that calls another signs its own.

All are JWTs (RFC 7519, RFC 9068) signed with Ed25519, checked against a JWKS (RFC 7517); algorithm, issuer and audience are pinned.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol
from uuid import uuid4

import jwt
import orjson
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt import PyJWK, PyJWKSet

from payflow.kernel.clock import Clock, SystemClock
from payflow.kernel.errors import DependencyUnavailable, Forbidden, SettingsError, Unauthenticated

ALGORITHM = "EdDSA"
LEEWAY_S = 10  # clocks of our own machines; more would only lengthen stolen tokens' lives
SERVICE_TOKEN_SECONDS = 120
SERVICE_TOKEN_RENEW_S = 30  # a service token is used until this long before it ends
SERVICE_AUDIENCE = "payflow-internal"
JWKS_REFETCH_S = 10.0  # an unknown key id makes us look again, not more often than this
JWKS_MAX_AGE_S = 600.0  # a key that was withdrawn is forgotten by then, where the set can be had
JWKS_STALE_S = 3600.0  # where it cannot, known keys go on counting this long: a restart of users stops nobody
VERIFIED_S = 60.0  # how long a token is known by its text; a key withdrawn meanwhile counts that much longer, beside JWKS_MAX_AGE_S
VERIFIED_MAX = 4_096  # such tokens, some 1 kB each; past it the oldest is verified again

# What each calling service may ask of the others, whatever its token claims.
SERVICE_SCOPES: Mapping[str, frozenset[str]] = {
    "transactions": frozenset({"wallet:post", "wallet:read", "users:read"}),
    "rewards": frozenset({"wallet:post", "wallet:read"}),
}


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a user (subject = user id), a service (subject = its name) or nobody (`reason` says why not)."""

    kind: Literal["user", "service", "nobody"]
    subject: str = ""
    scopes: frozenset[str] = frozenset()
    reason: str = "Sign in to do this."

    def require_user(self) -> str:
        """The user's id. Raises Unauthenticated."""
        if self.kind != "user":
            raise Unauthenticated(self.reason)
        return self.subject

    def require_user_or_scope(self, scope: str) -> None:
        """Raises Unauthenticated or Forbidden unless a user is signed in, or a service with this scope asks."""
        if self.kind != "user":
            self.require_scope(scope)

    def require_scope(self, scope: str) -> None:
        """Raises Unauthenticated or Forbidden unless a service with this scope asks."""
        if self.kind == "nobody":
            raise Unauthenticated(self.reason)
        if scope not in self.scopes or self.kind != "service":
            raise Forbidden(f"Only a service with the scope {scope} may ask this.")


NOBODY = Principal("nobody")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 private key with its id, the RFC 7638 thumbprint of the public half."""

    private_pem: bytes = field(repr=False)
    kid: str
    public_jwk: Mapping[str, str]

    @classmethod
    def load(cls, path: Path | None, *, setting: str) -> SigningKey:
        """Read a PEM file. Raises SettingsError naming `setting`."""
        if path is None:
            raise SettingsError(f"{setting} is not set; create keys with: payflow keys generate --dir DIR")
        try:
            return cls.from_pem(path.read_bytes())
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise SettingsError(f"{setting}={path} cannot be read: {error}") from None

    @classmethod
    def from_pem(cls, pem: bytes) -> SigningKey:
        """Raises ValueError where it is not an Ed25519 private key."""
        key = load_pem_private_key(pem, password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"it holds another kind of key, {type(key).__name__}")
        public = jwt.algorithms.OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
        jwk = {"crv": public["crv"], "kty": public["kty"], "x": public["x"]}
        kid = thumbprint(jwk)
        return cls(pem, kid, {**jwk, "kid": kid, "alg": ALGORITHM, "use": "sig"})

    def sign(self, claims: dict[str, Any], *, token_type: str) -> str:
        """A compact JWS over the claims."""
        return jwt.encode(claims, self.private_pem, ALGORITHM, headers={"kid": self.kid, "typ": token_type})


def thumbprint(jwk: Mapping[str, str]) -> str:
    """RFC 7638: base64url of the SHA-256 over the required members in lexicographic order."""
    canonical = orjson.dumps({name: jwk[name] for name in ("crv", "kty", "x")}, option=orjson.OPT_SORT_KEYS)
    return urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()


class Signer(Protocol):
    """Signs as a service: one key, or a ring of which one is active."""

    def sign(self, claims: dict[str, Any], *, token_type: str) -> str:
        """A compact JWS over the claims."""
        ...


@dataclass(frozen=True, slots=True)
class AccessTokens:
    """Issues the access tokens of users."""

    key: Signer
    issuer: str
    audience: str
    lifetime: timedelta

    def issue(self, *, user_id: str, session_id: str, scopes: frozenset[str], now: datetime) -> str:
        """A signed token for one user's session."""
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": user_id,
            "sid": session_id,
            "scope": " ".join(sorted(scopes)),
            "iat": now,
            "exp": now + self.lifetime,
            "jti": uuid4().hex,
        }
        return self.key.sign(claims, token_type="at+jwt")  # noqa: S106  the JWS header, not a secret


class ServiceTokens:
    """Issues a calling service's own short tokens, one at a time."""

    def __init__(self, *, service: str, key: SigningKey, clock: Clock | None = None) -> None:
        self._service = service
        self._key = key
        self._clock = clock or SystemClock()
        self._token = ""
        self._renew_at: datetime | None = None

    def current(self) -> str:
        """A token that is valid for at least SERVICE_TOKEN_RENEW_S."""
        now = self._clock.now()
        if self._renew_at is None or now >= self._renew_at:
            claims = {
                "iss": self._service,
                "aud": SERVICE_AUDIENCE,
                "sub": self._service,
                "scope": " ".join(sorted(SERVICE_SCOPES[self._service])),
                "iat": now,
                "exp": now + timedelta(seconds=SERVICE_TOKEN_SECONDS),
                "jti": uuid4().hex,
            }
            self._token = self._key.sign(claims, token_type="JWT")  # noqa: S106  the JWS header, not a secret
            self._renew_at = now + timedelta(seconds=SERVICE_TOKEN_SECONDS - SERVICE_TOKEN_RENEW_S)
        return self._token


class KeySource(Protocol):
    """Finds the public key that a token names."""

    async def key(self, kid: str) -> PyJWK | None:
        """None where nobody publishes it. Raises DependencyUnavailable where the source cannot be asked."""
        ...


class ServiceKeys:
    """The public keys of the services that may call: a JWKS file, read once, each key naming its service as `iss`."""

    def __init__(self, path: Path | None) -> None:
        self._keys: dict[str, tuple[str, PyJWK]] = {}
        if path is None:
            return
        try:
            document = orjson.loads(path.read_bytes())
            self._keys = {jwk["kid"]: (jwk["iss"], PyJWK(jwk)) for jwk in document["keys"]}
        except (OSError, ValueError, TypeError, KeyError, jwt.PyJWTError) as error:
            raise SettingsError(f"PAYFLOW_SERVICE_JWKS_FILE={path} cannot be read: {error}") from None

    def find(self, kid: str) -> tuple[str, PyJWK] | None:
        """The service and its key."""
        return self._keys.get(kid)


class FetchedKeys:
    """A JWKS that another part serves; `fetch` gets the document. Kept for JWKS_MAX_AGE_S, asked again for an unknown key id."""

    def __init__(self, fetch: Callable[[], Awaitable[dict[str, Any]]]) -> None:
        self._fetch = fetch
        self._keys: dict[str, PyJWK] = {}
        self._fetched_at = float("-inf")
        self._failed_at = float("-inf")
        self._lock = asyncio.Lock()

    async def key(self, kid: str) -> PyJWK | None:
        if self._fresh(kid):
            return self._keys.get(kid)
        async with self._lock:
            if not self._fresh(kid):
                await self._refetch(kid)
        return self._keys.get(kid)

    def _fresh(self, kid: str) -> bool:
        now = time.monotonic()
        if kid in self._keys and now - self._failed_at < JWKS_REFETCH_S:
            return now - self._fetched_at < JWKS_STALE_S
        return now - self._fetched_at < (JWKS_MAX_AGE_S if kid in self._keys else JWKS_REFETCH_S)

    async def _refetch(self, kid: str) -> None:
        try:
            self._keys = _by_kid(await self._fetch())
            self._fetched_at = time.monotonic()
        except DependencyUnavailable:
            self._failed_at = time.monotonic()
            if not self._fresh(kid):
                raise


class TokenVerifier:
    """Turns a bearer token into a Principal. A token that is not acceptable makes nobody of its bearer, with the reason."""

    def __init__(self, *, issuer: str, audience: str, users: KeySource, services: ServiceKeys) -> None:
        self._issuer = issuer
        self._audience = audience
        self._users = users
        self._services = services
        self._verified: dict[str, _Verified] = {}

    async def principal(self, authorization: str | None) -> Principal:
        """Read an `Authorization` header. Raises DependencyUnavailable where the keys cannot be had."""
        if not authorization:
            return NOBODY
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            return Principal("nobody", reason="The Authorization header must be: Bearer TOKEN.")
        try:
            return self._known(token) or await self._verify(token.strip())
        except jwt.ExpiredSignatureError:
            return Principal("nobody", reason="The token has expired; sign in again.")
        except jwt.PyJWTError:
            return Principal("nobody", reason="The token is not valid.")

    def _known(self, token: str) -> Principal | None:
        """Who bears a token that was verified a moment ago: the signature takes longer than many a request that it comes with."""
        found = self._verified.get(token)
        if found is None:
            return None
        if time.time() >= found.until:
            del self._verified[token]
            return None
        return found.principal

    async def _verify(self, token: str) -> Principal:
        kid = jwt.get_unverified_header(token).get("kid", "")
        if found := self._services.find(kid):
            return self._service(token, *found)
        user_key = await self._users.key(kid)
        if user_key is None:
            raise jwt.InvalidKeyError(kid)
        claims = _decode(token, user_key, issuer=self._issuer, audience=self._audience)
        return self._remember(token, claims, Principal("user", claims["sub"], _scopes(claims)))

    def _service(self, token: str, service: str, key: PyJWK) -> Principal:
        claims = _decode(token, key, issuer=service, audience=SERVICE_AUDIENCE)
        granted = SERVICE_SCOPES.get(service, frozenset())
        return self._remember(token, claims, Principal("service", service, granted & _scopes(claims)))

    def _remember(self, token: str, claims: dict[str, Any], principal: Principal) -> Principal:
        if len(self._verified) >= VERIFIED_MAX:
            del self._verified[next(iter(self._verified))]
        until = min(time.time() + VERIFIED_S, int(claims["exp"]) + LEEWAY_S)
        self._verified[token] = _Verified(principal, until)
        return principal


@dataclass(frozen=True, slots=True)
class _Verified:
    principal: Principal
    until: float  # seconds of the epoch, as `exp` counts them


def _scopes(claims: dict[str, Any]) -> frozenset[str]:
    return frozenset(claims.get("scope", "").split())


def _decode(token: str, key: PyJWK, *, issuer: str, audience: str) -> dict[str, Any]:
    return jwt.decode(
        token,
        key,
        algorithms=[ALGORITHM],
        issuer=issuer,
        audience=audience,
        leeway=LEEWAY_S,
        options={"require": ["exp", "iat", "iss", "aud", "sub"]},
    )


def _by_kid(document: dict[str, Any]) -> dict[str, PyJWK]:
    try:
        return {key.key_id: key for key in PyJWKSet.from_dict(document).keys if key.key_id}
    except jwt.PyJWTError as error:
        raise DependencyUnavailable(f"The key set cannot be used: {error}") from None
