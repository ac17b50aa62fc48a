"""The script and the style of the page, as they were built into this package, compressed once."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from starlette.responses import Response

FOLDER: Final = Path(__file__).parent / "static"
ASSETS_PATH: Final = "/explorer"

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "explorer.js": "text/javascript; charset=utf-8",
    "explorer.css": "text/css; charset=utf-8",
    "licences.txt": "text/plain; charset=utf-8",
}

_GZIP_FORMAT: Final = 16 + zlib.MAX_WBITS
_A_YEAR_S: Final = 31_536_000


@dataclass(frozen=True, slots=True)
class Asset:
    """A file, and the digest of what it holds: a new version has a new address."""

    name: str
    content: bytes
    packed: bytes

    @property
    def version(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:16]

    @property
    def address(self) -> str:
        """Relative to the page, which may stand behind a proxy under a path of its own."""
        return f"{ASSETS_PATH.removeprefix('/')}/{self.name}?v={self.version}"


@cache
def asset(name: str) -> Asset:
    """The file of that name, which must be one of `MEDIA_TYPES`."""
    content = (FOLDER / name).read_bytes()
    return Asset(name, content, zlib.compress(content, 9, _GZIP_FORMAT))


def asset_response(name: str, *, accept_encoding: str) -> Response | None:
    """The answer to a request for a file; None where there is none of that name."""
    if name not in MEDIA_TYPES:
        return None
    found = asset(name)
    gzipped = "gzip" in accept_encoding
    return Response(
        found.packed if gzipped else found.content,
        headers={
            "content-type": MEDIA_TYPES[name],
            "cache-control": f"public, max-age={_A_YEAR_S}, immutable",
            "x-content-type-options": "nosniff",
            "cross-origin-resource-policy": "same-origin",
            "vary": "accept-encoding",
            **({"content-encoding": "gzip"} if gzipped else {}),
        },
    )
