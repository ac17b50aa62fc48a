"""The bytes of server-sent events as graphql-sse wants them.

Sources: the HTML standard, section 9.2 (server-sent events), and graphql-sse's PROTOCOL.md,
https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
"""

from __future__ import annotations

from typing import Final

import msgspec

MEDIA_TYPE: Final = "text/event-stream"

HEARTBEAT: Final = b":\n\n"
"""A comment, which every reader passes over."""

COMPLETE: Final = b"event: complete\ndata:\n\n"
"""The end of a stream of one operation. Browsers pass over an event without `data`, so it has some: none."""


def next_event(result: bytes) -> bytes:
    """A result, of a stream of one operation."""
    return b"".join((b"event: next\ndata: ", _lines(result), b"\n\n"))


def next_event_of(operation_id: str, result: bytes) -> bytes:
    """A result of one of a stream's operations."""
    told = msgspec.json.encode(operation_id)
    return b"".join((b'event: next\ndata: {"id":', told, b',"payload":', _lines(result), b"}\n\n"))


def complete_event_of(operation_id: str) -> bytes:
    """The end of one of a stream's operations."""
    return b"".join((b'event: complete\ndata: {"id":', msgspec.json.encode(operation_id), b"}\n\n"))


def _lines(json: bytes) -> bytes:
    """JSON as the value of `data`. A line break, which stands between its tokens only, begins another `data`."""
    if b"\n" not in json and b"\r" not in json:
        return json
    return b"\ndata: ".join(json.splitlines())
