"""`subscriptions` and `defer`: answers that come in several pieces."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from router import limits
from router.config.base import Settings

Overflow: TypeAlias = Literal["close", "drop_oldest"]


class Heartbeats(Settings):
    """How often, in seconds, an idle stream says that it is alive. Proxies cut silent connections after 30 to 60 s."""

    websocket_s: float = Field(default=limits.WEBSOCKET_PING_INTERVAL_S, gt=0)
    """Between the protocol's own pings on a graphql-transport-ws socket."""
    sse_s: float = Field(default=limits.EVENT_STREAM_HEARTBEAT_S, gt=0)
    """Between comments on a stream of server-sent events; the first one is sent at once."""
    multipart_s: float = Field(default=limits.MULTIPART_HEARTBEAT_S, gt=0)
    """Between empty parts of a multipart subscription; the first one is sent at once."""


class SingleConnection(Settings):
    """The single connection mode of graphql-sse: all operations of a client answered on one stream. On by default."""

    enabled: bool = True
    """Whether PUT makes reservations."""
    reservations_max: int = Field(default=limits.RESERVATIONS_MAX, ge=1)
    """Reserved and open streams at one time; one more is told to try again later."""
    reservation_s: float = Field(default=limits.RESERVATION_S, gt=0)
    """How long a reservation waits for its stream."""


class SubscriptionSettings(Settings):
    """Subscriptions towards clients. On by default, by WebSocket, server-sent events and multipart."""

    enabled: bool = True
    """Whether subscriptions are served at all. Where they are not, one is refused with SUBSCRIPTIONS_DISABLED."""
    open_max: int = Field(default=limits.SUBSCRIPTIONS_MAX, ge=1)
    """Open in this process, whatever carries them; one more is refused with 503 and SUBSCRIPTION_MAX_LIMIT."""
    per_client_max: int = Field(default=limits.SUBSCRIPTIONS_PER_CLIENT_MAX, ge=1)
    """Of those, for one client: a token's subject, else an address. One more is refused with 429."""
    queue_events: int = Field(default=limits.SUBSCRIPTION_BUFFER_MAX, ge=1)
    """Events that wait for a client that reads slowly; then `overflow` decides."""
    queue_bytes: int = Field(default=limits.SUBSCRIPTION_BUFFER_BYTES_MAX, ge=1)
    """What those events may weigh together; one event that is larger than that waits alone."""
    overflow: Overflow = "close"
    """`close` ends a stream whose queue is full: the client comes back and resumes by its cursor, and nothing is lost unseen.
    `drop_oldest` goes on without the oldest events, and says in `extensions.dropped` of the next one how many there were."""
    reload_spread_s: float = Field(default=limits.RELOAD_SPREAD_S, ge=0)
    """Where a new supergraph or configuration ends subscriptions, each ends at a moment of its own within this time."""
    heartbeats: Heartbeats = Heartbeats()
    single_connection: SingleConnection = SingleConnection()


class DeferSettings(Settings):
    """`@defer`: parts of an answer that may come later. On by default."""

    enabled: bool = True
    """Whether parts are delivered apart. Where they are not, every operation is answered whole, which @defer allows."""
    unaccepted: Literal["refuse", "answer_whole"] = "refuse"
    """What becomes of an operation with @defer whose client accepts no answer in parts: 406 with DEFER_BAD_HEADER, or the whole
    answer at once."""
