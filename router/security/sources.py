"""Finds the access token in a request: in headers, in cookies, and in what a socket says first."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from router.config.jwt import TokenSource
from router.errors import Unauthenticated

BEARER = "Bearer"


class TokenSources:
    """The places to look, in their order.

    With `lenient`, a header with another prefix is no token; else it is refused. `origins` are the web origins, besides the
    router's own, whose pages may use cookies on a socket.
    """

    def __init__(self, sources: Sequence[TokenSource], *, lenient: bool = False, origins: Container[str] = ()) -> None:
        self._sources = tuple(sources)
        self._lenient = lenient
        self._origins = origins

    def find(self, headers: Mapping[str, str]) -> str | None:
        """The token of a request with these headers (names in lower case); None where it carries none.

        Raises:
            Unauthenticated: a header that should carry a token reads otherwise.
        """
        for source in self._sources:
            token = self._from_header(source, headers) if source.header else _from_cookie(source, headers)
            if token is not None:
                return token
        return None

    def with_payload(self, payload: Mapping[str, Any], headers: Mapping[str, str]) -> Mapping[str, str]:
        """The headers of a socket's handshake as the payload of its `connection_init` amends them.

        A member named like a header that carries tokens takes that header's place; the prefix may be left out. Cookies come
        with every handshake a browser makes, whichever page asked for it: those of foreign pages are taken away.

        Raises:
            Unauthenticated: such a member is not a string, or none that a header could hold.
        """
        amended = dict(headers)
        if "cookie" in amended and not self._is_own_page(headers):
            del amended["cookie"]
        given = {name.lower(): value for name, value in payload.items()}
        for source in self._sources:
            if source.header is not None and given.get(source.header) is not None:
                amended[source.header] = _as_header(source, given[source.header])
        return amended

    def _from_header(self, source: TokenSource, headers: Mapping[str, str]) -> str | None:
        assert source.header is not None, "asked of header sources only"
        value = headers.get(source.header)
        if value is None:
            return None
        prefix = _prefix(source)
        token = _after_prefix(value.strip(), prefix)
        if token is not None:
            return token
        if self._lenient and not _has_prefix(value.strip(), prefix):
            return None
        raise Unauthenticated(f"The {source.header.title()} header must read `{f'{prefix} <token>'.strip()}`.")

    def _is_own_page(self, headers: Mapping[str, str]) -> bool:
        """Whether no page asked (only browsers send Origin), one of this host, or one of an origin that may."""
        origin = headers.get("origin")
        if origin is None or origin in self._origins:
            return True
        try:
            return urlsplit(origin).netloc == headers.get("host")
        except ValueError:
            return False


def _prefix(source: TokenSource) -> str:
    return BEARER if source.prefix is None else source.prefix


def _has_prefix(value: str, prefix: str) -> bool:
    return value.partition(" ")[0].lower() == prefix.lower()


def _after_prefix(value: str, prefix: str) -> str | None:
    """What follows a prefix (in any case: RFC 9110, section 11.1) if it is one word."""
    if prefix:
        scheme, _, value = value.partition(" ")
        if scheme.lower() != prefix.lower():
            return None
        value = value.strip()
    return value if value and " " not in value else None


def _as_header(source: TokenSource, given: Any) -> str:
    if not isinstance(given, str):
        raise Unauthenticated(f"The {source.header} in the connection_init payload must be a string.")
    text = given.strip()
    if not (
        text.isascii() and text.isprintable()
    ):  # it goes on to subgraphs: a line break would begin a header of its own
        raise Unauthenticated(
            f"The {source.header} in the connection_init payload has characters that no header may have."
        )
    return text if " " in text else f"{_prefix(source)} {text}".strip()


def _from_cookie(source: TokenSource, headers: Mapping[str, str]) -> str | None:
    """Raises Unauthenticated where a cookie comes twice: a neighbouring host may have slipped in one of them."""
    tokens = {value for name, value in _cookies(headers.get("cookie", "")) if name == source.cookie}
    if len(tokens) > 1:
        raise Unauthenticated(f"The cookie {source.cookie} comes twice with different values.")
    return next(iter(tokens), None) or None


def _cookies(header: str) -> Iterator[tuple[str, str]]:
    """RFC 6265, section 4.2.1."""
    for pair in header.split(";"):
        name, _, value = pair.partition("=")
        yield name.strip(), value.strip().strip('"')
