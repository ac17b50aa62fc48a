"""Compresses answers for clients that accept it, and unfolds request bodies without letting a small one grow without bound.

Sources: RFC 9110, sections 8.4.1 and 12.5.3; RFC 7694 on what a 415 tells.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Final, TypeAlias

from router.edge.bodies import too_large
from router.errors import BadRequest
from router.limits import COMPRESSED_ASIDE_BYTES_MIN

Compressor: TypeAlias = Callable[[bytes], bytes]

# The fastest levels: a router's time is dearer than the last tenth of a size.
_GZIP_LEVEL: Final = 1
_BROTLI_QUALITY: Final = 1
_ZSTD_LEVEL: Final = 1

_GZIP_FORMAT: Final = 16 + zlib.MAX_WBITS
_GZIP_OR_ZLIB_FORMAT: Final = 32 + zlib.MAX_WBITS
_RAW_FORMAT: Final = -zlib.MAX_WBITS

HEADERS_KEPT: Final = 256  # clients differ in a few dozen Accept-Encoding headers; others are read anew


# ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _gzip(body: bytes) -> bytes:
    return zlib.compress(body, _GZIP_LEVEL, _GZIP_FORMAT)


def _compressors() -> Mapping[str, Compressor]:
    """By the name of the coding, the cheapest for its size first. zstd and br need packages that an installation may lack."""
    found: dict[str, Compressor] = {}
    if find_spec("zstandard"):
        zstandard = import_module("zstandard")
        # A compressor is not to be shared by threads; a new one costs a microsecond.
        found["zstd"] = lambda body: zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(body)
    if find_spec("brotli"):
        brotli = import_module("brotli")
        found["br"] = lambda body: brotli.compress(body, quality=_BROTLI_QUALITY)
    return found | {"gzip": _gzip}


COMPRESSORS: Final = _compressors()


@lru_cache(maxsize=HEADERS_KEPT)
def coding_for(accept_encoding: str | None) -> str | None:
    """The coding to answer in; None where the client takes none that we know, or likes the plain answer better."""
    return coding_among(tuple(COMPRESSORS), accept_encoding)


@lru_cache(maxsize=HEADERS_KEPT)
def coding_among(offered: tuple[str, ...], accept_encoding: str | None) -> str | None:
    """The coding of those that are offered that the client likes best, among equals the first; None for the plain answer."""
    weights = dict(map(_weighed, (accept_encoding or "").split(",")))
    others = weights.get("*", 0.0)
    offers = {name: weights.get(name, others) for name in offered}
    plain = weights.get("identity", 0.0)
    best = max(offers, key=lambda name: offers[name], default=None)
    return best if best is not None and offers[best] > 0 and offers[best] >= plain else None


def _weighed(offer: str) -> tuple[str, float]:
    name, _, parameters = offer.partition(";")
    key, _, weight = parameters.partition("=")
    try:
        return name.strip().lower(), float(weight) if key.strip().lower() == "q" else 1.0
    except ValueError:
        return name.strip().lower(), 0.0


async def compressed(body: bytes, coding: str) -> bytes:
    """The body in a coding. A large one is compressed in a thread: zlib and its like let others run meanwhile."""
    compress = COMPRESSORS[coding]
    if len(body) < COMPRESSED_ASIDE_BYTES_MIN:
        return compress(body)
    return await asyncio.to_thread(compress, body)


# ── request bodies ──────────────────────────────────────────────────────────────────────────────────────────────────


def unfolded(body: bytes, content_encoding: str, *, bytes_max: int) -> bytes:
    """What a request body holds. Raises BadRequest: an unknown coding, one that is broken, or more than `bytes_max` inside."""
    coding = content_encoding.strip().lower()
    if coding in ("", "identity"):
        return body
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise BadRequest(f'The content-encoding "{coding}" is not understood: send gzip, deflate or none.', status=415)
    try:
        return _inflated(body, _format_of(body, coding), bytes_max)
    except zlib.error:
        raise BadRequest(f"The request body is not valid {coding}.") from None


def _format_of(body: bytes, coding: str) -> int:
    """HTTP's deflate is zlib's format (RFC 9110, section 8.4.1.2), yet some clients send it bare."""
    has_zlib_header = len(body) >= 2 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    return _RAW_FORMAT if coding == "deflate" and not has_zlib_header else _GZIP_OR_ZLIB_FORMAT


def _inflated(body: bytes, window_bits: int, bytes_max: int) -> bytes:
    inflating = zlib.decompressobj(window_bits)
    plain = inflating.decompress(body, bytes_max + 1)
    if len(plain) > bytes_max:
        raise too_large(bytes_max)
    if not inflating.eof or inflating.unused_data:
        raise zlib.error("it ends too early, or goes on after its end")
    return plain
