"""A file of a site as it is sent: its type, its digest, and itself compressed."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import PurePosixPath
from typing import Final

# Types by our own list: that of the machine differs from one to the next.
_TO_PACK: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/xml",
}
_PACKED_ALREADY: Final[Mapping[str, str]] = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
_UNKNOWN: Final = "application/octet-stream"

CODING_OF_SUFFIX: Final[Mapping[str, str]] = {".br": "br", ".zst": "zstd", ".gz": "gzip"}
"""What a build may have compressed beside a file, e.g. `index.js.br`; the smallest first, as it is preferred."""

PACKED_BYTES_MIN: Final = 1_024  # below, it fits into the packet that carries the headers
_BROTLI_QUALITY: Final = 9  # once for each build: a tenth of a second for a megabyte; the best takes twenty times that
_GZIP_LEVEL: Final = 9
_GZIP_FORMAT: Final = 16 + zlib.MAX_WBITS
# Eight characters or more of base64url or hexadecimal, one of them no small letter: words are in names, too.
_DIGEST_IN_NAME: Final = re.compile(r"[-.](?=[a-z_-]*[A-Z0-9])[A-Za-z0-9_-]{8,}\.[a-z0-9.]+$")


@dataclass(frozen=True, slots=True)
class File:
    """A file by its name in the site, with `/`. `packed` holds it by content coding, the one to prefer first.

    One that is `lasting` has another name whenever it holds something else.
    """

    name: str
    content: bytes
    packed: Mapping[str, bytes]
    digest: str
    lasting: bool

    @property
    def media_type(self) -> str:
        """The value of `content-type`; a file of an unknown kind is bytes, which browsers keep and do not run."""
        suffix = PurePosixPath(self.name).suffix.lower()
        return _TO_PACK.get(suffix) or _PACKED_ALREADY.get(suffix, _UNKNOWN)


def make_file(name: str, content: bytes, *, packed: Mapping[str, bytes], immutable: tuple[str, ...]) -> File:
    """A file as read. `packed` is what the build compressed itself; without any it is done here, where it saves something."""
    ready = dict(packed) or (_packed(content) if _is_to_pack(name, content) else {})
    codings = {coding: ready[coding] for coding in CODING_OF_SUFFIX.values() if coding in ready}
    lasting = is_lasting(name, immutable)
    return File(name, content, codings, hashlib.sha256(content).hexdigest()[:32], lasting)


def is_lasting(name: str, immutable: tuple[str, ...]) -> bool:
    """Whether it may be kept for good: it lies in one of these folders, and a digest stands in its name."""
    return any(name.startswith(f"{folder}/") for folder in immutable) and _DIGEST_IN_NAME.search(name) is not None


def _is_to_pack(name: str, content: bytes) -> bool:
    return PurePosixPath(name).suffix.lower() in _TO_PACK and len(content) >= PACKED_BYTES_MIN


def _packed(content: bytes) -> dict[str, bytes]:
    packed = {"gzip": zlib.compress(content, _GZIP_LEVEL, _GZIP_FORMAT)}
    if find_spec("brotli"):
        packed["br"] = import_module("brotli").compress(content, quality=_BROTLI_QUALITY)
    return {coding: body for coding, body in packed.items() if len(body) < len(content)}
