"""The public keys in a key set document, and what each of them may verify.

Source: RFC 7517 (sections 4 and 5) and RFC 7518 (section 3.1, which kind of key an algorithm takes); RFC 8037 for Ed25519.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from jwt import PyJWK
from jwt.exceptions import PyJWTError

from router import limits

_RSA: Final = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
_ALGORITHMS: Final[Mapping[tuple[Any, Any], frozenset[str]]] = {
    ("RSA", None): _RSA,
    ("EC", "P-256"): frozenset({"ES256"}),
    ("EC", "P-384"): frozenset({"ES384"}),
    ("EC", "P-521"): frozenset({"ES512"}),
    ("OKP", "Ed25519"): frozenset({"EdDSA"}),
}
_NAMED_OTHERWISE: Final = {"Ed25519": "EdDSA"}  # RFC 9864 gives it a name of its own


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A public key. `algorithms` are those that it may verify; a token without a key id may be meant for one that has none."""

    kid: str | None
    algorithms: frozenset[str]
    key: Any


KeysById: TypeAlias = Mapping[str | None, tuple[VerifyingKey, ...]]
"""The keys of a set by id: several may share one where they are for different algorithms."""


def parse_key_set(document: bytes) -> KeysById:
    """The signature keys of a JWK set; keys of other uses, secret, private and unknown kinds are left out.

    Raises:
        ValueError: it is not a JWK set, or has more than `JWKS_KEYS_MAX` keys.
    """
    try:
        entries = json.loads(document)["keys"]
    except (KeyError, TypeError, ValueError, RecursionError):
        raise ValueError('not a JSON object with a list "keys"') from None
    if not isinstance(entries, list) or len(entries) > limits.JWKS_KEYS_MAX:
        raise ValueError(f'"keys" must be a list of at most {limits.JWKS_KEYS_MAX} keys')
    found: dict[str | None, tuple[VerifyingKey, ...]] = {}
    for key in _verifying_keys(entries):
        found[key.kid] = (*found.get(key.kid, ()), key)
    return found


def _verifying_keys(entries: list[Any]) -> Iterator[VerifyingKey]:
    for entry in entries:
        if isinstance(entry, dict) and _is_for_verifying(entry) and (algorithms := _algorithms(entry)):
            try:
                yield VerifyingKey(_key_id(entry), algorithms, PyJWK(entry, _any_of(algorithms)).key)
            except (PyJWTError, ValueError):
                continue


def _is_for_verifying(entry: Mapping[str, Any]) -> bool:
    operations = entry.get("key_ops", ["verify"])
    return (
        entry.get("use", "sig") == "sig"
        and isinstance(operations, list)
        and "verify" in operations
        and "d" not in entry
    )


def _algorithms(entry: Mapping[str, Any]) -> frozenset[str]:
    """What a key may verify: all that its kind can, or what it says itself where that is one of them."""
    kind, curve = entry.get("kty"), entry.get("crv")
    if not isinstance(kind, str) or not isinstance(curve, str | None):
        return frozenset()
    able = _ALGORITHMS.get((kind, curve), frozenset())
    named = entry.get("alg")
    if named is None:
        return able
    return able & {_NAMED_OTHERWISE.get(named, named)} if isinstance(named, str) else frozenset()


def _any_of(algorithms: frozenset[str]) -> str:
    """The library wants one to read a key by, and reads it the same by each of its kind."""
    return min(algorithms)


def _key_id(entry: Mapping[str, Any]) -> str | None:
    kid = entry.get("kid")
    return kid if isinstance(kid, str) else None
