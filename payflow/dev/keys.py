"""Signing keys: the ring of `users` for access tokens, and one key for each service that calls another in its own name."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from datetime import UTC, datetime
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
from payflow.kernel.keyring import KeyState, Ring, RingKey

USERS_SIGNING_KEY = "users-signing.pem"
USERS_KEY_RING = "users-keys.json"
SERVICE_JWKS = "service-jwks.json"
CALLERS = ("transactions", "rewards")


def service_key(caller: str) -> str:
    """The file name of a calling service's private key."""
    return f"{caller}-service.pem"


def generate_keys(folder: Path) -> list[Path]:
    """Make the private keys (Ed25519, PEM, mode 0600) that are missing, the ring of users' keys, and the callers' public keys as a JWK set.

    What exists is kept, so that tokens stay valid. Answers the files it wrote.
    Raises CannotStart where a file that should hold such a key does not.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = [*_users_keys(folder), *(path for caller in CALLERS if make_key(path := folder / service_key(caller)))]
    keys = [{**public_jwk(read_key(folder / service_key(caller))), "iss": caller} for caller in CALLERS]
    jwks, text = folder / SERVICE_JWKS, json.dumps({"keys": keys}, indent=2) + "\n"
    if not jwks.exists() or jwks.read_text() != text:
        write_whole(jwks, text.encode(), mode=0o644)
        written.append(jwks)
    return written


def _users_keys(folder: Path) -> list[Path]:
    """A ring that is there is only looked at: its keys come and go by rotation. Else the one key of old becomes its first."""
    ring, first = folder / USERS_KEY_RING, folder / USERS_SIGNING_KEY
    if ring.exists():
        for key in read_ring(ring).keys:
            read_key(folder / key.file)
        return []
    written = [first] if make_key(first) else []
    kid = public_jwk(read_key(first))["kid"]
    write_ring(ring, Ring((RingKey(kid, first.name, KeyState.ACTIVE, datetime.now(UTC)),)))
    return [*written, ring]


def read_ring(path: Path) -> Ring:
    """The ring that a file holds. Raises CannotStart."""
    try:
        return Ring.parse(path.read_bytes())
    except FileNotFoundError:
        raise CannotStart(f"{path} does not exist; make it with: payflow keys generate --dir {path.parent}") from None
    except (OSError, ValueError) as error:
        raise CannotStart(f"{path} does not hold the ring of signing keys: {error}") from None


def write_ring(path: Path, ring: Ring) -> None:
    """Whoever follows the file sees the old ring or the new one."""
    write_whole(path, (json.dumps(ring.as_json(), indent=2) + "\n").encode(), mode=0o644)


def make_key(path: Path) -> bool:
    """Make a private key where there is none. Raises CannotStart where the file holds anything else."""
    if path.exists():
        read_key(path)
        return False
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_whole(path, pem, mode=0o600)
    return True


def read_key(path: Path) -> Ed25519PrivateKey:
    """The private key that a file holds. Raises CannotStart."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
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


def write_whole(path: Path, content: bytes, *, mode: int) -> None:
    """All or nothing: a key half written would be kept for ever."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    draft.replace(path)
