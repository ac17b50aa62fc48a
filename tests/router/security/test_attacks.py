"""Forged and malformed tokens, made with real keys: each is refused in its own words, and none makes the router look elsewhere."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from time import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from router import limits
from router.config import Issuer, JwtSettings
from router.errors import Unauthenticated
from router.security.jwt import TokenVerifier
from tests.router.security.tokens import AUDIENCE, ISSUER, KeyServer, SigningKey, segment, signed
from tests.router.security.verifying import KEY, verifier

STRANGER = SigningKey("k1")

ALGORITHM = "The access token is signed with an algorithm that its issuer does not use."
AUDIENCES = "The access token is meant for another audience."
CRITICAL = "The access token's header asks for extensions (`crit`) that are not known here."
EXPIRED = "The access token has expired: sign in again or refresh it."
ISSUERS = "The access token comes from an issuer that is not accepted here."
MALFORMED = "The access token is not a JSON Web Token."
NOT_YET = "The access token is not valid yet."
SIGNATURE = "The access token's signature does not match."
TOO_LONG = "The access token is longer than 8192 bytes."
TWICE = "The access token says something twice."
UNKNOWN_KEY = "The access token is signed with a key that its issuer does not publish."


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "JWKS_REFETCH_INTERVAL_S", 0.0)


async def refusal(verifier: TokenVerifier, token: str) -> str:
    with pytest.raises(Unauthenticated) as caught:
        await verifier.verify(token)
    assert (caught.value.code, caught.value.status) == ("UNAUTHENTICATED", 401)
    return str(caught.value)


def claims(**changed: Any) -> dict[str, Any]:
    return {"iss": ISSUER, "aud": AUDIENCE, "sub": "u1", "exp": int(time()) + 60, **changed}


def header(**changed: Any) -> dict[str, Any]:
    return {"alg": "EdDSA", "kid": "k1", **changed}


def hmac_signed(secret: bytes, algorithm: str = "HS256") -> str:
    """What a library that takes its algorithm from the token would believe."""
    signing_input = f"{segment(header(alg=algorithm))}.{segment(claims())}"
    return f"{signing_input}.{segment(hmac.new(secret, signing_input.encode(), hashlib.sha256).digest())}"


def public_pem() -> bytes:
    return KEY.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def with_algorithm(name: str) -> str:
    """A good token whose header was changed afterwards, without its signature."""
    return f"{segment(header(alg=name))}.{segment(claims())}."


GOOD = KEY.token()
HEADER, PAYLOAD, SIGNED = GOOD.split(".")
ATTACKS: dict[str, tuple[Callable[[], str], str]] = {
    "alg none": (lambda: with_algorithm("none"), ALGORITHM),
    "alg None": (lambda: with_algorithm("None"), ALGORITHM),
    "alg nOnE with a signature": (lambda: with_algorithm("nOnE") + SIGNED, ALGORITHM),
    "alg empty": (lambda: with_algorithm(""), ALGORITHM),
    "alg absent": (lambda: f"{segment({'kid': 'k1'})}.{PAYLOAD}.{SIGNED}", MALFORMED),
    "alg not a string": (
        lambda: f"{segment(header(alg=['EdDSA']))}.{PAYLOAD}.{SIGNED}",
        "The access token's header parameter `alg` must be a string.",
    ),
    "HMAC with the public key in PEM": (lambda: hmac_signed(public_pem()), ALGORITHM),
    "HMAC with the public key's bytes": (lambda: hmac_signed(KEY.jwk()["x"].encode()), ALGORITHM),
    "HMAC with the whole JWK": (lambda: hmac_signed(json.dumps(KEY.jwk()).encode(), "HS512"), ALGORITHM),
    "HMAC with nothing": (lambda: hmac_signed(b""), ALGORITHM),
    "another key under the same id": (lambda: STRANGER.token(), SIGNATURE),
    "no signature": (lambda: f"{HEADER}.{PAYLOAD}.", SIGNATURE),
    "another token's signature": (lambda: f"{HEADER}.{PAYLOAD}.{KEY.token(sub='u2').split('.')[2]}", SIGNATURE),
    "claims changed after signing": (lambda: f"{HEADER}.{segment(claims(sub='admin'))}.{SIGNED}", SIGNATURE),
    "header changed after signing": (lambda: f"{segment(header(typ='x'))}.{PAYLOAD}.{SIGNED}", SIGNATURE),
    "wrong audience": (lambda: KEY.token(aud="elsewhere"), AUDIENCES),
    "a list of wrong audiences": (lambda: KEY.token(aud=["a", "b"]), AUDIENCES),
    "audience by prefix": (lambda: KEY.token(aud=AUDIENCE + ".evil"), AUDIENCES),
    "wrong issuer": (lambda: KEY.token(iss="https://evil.test"), ISSUERS),
    "issuer by prefix": (lambda: KEY.token(iss=ISSUER + "/"), ISSUERS),
    "issuer in other letters": (lambda: KEY.token(iss=ISSUER.upper()), ISSUERS),
    "expired": (lambda: KEY.token(exp=int(time()) - 1), EXPIRED),
    "expired at the beginning of time": (lambda: KEY.token(exp=0), EXPIRED),
    "expired before it": (lambda: KEY.token(exp=-1), EXPIRED),
    "not before tomorrow": (lambda: KEY.token(nbf=int(time()) + 86_400), NOT_YET),
    "issued tomorrow": (lambda: KEY.token(iat=int(time()) + 86_400), NOT_YET),
    "kid that leaves its folder": (lambda: KEY.token(headers={"kid": "../../../../dev/null"}), UNKNOWN_KEY),
    "kid with a null byte": (lambda: KEY.token(headers={"kid": "k1\0.pem"}), UNKNOWN_KEY),
    "kid with SQL": (lambda: KEY.token(headers={"kid": "' UNION SELECT 'secret"}), UNKNOWN_KEY),
    "kid empty": (lambda: KEY.token(headers={"kid": ""}), UNKNOWN_KEY),
    "kid a number": (
        lambda: signed(KEY, header(kid=1), claims()),
        "The access token's header parameter `kid` must be a string.",
    ),
    "kid an object": (
        lambda: signed(KEY, header(kid={"k": 1}), claims()),
        "The access token's header parameter `kid` must be a string.",
    ),
    "crit": (lambda: signed(KEY, header(crit=["exp"], exp=1), claims()), CRITICAL),
    "crit with b64": (lambda: signed(KEY, header(crit=["b64"], b64=False), claims()), CRITICAL),
    "crit empty": (lambda: signed(KEY, header(crit=[]), claims()), CRITICAL),
    "b64 without crit": (lambda: signed(KEY, header(b64=False), claims()), MALFORMED),
    "two segments": (lambda: f"{HEADER}.{PAYLOAD}", MALFORMED),
    "four segments": (lambda: f"{GOOD}.{SIGNED}", MALFORMED),
    "five segments, an encrypted token": (lambda: f"{GOOD}.{SIGNED}.{SIGNED}", MALFORMED),
    "truncated claims": (lambda: f"{HEADER}.{PAYLOAD[:-9]}.{SIGNED}", MALFORMED),
    "truncated signature": (lambda: f"{HEADER}.{PAYLOAD}.{SIGNED[:80]}", SIGNATURE),
    "padding": (lambda: f"{HEADER}.{PAYLOAD}.{SIGNED}==", MALFORMED),
    "base64 of another alphabet": (lambda: f"{HEADER}.{PAYLOAD}.+/+/", MALFORMED),
    "not base64": (lambda: "!!!!.????.####", MALFORMED),
    "a line break": (lambda: GOOD.replace(".", ".\n", 1), MALFORMED),
    "not ASCII": (lambda: GOOD + "é", MALFORMED),
    "half a character": (lambda: GOOD + "\ud800", MALFORMED),
    "JSON serialization": (lambda: json.dumps({"payload": PAYLOAD, "signatures": []}), MALFORMED),
    "header not an object": (lambda: f"{segment(['alg'])}.{PAYLOAD}.{SIGNED}", MALFORMED),
    "claims not an object": (lambda: signed(KEY, header(), ["iss", ISSUER]), MALFORMED),
    "claims not JSON": (lambda: signed(KEY, header(), b"iss=issuer"), MALFORMED),
    "claims in UTF-16": (lambda: signed(KEY, header(), json.dumps(claims()).encode("utf-16")), MALFORMED),
    "claims deeply nested": (lambda: signed(KEY, header(), b"[" * 5_000), MALFORMED),
    "a number of 4 000 digits and more": (lambda: signed(KEY, header(), b'{"exp":' + b"9" * 4_400 + b"}"), MALFORMED),
    "100 kB": (lambda: KEY.token(padding="x" * 100_000), TOO_LONG),
    "100 kB of dots": (lambda: "." * 100_000, TOO_LONG),
    "a claim twice": (lambda: signed(KEY, header(), b'{"sub":"u1",' + json.dumps(claims()).encode()[1:]), TWICE),
    "a header parameter twice": (
        lambda: segment(b'{"alg":"none",' + json.dumps(header()).encode()[1:]) + f".{PAYLOAD}.{SIGNED}",
        TWICE,
    ),
}
ODD_CLAIMS: dict[str, tuple[list[Any], str]] = {
    "iss": ([1, None, [ISSUER], {"iss": ISSUER}], "a string"),
    "sub": ([1, ["u1"]], "a string"),
    "jti": ([1, []], "a string"),
    "aud": ([1, None, {"aud": AUDIENCE}, [AUDIENCE, 1]], "a string or a list of strings"),
    "exp": ([None, "9999999999", True, [9_999_999_999], {}], "a number"),
    "nbf": (["0", False], "a number"),
    "iat": (["0", []], "a number"),
}


@pytest.mark.parametrize("attack", ATTACKS)
async def test_an_attack_is_refused(server: KeyServer, attack: str) -> None:
    """Whatever was tried, the answer is 401 with the sentence for it, the second time, too; and a good token still passes."""
    forge, message = ATTACKS[attack]
    check, token = verifier(server), forge()

    assert await refusal(check, token) == message
    assert await refusal(check, token) == message
    assert (await check.verify(KEY.token())).subject == "u1"


@pytest.mark.parametrize(
    ("claim", "odd", "kind"), [(claim, odd, kind) for claim, (odds, kind) in ODD_CLAIMS.items() for odd in odds]
)
async def test_a_claim_of_another_kind_is_refused(server: KeyServer, claim: str, odd: Any, kind: str) -> None:
    """A claim that the router reads must be of its kind, though the issuer signed it."""
    token = signed(KEY, header(), claims(**{claim: odd}))
    assert await refusal(verifier(server), token) == f"The access token's claim `{claim}` must be {kind}."


@pytest.mark.parametrize("exp", [b"1e999", b"NaN", b"Infinity", b"-Infinity"])
async def test_no_expiry_is_infinite(server: KeyServer, exp: bytes) -> None:
    """Numbers that JSON does not have, or that no float holds, expire nothing."""
    text = json.dumps(claims(exp=0)).encode().replace(b'"exp": 0', b'"exp": ' + exp)
    assert await refusal(verifier(server), signed(KEY, header(), text)) in (
        MALFORMED,
        "The access token's claim `exp` must be a number.",
    )


async def test_keys_that_a_token_brings_along_are_not_used(server: KeyServer) -> None:
    """`jwk`, `jku`, `x5u` and `x5c` of a header are neither believed nor followed."""
    evil = SigningKey("evil")
    async with KeyServer(evil).serving() as theirs:
        for brought in ({"jwk": evil.jwk()}, {"jku": theirs.url}, {"x5u": theirs.url}, {"x5c": ["MIIB"]}):
            assert await refusal(verifier(server), evil.token(headers=brought)) == UNKNOWN_KEY
            assert await refusal(verifier(server), evil.token(headers={"kid": "k1", **brought})) == SIGNATURE
            assert await refusal(verifier(server), evil.token(headers={"kid": theirs.url, **brought})) == UNKNOWN_KEY
        assert theirs.reads == 0
    assert (await verifier(server).verify(KEY.token(headers={"jku": theirs.url}))).subject == "u1"


async def test_an_issuers_key_signs_for_that_issuer_only(server: KeyServer) -> None:
    """Of two issuers, one cannot sign in the other's name, even where both name their keys alike."""
    other = SigningKey("k1")
    async with KeyServer(other).serving() as second:
        issuers = (
            Issuer(issuer=ISSUER, jwks_url=server.url),
            Issuer(issuer="https://second.test", jwks_url=second.url, audiences=("second",), scope_claim="permissions"),
        )
        check = TokenVerifier(JwtSettings(issuers=issuers))

        caller = await check.verify(other.token(iss="https://second.test", aud="second", permissions=["a"], scope="b"))
        assert caller.issuer == "https://second.test"
        assert caller.scopes == {"a"}
        assert await refusal(check, other.token()) == SIGNATURE
        assert await refusal(check, KEY.token(iss="https://second.test", aud="second")) == SIGNATURE
        assert await refusal(check, other.token(iss="https://second.test")) == AUDIENCES


