"""The rule of idempotency keys, said once: a key names one input, for ever.

A command's input is fingerprinted *as received*; the first run stores fingerprint and outcome under the key, a repeat answers that
outcome, and the same key with another input is a conflict.
"""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

KEY_LENGTH_MAX = 64


def fingerprint(command: dict[str, Any]) -> bytes:
    """SHA-256 of the canonical JSON of an input."""
    return hashlib.sha256(orjson.dumps(command, option=orjson.OPT_SORT_KEYS, default=str)).digest()


def key_problem(key: str) -> str | None:
    """Why `key` is no idempotency key, or None where it is one."""
    if not 1 <= len(key) <= KEY_LENGTH_MAX:
        return f"idempotencyKey must have 1 to {KEY_LENGTH_MAX} characters, this one has {len(key)}"
    if "\x00" in key:
        return "idempotencyKey must not contain NUL characters, which no database keeps"
    return None
