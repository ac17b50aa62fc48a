"""Tokens: whoever cannot prove who they are is nobody, with the reason."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from payflow.kernel import tokens as module
from payflow.kernel.clock import FixedClock
from payflow.kernel.errors import DependencyUnavailable, Forbidden, SettingsError, Unauthenticated
from payflow.kernel.tokens import (
    NOBODY,
    AccessTokens,
    FetchedKeys,
    Principal,
    ServiceKeys,
    ServiceTokens,
    SigningKey,
    TokenVerifier,
)
from tests.subgraphs.harness import new_key_pem

USERS, REWARDS, STRANGER = (SigningKey.from_pem(new_key_pem()) for _ in range(3))
ISSUER, AUDIENCE = "payflow", "payflow-api"


def access_token(key: SigningKey = USERS, **claims: Any) -> str:
    now = datetime.now(UTC)
    usual = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "ada",
        "scope": "payments",
        "iat": now,
        "exp": now + timedelta(hours=2),  # some are made as tests are collected, long before they run
    }
    return key.sign(
        {name: value for name, value in {**usual, **claims}.items() if value is not None}, token_type="at+jwt"
    )


@pytest.fixture
def jwks_file(tmp_path: Path) -> Path:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [{**REWARDS.public_jwk, "iss": "rewards"}]}))
    return path


@pytest.fixture
def verifier(jwks_file: Path) -> TokenVerifier:
    async def fetch() -> dict[str, Any]:
        return {"keys": [dict(USERS.public_jwk)]}

    return TokenVerifier(issuer=ISSUER, audience=AUDIENCE, users=FetchedKeys(fetch), services=ServiceKeys(jwks_file))


async def test_a_users_token_names_its_user(verifier: TokenVerifier) -> None:
    """What `users` signs is who it says, with its scopes."""
    tokens = AccessTokens(USERS, ISSUER, AUDIENCE, timedelta(minutes=5))
    token = tokens.issue(user_id="ada", session_id="s", scopes=frozenset({"payments"}), now=datetime.now(UTC))

    assert await verifier.principal(f"Bearer {token}") == Principal("user", "ada", frozenset({"payments"}))
    assert await verifier.principal(f"bearer  {token} ") == Principal("user", "ada", frozenset({"payments"}))


async def test_a_services_token_names_the_service(verifier: TokenVerifier) -> None:
    """Its scopes are those that it is granted, whatever it claims."""
    token = ServiceTokens(service="rewards", key=REWARDS).current()
    greedy = REWARDS.sign(
        {**jwt.decode(token, options={"verify_signature": False}), "scope": "wallet:post admin"}, token_type="JWT"
    )

    principal = await verifier.principal(f"Bearer {token}")

    assert (principal.kind, principal.subject) == ("service", "rewards")
    assert principal.scopes == {"wallet:post", "wallet:read"}
    assert (await verifier.principal(f"Bearer {greedy}")).scopes == {"wallet:post"}


async def test_a_service_cannot_speak_for_another_or_for_a_user(verifier: TokenVerifier) -> None:
    """A key signs for the one it belongs to."""
    as_transactions = ServiceTokens(service="transactions", key=REWARDS).current()

    assert (await verifier.principal(f"Bearer {as_transactions}")).kind == "nobody"
    assert (await verifier.principal(f"Bearer {access_token(REWARDS)}")).kind == "nobody"


NONE_TOKEN = jwt.encode(
    {"sub": "ada", "iss": ISSUER, "aud": AUDIENCE}, "", algorithm="none", headers={"kid": USERS.kid}
)
HMAC_TOKEN = jwt.encode({"sub": "ada"}, "x" * 32, algorithm="HS256", headers={"kid": USERS.kid})


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (None, "Sign in"),
        ("", "Sign in"),
        ("Basic YTpi", "must be: Bearer TOKEN"),
        ("Bearer", "must be: Bearer TOKEN"),
        ("Bearer nonsense", "not valid"),
        (f"Bearer {access_token(STRANGER)}", "not valid"),
        (f"Bearer {access_token(iss='somebody')}", "not valid"),
        (f"Bearer {access_token(aud='elsewhere')}", "not valid"),
        (f"Bearer {access_token(sub=None)}", "not valid"),
        (f"Bearer {access_token(exp=None)}", "not valid"),
        (f"Bearer {access_token(exp=datetime.now(UTC) - timedelta(minutes=1))}", "has expired"),
        (f"Bearer {access_token()[:-4]}AAAA", "not valid"),
        (f"Bearer {NONE_TOKEN}", "not valid"),
        (f"Bearer {HMAC_TOKEN}", "not valid"),
    ],
)
async def test_what_is_not_acceptable_makes_nobody(verifier: TokenVerifier, header: str | None, reason: str) -> None:
    """Foreign keys, issuers, audiences and algorithms, missing claims, tampering, age: nobody, and why."""
    principal = await verifier.principal(header)

    assert (principal.kind, principal.subject, principal.scopes) == ("nobody", "", frozenset())
    assert reason in principal.reason


async def test_a_token_is_verified_once_in_a_while(verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that was good a moment ago is known by its text; after VERIFIED_S, and once it has ended, it is looked at anew."""
    looked: list[str] = []
    now = time.time()
    decode = module._decode

    def look(token: str, *given: Any, **named: Any) -> dict[str, Any]:
        looked.append(token)
        return decode(token, *given, **named)

    monkeypatch.setattr(module, "_decode", look)
    monkeypatch.setattr(time, "time", lambda: now)
    lasting = access_token()
    ending = access_token(exp=datetime.now(UTC) - timedelta(seconds=module.LEEWAY_S - 2))

    for token in (lasting, ending) * 2:
        assert (await verifier.principal(f"Bearer {token}")).subject == "ada"
    assert looked == [lasting, ending]

    now += 3
    await verifier.principal(f"Bearer {ending}")
    assert looked == [lasting, ending, ending]
    now += module.VERIFIED_S
    await verifier.principal(f"Bearer {lasting}")
    assert looked[3:] == [lasting]


