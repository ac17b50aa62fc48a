"""Which forwarded headers may reach a subgraph: those that describe the client's own connection or body may not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# Hop-by-hop headers (RFC 9110 section 7.6.1), the WebSocket handshake (RFC 6455), and what describes a body that is not ours.
NEVER_FORWARDED: Final = frozenset(
    {
        "accept",
        "accept-encoding",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "host",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
JSON_HEADERS: Final[Mapping[str, str]] = {
    "accept": "application/graphql-response+json, application/json",
    "content-type": "application/json",
}


def forwarded(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that a subgraph may see."""
    return {
        name: value
        for name, value in headers.items()
        if name not in NEVER_FORWARDED and not name.startswith("sec-websocket-")
    }


def for_request(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of a POST with a GraphQL request in JSON."""
    return {**forwarded(headers), **JSON_HEADERS}
