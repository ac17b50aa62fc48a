"""Subscriptions as a multipart answer: Apollo's protocol `subscriptionSpec=1.0`.

Sources: https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol and RFC 2046 section 5.1.1
(each delimiter is a line break, two hyphens and the boundary; two more hyphens end it all).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar, Final

import orjson

from router.limits import SUBGRAPH_RESPONSE_BYTES_MAX
from router.transport.base import SubgraphResponse
from router.transport.body import are_errors, not_graphql, read_response, too_large

# Quoted or not, and Strawberry has a comma and another media type behind it.
_BOUNDARY: Final = re.compile(r';\s*boundary\s*=\s*(?:"(?P<quoted>[^"]+)"|(?P<token>[^\s;,"]+))', re.IGNORECASE)
_END_OF_HEADERS: Final = re.compile(rb"\r?\n\r?\n")
_BOUNDARY_BYTES_MAX: Final = 70  # RFC 2046


class Parts:
    """Cuts a multipart body, in pieces of any size, into its parts. Line breaks may lack their carriage return.

    What stands before the first delimiter is no part (RFC 2046), but Strawberry leaves that delimiter out.
    """

    def __init__(self, boundary: str, *, bytes_max: int) -> None:
        self.is_complete = False
        self._delimiter = b"\n--" + boundary.encode("latin-1", "replace")
        self._bytes_max = bytes_max
        self._held = bytearray(b"\n")  # the first delimiter may stand at the very beginning
        self._searched = 0
        self._has_begun = False

    def cut(self, chunk: bytes) -> Iterator[bytes]:
        """The parts that this piece ends, headers included. Raises OverflowError for one that is too long."""
        self._held += chunk
        while (at := self._held.find(self._delimiter, self._searched)) >= 0:
            part = bytes(self._held[:at])
            del self._held[: at + len(self._delimiter)]
            self._searched = 0
            if part.startswith(b"--"):
                self.is_complete = True
                return
            if self._has_begun or part.lstrip()[:13].lower() == b"content-type:":
                yield part if self._has_begun else part.lstrip()
            self._has_begun = True
        # A delimiter may have begun at the end of what is held.
        self._searched = max(0, len(self._held) - len(self._delimiter))
        self.is_complete = self._held.startswith(b"--")
        if len(self._held) > self._bytes_max:
            raise OverflowError


class MultipartFormat:
    """Reads events until the last delimiter. Empty parts and heartbeats mean nothing here."""

    # Strawberry looks at the first media type only.
    accept: ClassVar[str] = "multipart/mixed;subscriptionSpec=1.0, application/json"
    media: ClassVar[str] = "multipart/mixed"

    def __init__(self, subgraph: str, content_type: str, *, bytes_max: int = SUBGRAPH_RESPONSE_BYTES_MAX) -> None:
        self._subgraph = subgraph
        self._bytes_max = bytes_max
        self._is_over = False
        self._parts = Parts(_boundary(subgraph, content_type), bytes_max=bytes_max)

    @property
    def is_complete(self) -> bool:
        """Whether the last delimiter, or a fatal error, has come."""
        return self._is_over or self._parts.is_complete

    def read(self, chunk: bytes) -> Iterator[SubgraphResponse]:
        """The events that this piece of the body ends. Raises SubgraphFailure."""
        try:
            for part in self._parts.cut(chunk):
                response = self._response(part)
                if response is not None:
                    yield response
                if self._is_over:
                    return
        except OverflowError:
            raise too_large(self._subgraph, self._bytes_max) from None

    def _response(self, part: bytes) -> SubgraphResponse | None:
        body = _body(part)
        if not body:
            return None
        try:
            message = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise not_graphql(self._subgraph, "a part is no JSON") from None
        return self._event(message) if message else None

    def _event(self, message: Any) -> SubgraphResponse | None:
        match message:
            case {"payload": None, "errors": errors} if errors and are_errors(errors):
                self._is_over = True  # a fatal error is the last thing that is said
                return SubgraphResponse(None, tuple(errors))
            case {"payload": None}:
                return None
            case {"payload": payload}:
                return read_response(self._subgraph, payload)
            case _:
                return read_response(self._subgraph, message)


def _body(part: bytes) -> bytes:
    """A part without its headers, of which there may be none. It begins with what is left of the delimiter's line."""
    end_of_headers = _END_OF_HEADERS.search(part)
    return part[end_of_headers.end() :].strip() if end_of_headers else part.strip()


def _boundary(subgraph: str, content_type: str) -> str:
    found = _BOUNDARY.search(content_type)
    boundary = (found["quoted"] or found["token"]) if found else ""
    if not 0 < len(boundary) <= _BOUNDARY_BYTES_MAX:
        raise not_graphql(subgraph, f"no boundary in the content type {content_type!r}")
    return boundary
