"""What a closed WebSocket means for the subscriptions on it: the sentence for clients, and whether to try again is worth while.

Sources: RFC 6455 section 7.4.1, and the close codes of https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from router.errors import SubgraphFailure
from router.transport.interruption import passing

REASONS: Final[Mapping[int, str]] = {
    1002: "it found a fault in what it was sent",
    1003: "it found a fault in what it was sent",
    1007: "it found a fault in what it was sent",
    1008: "it found a breach of its policy",
    1009: "a message was too large",
    1010: "it wants an extension of WebSockets",
    4004: "it found a fault in what it was sent",
    4400: "it found a fault in what it was sent",
    4401: "it does not accept the caller",
    4403: "it does not accept the caller",
    4406: "it does not speak graphql-transport-ws",
    4409: "it found a fault in what it was sent",
    4429: "it found a fault in what it was sent",
    4500: "it has a fault of its own",
}
"""Codes after which the same would only happen again, and why. After any other the subgraph may come back: it was restarted, is
overloaded, or the line was cut."""


def broken_off(subgraph: str, code: int | None, reason: str) -> SubgraphFailure:
    """The failure of a subscription whose socket is closed; `code` is None where the connection broke without one."""
    detail = f"close code {code}: {reason}" if code is not None else reason
    why = REASONS.get(code) if code is not None else None
    if why is None:
        return passing(SubgraphFailure(subgraph, f'Subgraph "{subgraph}" broke off the subscription.', detail))
    return SubgraphFailure(subgraph, f'Subgraph "{subgraph}" broke off the subscription: {why}.', detail)
