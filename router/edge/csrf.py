"""Tells requests that any page on the web can make a browser send: those that need no preflight under CORS.

Sources: the Fetch standard on CORS-safelisted requests, https://fetch.spec.whatwg.org/#cors-safelisted-request-header, and W3C's
Fetch Metadata Request Headers.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from router.errors import CsrfSuspected

HEADERS_KEPT: Final = 256  # clients differ in a few content types; others are read anew

_SIMPLE_METHODS: Final = frozenset({"GET", "HEAD", "POST"})
_SIMPLE_CONTENT_TYPES: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})
# Browsers set Sec-Fetch-Site themselves, and no page can: the router's own pages, and addresses that a person typed.
_OWN_SITES: Final = frozenset({"same-origin", "none"})


def refuse_forgeries(method: str, headers: Mapping[str, str], required_headers: tuple[str, ...]) -> None:
    """Raise CsrfSuspected where a page of another site could have made a browser send this."""
    if method not in _SIMPLE_METHODS or needs_preflight(headers.get("content-type")):
        return
    if headers.get("sec-fetch-site") not in _OWN_SITES and not any(headers.get(name) for name in required_headers):
        raise CsrfSuspected(required_headers)


@lru_cache(maxsize=HEADERS_KEPT)
def needs_preflight(content_type: str | None) -> bool:
    """Whether a body of this type is one that a browser asks about first."""
    media_type = (content_type or "").partition(";")[0].strip().lower()
    # Without a slash it is no media type, which a browser takes for none at all.
    return "/" in media_type and media_type not in _SIMPLE_CONTENT_TYPES
