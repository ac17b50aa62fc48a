"""Headers that no rule may set or pass on, for they are about one connection, one body, or the router's own word."""

from __future__ import annotations

from typing import Final

# Hop-by-hop headers (RFC 9110 sections 7.6.1 and 11.7) and the WebSocket handshake (RFC 6455), but for its sec-websocket-*.
_OF_A_CONNECTION: Final = frozenset(
    {
        "connection",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_OF_A_BODY: Final = frozenset({"content-encoding", "content-length", "content-type"})

NEVER_FORWARDED: Final = _OF_A_CONNECTION | _OF_A_BODY | {"accept", "accept-encoding", "expect"}
"""Of a client's request: what it says of a body and of answers is not true of those between router and subgraph."""

NEVER_TOLD: Final = (
    _OF_A_CONNECTION
    | _OF_A_BODY
    | {"accept-ranges", "age", "content-range", "date", "etag", "last-modified", "server", "vary", "x-request-id"}
    | {
        "access-control-allow-credentials",
        "access-control-allow-headers",
        "access-control-allow-methods",
        "access-control-allow-origin",
        "access-control-allow-private-network",
        "access-control-expose-headers",
        "access-control-max-age",
    }
)
"""Of a subgraph's answer: validators and ages are of its own body, and which sites may read an answer is for the router to say."""
