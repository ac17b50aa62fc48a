"""Access tokens: which are believed, which are refused and in what words, and how keys come and go."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from time import time
from typing import Any

import jwt
import pytest

from router import limits
from router.config import Issuer, JwtSettings
from router.errors import KeysUnavailable, Unauthenticated
from router.security import keys
from router.security.jwt import TokenVerifier
from tests.router.security.tokens import AUDIENCE, ISSUER, KeyServer, SigningKey
from tests.router.security.verifying import KEY, verifier


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "JWKS_REFETCH_INTERVAL_S", 0.05)


async def refusal(verifier: TokenVerifier, token: str) -> str:
    with pytest.raises(Unauthenticated) as caught:
        await verifier.verify(token)
    return str(caught.value)


async def test_a_good_token_names_its_caller(server: KeyServer) -> None:
    """A token signed by a published key gives subject, scopes and expiry."""
    expires_at = int(time()) + 60

    caller = await verifier(server).verify(KEY.token(sub="ada", scope="read write", exp=expires_at))

    assert caller.authenticated
    assert caller.subject == "ada"
    assert caller.scopes == {"read", "write"}
    assert caller.expires_at == expires_at
    assert caller.issuer == ISSUER


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ({"exp": int(time()) - 1}, "The access token has expired: sign in again or refresh it."),
        ({"exp": None}, "The access token lacks a required claim: it needs exp, iss and the configured audience."),
        ({"nbf": int(time()) + 3600}, "The access token is not valid yet."),
        ({"aud": "elsewhere"}, "The access token is meant for another audience."),
        ({"aud": None}, "The access token lacks a required claim: it needs exp, iss and the configured audience."),
        ({"iss": "https://stranger.test"}, "The access token comes from an issuer that is not accepted here."),
        ({"iss": None}, "The access token comes from an issuer that is not accepted here."),
    ],
)
async def test_claims_that_do_not_hold_are_refused(server: KeyServer, claims: dict[str, Any], message: str) -> None:
    """Each claim that fails has its own sentence."""
    assert await refusal(verifier(server), KEY.token(**claims)) == message


async def test_a_forged_signature_is_refused(server: KeyServer) -> None:
    """Another key under the published key's id does not pass."""
    assert await refusal(verifier(server), SigningKey("k1").token()) == "The access token's signature does not match."


async def test_what_is_no_token_is_refused(server: KeyServer) -> None:
    """Garbage and oversized texts are refused without asking for keys."""
    assert await refusal(verifier(server), "not-a-token") == "The access token is not a JSON Web Token."
    assert await refusal(verifier(server), "x" * 9000) == "The access token is longer than 8192 bytes."
    assert server.reads == 0


async def test_unsigned_and_hmac_tokens_are_refused(server: KeyServer) -> None:
    """`alg: none`, and HMAC with the public key as its secret, fail on the pinned algorithms."""
    claims = {"iss": ISSUER, "aud": AUDIENCE, "exp": int(time()) + 60}
    secret = KEY.jwk()["x"].encode()
    unsigned = jwt.encode(claims, "", algorithm="none", headers={"kid": "k1"})
    hmac = jwt.encode(claims, secret, algorithm="HS256", headers={"kid": "k1"})

    for token in (unsigned, hmac):
        message = "The access token is signed with an algorithm that its issuer does not use."
        assert await refusal(verifier(server), token) == message


async def test_an_algorithm_that_is_not_pinned_is_refused(server: KeyServer) -> None:
    """A good EdDSA token fails where only RS256 was set for its issuer."""
    message = "The access token is signed with an algorithm that its issuer does not use."
    assert await refusal(verifier(server, algorithms=("RS256",)), KEY.token()) == message


async def test_a_token_without_a_key_id_uses_the_only_key(server: KeyServer) -> None:
    """Where the issuer has one key, a token need not name it; where it has two, it must."""
    token = jwt.encode(
        {"iss": ISSUER, "aud": AUDIENCE, "exp": int(time()) + 60, "sub": "u1"}, KEY.private, algorithm="EdDSA"
    )
    assert (await verifier(server).verify(token)).subject == "u1"

    server.keys.append(SigningKey("k2"))
    message = "The access token is signed with a key that its issuer does not publish."
    assert await refusal(verifier(server), token) == message


async def test_leeway_forgives_a_late_clock(server: KeyServer) -> None:
    """A token that expired within the leeway still passes."""
    issuer = Issuer(issuer=ISSUER, audiences=(AUDIENCE,), jwks_url=server.url)
    lenient = TokenVerifier(JwtSettings(issuers=(issuer,), leeway_s=30))

    assert (await lenient.verify(KEY.token(exp=int(time()) - 10))).authenticated


