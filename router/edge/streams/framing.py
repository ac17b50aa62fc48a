"""How a stream of one operation is written into an HTTP response, by the way that its client takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from router.config import Heartbeats
from router.edge.streams import multipart, sse
from router.edge.streams.accepted import Way
from router.exchange import ClientResponse


@dataclass(frozen=True, slots=True)
class Framing:
    """The bytes of one way. A stream that is silent for `heartbeat_s` says `heartbeat`."""

    content_type: bytes
    opening: bytes
    result: Callable[[ClientResponse], bytes]
    closing: bytes
    heartbeat: bytes = b""
    heartbeat_s: float | None = None


def framing(way: Way, heartbeats: Heartbeats) -> Framing:
    """That of a way. What a heartbeat says is said at once, too: some clients take note of an answer only then."""
    if way == "events":
        return Framing(
            content_type=f"{sse.MEDIA_TYPE}; charset=utf-8".encode(),
            opening=sse.HEARTBEAT,
            result=lambda response: sse.next_event(response.json()),
            closing=sse.COMPLETE,
            heartbeat=sse.HEARTBEAT,
            heartbeat_s=heartbeats.sse_s,
        )
    if way == "subscription_parts":
        return Framing(
            content_type=multipart.SUBSCRIPTION.encode(),
            opening=multipart.OPENING + multipart.HEARTBEAT,
            result=multipart.event,
            closing=multipart.CLOSING,
            heartbeat=multipart.HEARTBEAT,
            heartbeat_s=heartbeats.multipart_s,
        )
    return Framing(
        content_type=multipart.DEFERRED.encode(),
        opening=multipart.OPENING,
        result=lambda response: multipart.part(response.json()),
        closing=multipart.CLOSING,
    )
