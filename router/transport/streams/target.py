"""Where a subgraph takes subscriptions, and how it speaks there. Compared by value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import yarl

from router.limits import CONNECTION_INIT_TIMEOUT_S, SUBGRAPH_OPERATIONS_PER_SOCKET_MAX
from router.transport.streams.reconnect import NEVER, Reconnect

StreamProtocol: TypeAlias = Literal["graphql-transport-ws", "sse", "multipart"]


@dataclass(frozen=True, slots=True)
class Target:
    """The address has the scheme http or https, whatever the protocol.

    `timeout_s` is how long the subgraph may take to accept a connection, and over a WebSocket again to acknowledge it. With
    `silence_s`, a stream over HTTP that says nothing for so long, not even a heartbeat, is taken for lost; a WebSocket has pings of
    its own, and carries `operations_max` subscriptions.
    """

    url: yarl.URL
    protocol: StreamProtocol = "graphql-transport-ws"
    reconnect: Reconnect = NEVER
    timeout_s: float = CONNECTION_INIT_TIMEOUT_S
    silence_s: float | None = None
    operations_max: int = SUBGRAPH_OPERATIONS_PER_SOCKET_MAX

    @property
    def address(self) -> str:
        """What to connect to."""
        if self.protocol != "graphql-transport-ws":
            return str(self.url)
        return str(self.url.with_scheme("wss" if self.url.scheme == "https" else "ws"))
