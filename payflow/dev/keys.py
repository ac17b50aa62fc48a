"""Signing keys: the one of `users` for access tokens, and one for each service that calls another in its own name."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from payflow.dev.errors import CannotStart

USERS_SIGNING_KEY = "users-signing.pem"
SERVICE_JWKS = "service-jwks.json"
CALLERS = ("transactions", "rewards")


def service_key(caller: str) -> str:
    """The file name of a calling service's private key."""
    return f"{caller}-service.pem"


def generate_keys(folder: Path) -> list[Path]:
    """Make the private keys (Ed25519, PEM, mode 0600) that are missing, and the callers' public keys as a JWK set.

    What exists is kept, so that tokens stay valid. Answers the files it wrote.
    Raises CannotStart where a file that should hold such a key does not.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = [path for name in (USERS_SIGNING_KEY, *map(service_key, CALLERS)) if _made(path := folder / name)]
    keys = [{**public_jwk(_read(folder / service_key(caller))), "iss": caller} for caller in CALLERS]
    jwks, text = folder / SERVICE_JWKS, json.dumps({"keys": keys}, indent=2) + "\n"
    if not jwks.exists() or jwks.read_text() != text:
        _write(jwks, text.encode(), mode=0o644)
        written.append(jwks)
    return written


def _made(path: Path) -> bool:
    if path.exists():
        _read(path)
        return False
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(path, pem, mode=0o600)
    return True


def _read(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise CannotStart(f"{path} does not hold an Ed25519 private key in PEM; remove it to have a new one made")
    return key


def public_jwk(key: Ed25519PrivateKey) -> dict[str, Any]:
    """The public half as a JWK (RFC 8037), named by its thumbprint (RFC 7638)."""
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    required = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(raw)}
    thumbprint = hashlib.sha256(json.dumps(required, separators=(",", ":"), sort_keys=True).encode()).digest()
    return {**required, "alg": "EdDSA", "use": "sig", "kid": _base64url(thumbprint)}


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _write(path: Path, content: bytes, *, mode: int) -> None:
    """All or nothing: a key half written would be kept for ever."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    draft.replace(path)
