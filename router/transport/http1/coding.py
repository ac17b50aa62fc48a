"""Undoes content codings (RFC 9110 section 8.4.1), never writing more than was allowed: a bomb stops at the limit."""

from __future__ import annotations

import zlib
from typing import Final

GZIP: Final = 16 + zlib.MAX_WBITS
ZLIB: Final = zlib.MAX_WBITS
RAW: Final = -zlib.MAX_WBITS  # what some servers send as "deflate", which is to be zlib's format

_COMPRESSION_METHOD_DEFLATE: Final = 8


class UnreadableCoding(ValueError):
    """The body is not of the coding that its header names, or that coding is not known."""


class Oversize(ValueError):
    """More bytes than are allowed."""


def decoded(body: bytes, coding: str, *, bytes_max: int) -> bytes:
    """The body without its content coding. Raises UnreadableCoding or Oversize."""
    match coding.strip().lower():
        case "" | "identity":
            return body
        case "gzip" | "x-gzip":
            return _inflate(body, GZIP, bytes_max)
        case "deflate":
            return _inflate(body, ZLIB if _has_zlib_header(body) else RAW, bytes_max)
        case unknown:
            raise UnreadableCoding(f'the content coding "{unknown}" was not asked for')


def _inflate(body: bytes, format_: int, bytes_max: int) -> bytes:
    """Each turn takes a member off the input: gzip allows several, one after another (RFC 1952 section 2.2)."""
    pieces: list[bytes] = []
    size = 0
    while body:
        stream = zlib.decompressobj(format_)
        try:
            piece = stream.decompress(body, bytes_max - size + 1)
        except zlib.error as error:
            raise UnreadableCoding(str(error)) from None
        size += len(piece)
        if size > bytes_max:
            raise Oversize
        if not stream.eof:
            raise UnreadableCoding("the compressed body ends too early")
        pieces.append(piece)
        body = stream.unused_data if format_ == GZIP else b""
    return b"".join(pieces)


def _has_zlib_header(body: bytes) -> bool:
    """RFC 1950 section 2.2: the method is deflate, and the first two bytes are a multiple of 31."""
    return body[0] & 15 == _COMPRESSION_METHOD_DEFLATE and int.from_bytes(body[:2], "big") % 31 == 0 if body else False