async def test_few_tokens_are_known(verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many bearers come, no more than VERIFIED_MAX are remembered, and each is answered alike."""
    monkeypatch.setattr(module, "VERIFIED_MAX", 2)
    for bearer in ("ada", "bob", "cy", "ada", "bob", "cy"):
        assert (await verifier.principal(f"Bearer {access_token(sub=bearer)}")).subject == bearer
        assert len(verifier._verified) <= 2


def test_a_principal_answers_for_itself() -> None:
    """Nobody is unauthenticated; somebody without the right is forbidden."""
    user, service = (
        Principal("user", "ada", frozenset({"wallet:post"})),
        Principal("service", "r", frozenset({"wallet:post"})),
    )

    assert user.require_user() == "ada"
    user.require_user_or_scope("wallet:read")
    service.require_user_or_scope("wallet:post")
    service.require_scope("wallet:post")
    for denied in (NOBODY.require_user, service.require_user, lambda: NOBODY.require_scope("wallet:post")):
        with pytest.raises(Unauthenticated):
            denied()
    for principal, scope in ((user, "wallet:post"), (service, "wallet:read")):
        with pytest.raises(Forbidden):
            principal.require_scope(scope)


def test_service_tokens_are_renewed_before_they_end() -> None:
    """One token serves many calls, and none goes out that is about to expire."""
    clock = FixedClock(datetime(2026, 11, 22, tzinfo=UTC))
    tokens = ServiceTokens(service="rewards", key=REWARDS, clock=clock)
    first = tokens.current()
    clock.advance(timedelta(seconds=89))
    assert tokens.current() == first

    clock.advance(timedelta(seconds=1))

    second = jwt.decode(tokens.current(), options={"verify_signature": False})
    assert tokens.current() != first
    assert second["exp"] - clock.now().timestamp() == module.SERVICE_TOKEN_SECONDS


async def test_fetched_keys_are_kept_and_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A known key costs no fetch; an unknown one costs one in JWKS_REFETCH_S; a retired one is forgotten."""
    documents = [{"keys": [dict(USERS.public_jwk)]}]
    fetched = 0
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)

    async def fetch() -> dict[str, Any]:
        nonlocal fetched
        fetched += 1
        return documents[-1]

    keys = FetchedKeys(fetch)
    for _ in range(3):
        assert await keys.key(USERS.kid) is not None
        assert await keys.key("unknown") is None
    assert fetched == 1

    documents.append({"keys": [dict(STRANGER.public_jwk)]})
    now += module.JWKS_REFETCH_S
    assert await keys.key(STRANGER.kid) is not None
    assert fetched == 2
    assert await keys.key(USERS.kid) is None


async def test_known_keys_outlive_an_outage_of_who_publishes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """For JWKS_STALE_S, and not asking again with each token; a key that nobody knew cannot be judged."""
    asked = 0
    away = False
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)

    async def fetch() -> dict[str, Any]:
        nonlocal asked
        asked += 1
        if away:
            raise DependencyUnavailable("away")
        return {"keys": [dict(USERS.public_jwk)]}

    keys = FetchedKeys(fetch)
    await keys.key(USERS.kid)
    away, now = True, now + module.JWKS_MAX_AGE_S
    for _ in range(3):
        assert await keys.key(USERS.kid) is not None
    assert asked == 2
    with pytest.raises(DependencyUnavailable):
        await keys.key("unknown")

    now += module.JWKS_STALE_S
    with pytest.raises(DependencyUnavailable):
        await keys.key(USERS.kid)


async def test_keys_that_cannot_be_had_are_unavailable() -> None:
    """Whether a token is good cannot be said without them."""

    async def fetch() -> dict[str, Any]:
        return {"keys": "none"}

    with pytest.raises(DependencyUnavailable):
        await FetchedKeys(fetch).key("any")


LOCKED = Ed25519PrivateKey.generate().private_bytes(
    Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")
)


def test_a_signing_key_is_ed25519_in_a_file(tmp_path: Path) -> None:
    """Missing, unreadable or of another kind: one sentence with the setting's name."""
    rsa = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "rsa.pem").write_bytes(rsa)
    (tmp_path / "empty.pem").write_bytes(b"")
    (tmp_path / "locked.pem").write_bytes(LOCKED)
    (tmp_path / "good.pem").write_bytes(USERS.private_pem)

    for path in (None, *(tmp_path / f"{name}.pem" for name in ("absent", "empty", "rsa", "locked"))):
        with pytest.raises(SettingsError, match=r"^PAYFLOW_X"):
            SigningKey.load(path, setting="PAYFLOW_X")
    assert SigningKey.load(tmp_path / "good.pem", setting="PAYFLOW_X").kid == USERS.kid


def test_the_public_half_shows_nothing_private() -> None:
    """What is published, and what a log line shows, has no private part."""
    assert set(USERS.public_jwk) == {"crv", "kty", "x", "kid", "alg", "use"}
    assert "PRIVATE" not in repr(USERS)


@pytest.mark.parametrize("content", ["", "[]", '{"keys": [{}]}', '{"keys": [{"kid": "a", "iss": "b"}]}'])
def test_a_broken_key_file_is_a_setting(tmp_path: Path, content: str) -> None:
    """Said at start, by the variable's name."""
    path = tmp_path / "jwks.json"
    path.write_text(content)

    with pytest.raises(SettingsError, match=r"^PAYFLOW_SERVICE_JWKS_FILE="):
        ServiceKeys(path)
