"""Identifiers: time-ordered random ones for new things, derived ones for the steps of a command.

Sources: RFC 9562 sections 5.7 (UUIDv7) and 5.8 (UUIDv8).
"""

from __future__ import annotations

import hashlib
import secrets
import time
from uuid import UUID

_RAND_A_BITS = 12
_RAND_B_BITS = 62


def new_id() -> UUID:
    """A UUIDv7: 48 bits of Unix milliseconds, then randomness, so that new rows land at the end of an index."""
    return _assemble(time.time_ns() // 1_000_000, 7, secrets.randbits(_RAND_A_BITS), secrets.randbits(_RAND_B_BITS))


def derived_id(parent: UUID, name: str) -> UUID:
    """A UUIDv8 that only (parent, name) decide: the parent's time prefix, then 74 bits of a SHA-256.

    It keys the steps of a saga: a repeat of the step carries the same key, and stays near its parent in an index.
    """
    digest = int.from_bytes(hashlib.sha256(parent.bytes + name.encode()).digest()[:16], "big")
    return _assemble(parent.int >> 80, 8, digest >> 116, digest & ((1 << _RAND_B_BITS) - 1))


def content_id(*parts: bytes) -> UUID:
    """A UUIDv8 that only the parts decide: 122 bits of a SHA-256 over them, each behind its length."""
    framed = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    digest = int.from_bytes(hashlib.sha256(framed).digest()[:16], "big")
    return _assemble(digest >> 80, 8, digest >> 64 & ((1 << _RAND_A_BITS) - 1), digest & ((1 << _RAND_B_BITS) - 1))


def parse_id(text: str) -> UUID | None:
    """The UUID written as `text`, or None where it is none: to a caller, such an id names nothing."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _assemble(milliseconds: int, version: int, rand_a: int, rand_b: int) -> UUID:
    return UUID(int=milliseconds << 80 | version << 76 | rand_a << 64 | 0b10 << 62 | rand_b)
