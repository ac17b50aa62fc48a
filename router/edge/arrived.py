"""A request over HTTP as far as its first line and its headers tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from starlette.types import Scope

from router.edge.gate import Gate
from router.edge.negotiation import MediaType
from router.exchange import Record

HttpHeaders: TypeAlias = Mapping[str, str]


class Arrived(Record, frozen=True):
    """The request, and the gate that it came to. `media_type` is what its client reads, None where that is neither of ours."""

    gate: Gate
    scope: Scope
    headers: HttpHeaders
    media_type: MediaType | None
    request_id: str

    @property
    def is_safe(self) -> bool:
        """Whether the method promises that nothing is changed (RFC 9110, section 9.2.1)."""
        return self.scope["method"] in ("GET", "HEAD")


def headers_of(scope: Scope) -> HttpHeaders:
    """The request's headers by name in lower case; of one that comes several times, the first."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])}