async def test_a_missing_expiry_must_be_allowed(server: KeyServer) -> None:
    """A token that never expires is believed only where its issuer may sign such; it has no end then."""
    token = KEY.token(exp=None)

    assert "lacks a required claim" in await refusal(verifier(server), token)
    assert (await verifier(server, allow_missing_exp=True).verify(token)).expires_at is None


# ── other kinds of keys ─────────────────────────────────────────────────────────────────────────────────────────────


def published(private: Any, **extra: Any) -> dict[str, Any]:
    by_kind = jwt.algorithms.RSAAlgorithm if isinstance(private, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
    return {**by_kind.to_jwk(private.public_key(), as_dict=True), "kid": "other", **extra}


async def with_keys(server: KeyServer, *entries: dict[str, Any], **settings: Any) -> TokenVerifier:
    server.body = json.dumps({"keys": entries}).encode()
    every = ("EdDSA", "ES256", "ES384", "RS256", "PS256", "PS512")
    return verifier(server, **{"algorithms": every, **settings})


def token(private: Any, algorithm: str) -> str:
    return jwt.encode(claims(), private, algorithm=algorithm, headers={"kid": "other"})


async def test_rsa_keys_verify_what_they_say(server: KeyServer) -> None:
    """An RSA key without `alg` serves every pinned RSA algorithm; one with it, that alone."""
    private = rsa.generate_private_key(65537, 2048)
    open_minded = await with_keys(server, published(private))
    for algorithm in ("RS256", "PS256", "PS512"):
        assert (await open_minded.verify(token(private, algorithm))).authenticated

    narrow = await with_keys(server, published(private, alg="PS256"))
    assert (await narrow.verify(token(private, "PS256"))).authenticated
    assert await refusal(narrow, token(private, "RS256")) == UNKNOWN_KEY

    pinned = await with_keys(server, published(private), algorithms=("PS256",))
    assert await refusal(pinned, token(private, "RS256")) == ALGORITHM


async def test_a_curve_has_its_algorithm(server: KeyServer) -> None:
    """A P-256 key verifies ES256; a token that says ES384 finds no key."""
    private = ec.generate_private_key(ec.SECP256R1())
    check = await with_keys(server, published(private))

    assert (await check.verify(token(private, "ES256"))).authenticated
    forged = f"{segment({'alg': 'ES384', 'kid': 'other'})}.{segment(claims())}.{segment(b'x' * 96)}"
    assert await refusal(check, forged) == UNKNOWN_KEY


async def test_a_short_key_verifies_nothing(server: KeyServer) -> None:
    """RSA keys under 2048 bits can be broken: RFC 7518, section 3.3."""
    private = rsa.generate_private_key(65537, 1024)
    with pytest.warns(jwt.warnings.InsecureKeyLengthWarning):
        short = token(private, "RS256")
    check = await with_keys(server, published(private))

    assert await refusal(check, short) == "The access token is signed with a key that is too short to be trusted."


@pytest.mark.parametrize(
    "extra",
    [{"use": "enc"}, {"key_ops": ["sign"]}, {"key_ops": ["encrypt"]}, {"key_ops": "verify"}, {"alg": "RSA-OAEP"}],
)
async def test_keys_for_other_uses_verify_nothing(server: KeyServer, extra: dict[str, Any]) -> None:
    """`use`, `key_ops` and `alg` of a key are its owner's word on what it is for."""
    private = rsa.generate_private_key(65537, 2048)
    check = await with_keys(server, published(private, **extra), KEY.jwk())

    assert await refusal(check, token(private, "RS256")) == UNKNOWN_KEY


async def test_a_key_for_verifying_verifies(server: KeyServer) -> None:
    """`key_ops: [verify]` is such a word; so is none."""
    private = rsa.generate_private_key(65537, 2048)
    check = await with_keys(server, published(private, use="sig", key_ops=["verify"], alg="RS256"))

    assert (await check.verify(token(private, "RS256"))).authenticated


async def test_keys_may_share_an_id_where_their_kinds_differ(server: KeyServer) -> None:
    """RFC 7517, section 4.5: alternatives for different algorithms may have one `kid`."""
    elliptic, big = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
    check = await with_keys(server, published(elliptic), published(big))

    assert (await check.verify(token(elliptic, "ES256"))).authenticated
    assert (await check.verify(token(big, "RS256"))).authenticated


async def test_a_published_private_key_is_passed_over(server: KeyServer) -> None:
    """Whoever publishes it, anybody could sign with it."""
    private = jwt.algorithms.OKPAlgorithm.to_jwk(KEY.private, as_dict=True)
    check = await with_keys(server, {**private, "kid": "k1"})

    assert await refusal(check, KEY.token()) == UNKNOWN_KEY
