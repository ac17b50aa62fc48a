"""Subscriptions as server-sent events, in the distinct connections mode of GraphQL over SSE.

Sources: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md and the WHATWG HTML standard, section 9.2.6 (which lines
end with \\r\\n, \\n or \\r; a comment begins with a colon; an event ends with an empty line).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import orjson

from router.limits import SUBGRAPH_RESPONSE_BYTES_MAX
from router.transport.base import SubgraphResponse
from router.transport.body import not_graphql, read_response, too_large

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Lines:
    """Cuts a stream of bytes, in pieces of any size, into lines."""

    def __init__(self, *, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._begun: list[bytes] = []
        self._held = 0
        self._after_return = False
        self._at_start = True

    def cut(self, chunk: bytes) -> Iterator[bytes]:
        """The lines that this piece ends, without their ends. Raises OverflowError for one that is too long."""
        text = chunk
        if self._after_return and text.startswith(b"\n"):
            text = text[1:]  # the other half of the line end before
        self._after_return = chunk.endswith(b"\r") if chunk else self._after_return
        first, *others = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self._hold(first)
        for other in others:
            yield self._line()
            self._hold(other)

    def _hold(self, piece: bytes) -> None:
        self._held += len(piece)
        if self._held > self._bytes_max:
            raise OverflowError
        self._begun.append(piece)

    def _line(self) -> bytes:
        line = b"".join(self._begun)
        self._begun.clear()
        self._held = 0
        if self._at_start:
            self._at_start = False
            return line.removeprefix(BYTE_ORDER_MARK)
        return line


class EventStreamFormat:
    """Reads `next` events until `complete`. Other events and fields mean nothing here."""

    accept: ClassVar[str] = "text/event-stream"
    media: ClassVar[str] = "text/event-stream"

    def __init__(
        self, subgraph: str, content_type: str = media, *, bytes_max: int = SUBGRAPH_RESPONSE_BYTES_MAX
    ) -> None:
        self.is_complete = False
        self._subgraph = subgraph
        self._bytes_max = bytes_max
        self._lines = Lines(bytes_max=bytes_max)
        self._event = b""
        self._data: list[bytes] = []
        self._data_bytes = 0

    def read(self, chunk: bytes) -> Iterator[SubgraphResponse]:
        """The events that this piece of the body ends. Raises SubgraphFailure."""
        try:
            for line in self._lines.cut(chunk):
                if line:
                    self._take(line)
                    continue
                event, data = self._ended()
                if event == b"complete":
                    self.is_complete = True
                    return
                # Some servers leave the name away, which makes the event a `message`.
                if data and event in (b"next", b"message", b""):
                    yield self._response(data)
        except OverflowError:
            raise too_large(self._subgraph, self._bytes_max) from None

    def _take(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"event":
            self._event = value
        elif name == b"data":
            self._data_bytes += len(value) + 1
            if self._data_bytes > self._bytes_max:
                raise OverflowError
            self._data.append(value)

    def _ended(self) -> tuple[bytes, bytes]:
        event, data = self._event, b"\n".join(self._data)
        self._event, self._data_bytes = b"", 0
        self._data.clear()
        return event, data

    def _response(self, data: bytes) -> SubgraphResponse:
        try:
            payload = orjson.loads(data)
        except orjson.JSONDecodeError:
            raise not_graphql(self._subgraph, "the data of an event is no JSON") from None
        return read_response(self._subgraph, payload)