async def test_scopes_of_an_odd_kind_grant_nothing(server: KeyServer) -> None:
    """A scope claim may be words or a list of words; anything else is no scope at all."""
    check = verifier(server)
    assert (await check.verify(KEY.token(scope=["a", "b", 3]))).scopes == {"a", "b"}
    assert (await check.verify(KEY.token(scope={"a": 1}))).scopes == frozenset()


# ── keys ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_keys_are_read_once_and_remembered(server: KeyServer) -> None:
    """Many tokens of one key, asked for at once, cost one request to the issuer."""
    check = verifier(server)

    await asyncio.gather(*(check.verify(KEY.token(sub=f"u{n}")) for n in range(20)))

    assert server.reads == 1


async def test_a_rotated_key_is_found_at_its_first_token(server: KeyServer) -> None:
    """A token signed by a new key passes as soon as the issuer publishes the key."""
    check = verifier(server)
    await check.verify(KEY.token())
    new = SigningKey("k2")
    server.keys = [KEY, new]

    assert (await check.verify(new.token())).authenticated
    assert server.reads == 2


async def test_a_withdrawn_key_takes_its_tokens_along(server: KeyServer) -> None:
    """Once the keys were read again without it, a token of a withdrawn key fails, though it was believed before."""
    check = verifier(server)
    old, new = KEY.token(), SigningKey("k2")
    await check.verify(old)
    server.keys = [new]
    await check.verify(new.token())

    assert await refusal(check, old) == "The access token is signed with a key that its issuer does not publish."


async def test_made_up_key_ids_do_not_hammer_the_issuer(server: KeyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred tokens with unknown key ids, sent at once, cost the issuer at most two more requests."""
    monkeypatch.setattr(limits, "JWKS_REFETCH_INTERVAL_S", 0.3)
    check = verifier(server)
    await check.verify(KEY.token())

    outcomes = await asyncio.gather(
        *(check.verify(SigningKey(f"made-up-{n}").token()) for n in range(100)), return_exceptions=True
    )

    assert all(isinstance(outcome, Unauthenticated) for outcome in outcomes)
    assert server.reads <= 3


async def test_without_keys_a_token_is_not_believed(server: KeyServer) -> None:
    """While the issuer is out of reach, a token is refused as unverifiable, and passes once the issuer is back."""
    check = verifier(server)
    server.down = True
    with pytest.raises(KeysUnavailable, match="cannot be verified at the moment"):
        await check.verify(KEY.token())

    server.down = False
    assert (await check.verify(KEY.token())).authenticated


async def test_nobody_is_signed_out_by_a_short_outage(server: KeyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys past their freshness are used on while the issuer is down; an unknown key id is then unverifiable."""
    check = verifier(server)
    await check.verify(KEY.token())
    server.down = True
    monkeypatch.setattr(limits, "JWKS_FRESH_S", 0.0)

    assert (await check.verify(KEY.token(sub="other"))).authenticated
    with pytest.raises(KeysUnavailable):
        await check.verify(SigningKey("k2").token())


async def test_keys_too_old_are_not_used(server: KeyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past their greatest age even known keys verify nothing while the issuer is down."""
    check = verifier(server)
    await check.verify(KEY.token())
    server.down = True
    monkeypatch.setattr(limits, "JWKS_FRESH_S", 0.0)
    monkeypatch.setattr(limits, "JWKS_STALE_MAX_S", 0.0)

    with pytest.raises(KeysUnavailable):
        await check.verify(KEY.token(sub="other"))


async def test_keys_can_come_from_a_file(tmp_path: Path) -> None:
    """A key set in a file works like one behind a URL, rotation included."""
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": [KEY.jwk()]}))
    check = TokenVerifier(JwtSettings(issuers=(Issuer(issuer=ISSUER, audiences=(AUDIENCE,), jwks_file=file),)))
    assert (await check.verify(KEY.token())).authenticated

    new = SigningKey("k2")
    file.write_text(json.dumps({"keys": [new.jwk()]}))
    assert (await check.verify(new.token())).authenticated


def test_only_signature_keys_are_taken_from_a_set() -> None:
    """Secret keys, encryption keys and unknown kinds in a key set are passed over."""
    entries = [
        KEY.jwk(),
        {"kty": "oct", "kid": "secret", "k": "c2VjcmV0"},
        SigningKey("enc").jwk(use="enc"),
        {"kty": "PQC", "kid": "future"},
        "not even an object",
    ]
    assert set(keys.parse_key_set(json.dumps({"keys": entries}).encode())) == {"k1"}


@pytest.mark.parametrize("document", [b"", b"[]", b'{"keys": 3}', b"<html>", b'{"keys": [' + b"{}," * 100 + b"{}]}"])
def test_what_is_no_key_set_is_an_error(document: bytes) -> None:
    """A document of another shape, or with too many keys, is not taken for an empty set."""
    with pytest.raises(ValueError, match="keys"):
        keys.parse_key_set(document)
