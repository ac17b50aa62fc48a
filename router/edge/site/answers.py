"""The answer to a request for a file: in the coding that the client reads, or a word that it has it already.

Source: RFC 9110, sections 8.8.3 (entity tags), 12.5.3 (Accept-Encoding) and 13.1.2 (If-None-Match); RFC 8246 (immutable).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from router.edge.compression import coding_among
from router.edge.site.files import File

_LASTING: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"


def file_response(file: File, asked: Mapping[str, str], *, headers: Mapping[str, str], compress: bool) -> Response:
    """The file, or 304 where the client's copy is current. `headers` are those of the site."""
    offered = tuple(file.packed) if compress else ()
    coding = coding_among(offered, asked.get("accept-encoding"))
    tag = f'"{file.digest}{f".{coding}" if coding else ""}"'
    told = {
        **headers,
        "cache-control": _LASTING if file.lasting else _ASK_AGAIN,
        "etag": tag,
        **({"vary": "accept-encoding"} if offered else {}),
    }
    if _has_it(asked.get("if-none-match"), tag):
        return Response(status_code=304, headers=told)
    told["content-type"] = file.media_type
    if coding is not None:
        told["content-encoding"] = coding
    return Response(file.content if coding is None else file.packed[coding], headers=told)


def _has_it(if_none_match: str | None, tag: str) -> bool:
    known = [each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")]
    return tag in known or known == ["*"]
