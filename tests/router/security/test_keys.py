"""What is made of a key set document, whatever an issuer put into it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from router.security.keys import parse_key_set
from tests.router.security.tokens import SigningKey

GOOD = SigningKey("good").jwk()
KINDS: dict[str, dict[str, Any]] = {
    "EdDSA": SigningKey("k").jwk(),
    "RS256": RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, 2048).public_key(), as_dict=True),
    "ES256": ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key(), as_dict=True),
}
ODD: list[Any] = [
    None,
    5,
    1e99,
    True,
    "",
    "!!",
    "é",
    "\ud800",
    "A" * 5_000,
    [],
    ["x"],
    {},
    {"a": 1},
    "RSA",
    "EC",
    "Ed448",
]


@pytest.mark.parametrize("kind", KINDS)
def test_odd_members_harm_nothing(kind: str) -> None:
    """Whatever stands in a member of a key, the keys beside it are read, and an unfit one verifies nothing of another kind."""
    entry = KINDS[kind]
    for member in (*entry, "use", "key_ops", "alg", "crv", "kid", "d"):
        for odd in ODD:
            document = json.dumps({"keys": [{**entry, member: odd}, GOOD]}).encode()
            found = parse_key_set(document)
            assert [key.algorithms for key in found["good"]] == [{"EdDSA"}]
            others = [key for keys in found.values() for key in keys if key.kid != "good"]
            assert all(kind in key.algorithms for key in others), (member, odd)


def test_ed25519_has_two_names() -> None:
    """RFC 9864 calls it Ed25519 where RFC 8037 says EdDSA."""
    [key] = parse_key_set(json.dumps({"keys": [{**GOOD, "alg": "Ed25519"}]}).encode())["good"]
    assert key.algorithms == {"EdDSA"}


def test_keys_without_an_id_are_kept() -> None:
    """They are for tokens that name none."""
    entry = {name: value for name, value in GOOD.items() if name != "kid"}
    assert [key.kid for key in parse_key_set(json.dumps({"keys": [entry]}).encode())[None]] == [None]
