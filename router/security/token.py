"""Reads what an access token says before anything of it is believed: its shape, its header and the kinds of its claims.

Source: RFC 7515 (section 3.1, the compact serialization; section 4.1.11, `crit`) and RFC 7519 (section 4, claims). Stricter
than a JOSE library's own reading where leniency helps nobody: names that come twice, numbers in strings, and NaN are refused.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

from router import limits
from router.errors import Unauthenticated

MALFORMED: Final = "The access token is not a JSON Web Token."

_COMPACT: Final = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class UnverifiedToken:
    """What a token says. Nobody knows yet whether its issuer said so."""

    algorithm: str
    key_id: str | None
    issuer: str | None


def read_token(text: str) -> UnverifiedToken:
    """Take a token apart.

    Raises:
        Unauthenticated: it is too long, not a JSON Web Token, or claims something of another kind than it must be.
    """
    if len(text) > limits.TOKEN_BYTES_MAX:
        raise Unauthenticated(f"The access token is longer than {limits.TOKEN_BYTES_MAX} bytes.")
    segments = _COMPACT.fullmatch(text)
    if segments is None:
        raise Unauthenticated(MALFORMED)
    header, claims = _object(segments[1]), _object(segments[2])
    if "crit" in header:
        raise Unauthenticated("The access token's header asks for extensions (`crit`) that are not known here.")
    _check_kinds(header, _HEADER_KINDS, "header parameter")
    _check_kinds(claims, _CLAIM_KINDS, "claim")
    if "alg" not in header:
        raise Unauthenticated(MALFORMED)
    return UnverifiedToken(header["alg"], header.get("kid"), claims.get("iss"))


def _object(segment: str) -> dict[str, Any]:
    try:
        text = urlsafe_b64decode(segment + "=" * (-len(segment) % 4)).decode()
        read = json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unauthenticated(MALFORMED) from error
    if not isinstance(read, dict):
        raise Unauthenticated(MALFORMED)
    return read


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """RFC 7519, section 4: names must be unique. Parsers differ on which of two counts, and so can be played off."""
    read = dict(pairs)
    if len(read) != len(pairs):
        raise Unauthenticated("The access token says something twice.")
    return read


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_time(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _is_audience(value: Any) -> bool:
    return _is_text(value) or (isinstance(value, list) and all(map(_is_text, value)))


Kinds = Mapping[str, tuple[Callable[[Any], bool], str]]

_HEADER_KINDS: Final[Kinds] = {"alg": (_is_text, "a string"), "kid": (_is_text, "a string")}
_CLAIM_KINDS: Final[Kinds] = {
    **dict.fromkeys(("iss", "sub", "jti", "sid"), (_is_text, "a string")),
    **dict.fromkeys(("exp", "nbf", "iat"), (_is_time, "a number")),
    "aud": (_is_audience, "a string or a list of strings"),
}


def _check_kinds(read: Mapping[str, Any], kinds: Kinds, what: str) -> None:
    for name, (fits, kind) in kinds.items():
        if name in read and not fits(read[name]):
            raise Unauthenticated(f"The access token's {what} `{name}` must be {kind}.")
