"""`http`, `batching` and `compression`: what a client may send over HTTP, and how answers travel back."""

from __future__ import annotations

from pydantic import Field

from router import limits
from router.config.base import Settings


class HttpSettings(Settings):
    """Bounds of an HTTP request; past one the client is told which. Those of heads and times are read once, at the start."""

    body_bytes: int = Field(default=limits.REQUEST_BYTES_MAX, ge=1)
    """Of a request's body, compressed and as it unfolds; more is a 413."""
    url_bytes: int = Field(default=limits.URL_BYTES_MAX, ge=64)
    """Of a URL with its query string; more is a 414."""
    header_bytes: int = Field(default=limits.HEADER_BYTES_MAX, ge=256)
    """Of all headers of a request together; more is a 431."""
    headers_max: int = Field(default=limits.HEADERS_MAX, ge=4)
    """How many headers a request may have; more is a 431."""
    head_timeout_s: float = Field(default=limits.REQUEST_HEAD_S, gt=0)
    """For a request's line and headers to arrive; then the connection is closed, with a 408 if anything came."""
    body_timeout_s: float = Field(default=limits.REQUEST_BODY_S, gt=0)
    """For its body to arrive after that; then it is a 408."""


class BatchingSettings(Settings):
    """Several operations in one POST, as a JSON list. Off by default: a refused list says BATCHING_NOT_ENABLED."""

    enabled: bool = False
    """Whether lists are answered, with a list of as many answers in the same order."""
    maximum: int = Field(default=limits.BATCH_OPERATIONS_MAX, ge=1)
    """Operations in one list; more is refused with BATCH_LIMIT_EXCEEDED."""


class CompressionSettings(Settings):
    """Compressed answers, for clients that accept them. On by default; streams are never compressed."""

    enabled: bool = True
    """Turn it off where a proxy in front does it, or where answers mix secrets with what an attacker may choose (BREACH)."""
    minimum_bytes: int = Field(default=limits.COMPRESSED_BYTES_MIN, ge=0)
    """Answers below this size go as they are: they fit into a packet or three."""
