"""The page itself: a few lines of HTML, and the headers that keep everything else out."""

from __future__ import annotations

from functools import cache
from typing import Final

from starlette.responses import Response

from router.edge.explorer.assets import asset

_PAGE: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Router</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{style}">
<script src="{script}" defer></script>
</head>
<body>
<div id="explorer" data-endpoint="graphql"{query_plans}></div>
<noscript>This page needs JavaScript. The GraphQL endpoint beside it, /graphql, does not.</noscript>
</body>
</html>
"""

# The one inline style is what GraphiQL's dialogs stop the page behind them from scrolling with.
_DIALOG_STYLE: Final = "'sha256-nzTgYzXYDNe6BAHiiI7NNlfK8n/auuOAhh2t92YvuXo='"
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' {_DIALOG_STYLE}",
        "font-src data:",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    )
)
_HEADERS: Final = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache",
    "content-security-policy": _POLICY,
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "vary": "accept",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
}


def asks_for_page(method: str, accept: str | None) -> bool:
    """Whether it is a browser's navigation: HTML is wanted, and no JSON."""
    return method in ("GET", "HEAD") and accept is not None and "text/html" in accept and "json" not in accept


@cache
def page_response(*, query_plans: bool) -> Response:
    """The page; with `query_plans` it shows them."""
    shown = ' data-query-plans=""' if query_plans else ""
    page = _PAGE.format(style=asset("explorer.css").address, script=asset("explorer.js").address, query_plans=shown)
    return Response(page, headers=_HEADERS)
