"""What a browser gets where nothing is built yet: one plain page that says so, and how it is built."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final

from starlette.responses import Response

_PAGE: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>This page is not built yet</title>
<link rel="icon" href="data:,">
</head>
<body>
<h1>This page is not built yet</h1>
<p>{way_out} It appears here as soon as it is there; nothing needs a restart.</p>
<p>The API does not wait for it: GraphQL is served at <a href="/graphql">/graphql</a>.</p>
</body>
</html>
"""
_UNTOLD: Final = (
    "The folder that <code>site.directory</code> names has no <code>index.html</code>: build the page into it."
)


def absent_response(build_with: str | None, *, headers: Mapping[str, str]) -> Response:
    """The page, as a 503: what is asked for will be there."""
    way_out = _UNTOLD if build_with is None else f"Build it with <code>{escape(build_with)}</code>."
    return Response(
        _PAGE.format(way_out=way_out),
        503,
        headers={**headers, "cache-control": "no-store", "content-type": "text/html; charset=utf-8"},
    )
