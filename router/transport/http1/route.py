"""What a request looks like on the wire: everything but the body is rendered once per route and set of headers."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Final

import yarl

from router.limits import HEADER_SETS_RENDERED_MAX
from router.transport.headers import JSON_HEADERS, MILLISECONDS, forwarded

HTTP_PORT: Final = 80
ACCEPT_ENCODING: Final = "gzip, deflate"


class UnsendableHeader(ValueError):
    """A header would break out of its line, or is not of the alphabet of headers (RFC 9110 section 5.5)."""


class Route:
    """The way to one subgraph: where to connect, and the lines that open each request to it."""

    def __init__(self, url: yarl.URL, *, compressed: bool = False, timeout_header: str | None = None) -> None:
        assert url.scheme == "http", url
        assert url.raw_host is not None, url
        self.url: Final = str(url.with_user(None))
        self.origin: Final = (url.raw_host, url.port or HTTP_PORT)
        own = {
            "host": url.host_port_subcomponent or "",
            **JSON_HEADERS,
            **({"accept-encoding": ACCEPT_ENCODING} if compressed else {}),
        }
        self._opening = f"POST {url.raw_path_qs} HTTP/1.1\r\n".encode("ascii") + _lines(own)
        self._timeout = None if timeout_header is None else f"{timeout_header}: ".encode("latin-1")
        self._credentials = _basic(url.user, url.password or "") if url.user is not None else None

    def message(self, body: bytes, headers: Mapping[str, str], lines: HeaderLines, *, seconds: float = 0) -> bytes:
        """The whole request; `seconds` is how long there is to answer. Raises UnsendableHeader."""
        if self._credentials is not None:
            headers = {"authorization": self._credentials, **headers}
        told = lines.of(headers)
        if self._timeout is None:
            return b"%b%bcontent-length: %d\r\n\r\n%b" % (self._opening, told, len(body), body)
        milliseconds = seconds * MILLISECONDS
        return b"%b%b%b%d\r\ncontent-length: %d\r\n\r\n%b" % (
            self._opening,
            told,
            self._timeout,
            milliseconds,
            len(body),
            body,
        )


class HeaderLines:
    """Renders forwarded headers, and remembers them: the fetches of one operation all send the same.

    The header `but` is left to whoever writes it himself.
    """

    def __init__(self, remembered_max: int = HEADER_SETS_RENDERED_MAX, *, but: str | None = None) -> None:
        self._remembered_max = remembered_max
        self._but = but
        self._rendered: dict[tuple[tuple[str, str], ...], bytes] = {}

    def of(self, headers: Mapping[str, str]) -> bytes:
        """The lines of those headers that a subgraph may see. Raises UnsendableHeader."""
        if not headers:
            return b""
        key = tuple(headers.items())
        lines = self._rendered.get(key)
        if lines is None:
            lines = _lines({name: value for name, value in forwarded(headers).items() if name != self._but})
            if len(self._rendered) >= self._remembered_max:
                self._rendered.clear()  # request ids make most sets unique: to keep the best of them would cost more
            self._rendered[key] = lines
        return lines


def _lines(headers: Mapping[str, str]) -> bytes:
    try:
        return b"".join(_line(name, value) for name, value in headers.items())
    except UnicodeEncodeError:
        raise UnsendableHeader("a header holds characters beyond Latin-1") from None


def _line(name: str, value: str) -> bytes:
    if not name.isascii() or any(mark in value for mark in "\r\n\0") or any(mark in name for mark in "\r\n\0: "):
        raise UnsendableHeader(f"the header {name!r} holds characters that no header may")
    return f"{name}: {value}\r\n".encode("latin-1")


def _basic(user: str, password: str) -> str:
    """Credentials of a URL as RFC 7617 sends them."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
