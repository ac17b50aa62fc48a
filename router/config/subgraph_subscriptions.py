"""`subgraph_subscriptions`: how the router listens to subgraphs."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field

from router import limits
from router.config.base import Settings

StreamProtocol: TypeAlias = Literal["graphql-transport-ws", "sse", "multipart"]
Share: TypeAlias = Literal["always", "at_start", "never"]


def _absolute(path: str) -> str:
    if not path.startswith("/"):
        raise ValueError(f'must start with "/", unlike "{path}"')
    return path


class ReconnectSettings(Settings):
    """What happens where the connection of a subscription is lost. By default it is opened again within a minute.

    What the subgraph tells in between is lost, unless the field takes a cursor: from that it begins again.
    """

    tries: int = Field(default=limits.RECONNECT_TRIES, ge=0)
    """How often in a row; after that, or with 0 at once, the subscription ends with an error."""
    first_s: float = Field(default=limits.RECONNECT_FIRST_S, gt=0)
    """The longest pause before the first try; each further one may be twice as long. Pauses are drawn at random below that."""
    pause_max_s: float = Field(default=limits.RECONNECT_PAUSE_MAX_S, gt=0)
    """The longest pause of all."""
    steady_s: float = Field(default=limits.RECONNECT_STEADY_S, ge=0)
    """A connection that held for so long was a success: the count of tries begins anew."""


class SubgraphSubscriptions(Settings):
    """How subscriptions are opened on subgraphs. `subgraphs.<name>.subscriptions` sets any of these keys for one subgraph."""

    protocol: StreamProtocol = "graphql-transport-ws"
    """`graphql-transport-ws` (WebSocket), `sse` (GraphQL over SSE, distinct connections) or `multipart` (`subscriptionSpec=1.0`)."""
    path: Annotated[str, AfterValidator(_absolute)] | None = None
    """Where, on the host of the subgraph's URL; by default the very URL."""
    share: Share = "always"
    """Whether equal subscriptions of one identity share a connection: `always`, where who comes later is told what comes after;
    `at_start`, only those that come before the first event, for fields that begin with the present state or at a cursor; `never`."""
    per_socket: int = Field(default=limits.SUBGRAPH_OPERATIONS_PER_SOCKET_MAX, ge=1)
    """How many subscriptions of one caller a WebSocket carries; 1 gives each its own, for subgraphs that remember things by the
    socket."""
    open_timeout_s: float = Field(default=limits.CONNECTION_INIT_TIMEOUT_S, gt=0)
    """How long a subgraph may take to accept a connection, and again to acknowledge it."""
    silence_s: float | None = Field(default=None, gt=0)
    """A stream over HTTP on which nothing comes for so long, not even a heartbeat, counts as lost. A WebSocket has pings anyway."""
    reconnect: ReconnectSettings = ReconnectSettings()
