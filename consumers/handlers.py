"""What a consumer listens to, and what it does about it: events by the batch, a single one being a batch of one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from payflow.events.envelope import EventData
from payflow.kernel.db import UnitOfWork


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as its listener sees it. `request_id` names the request that it comes from, where that is known."""

    id: UUID
    data: EventData
    request_id: str | None = None


class UnknownVersion(Exception):
    """An event of a type that is listened to, in a major version that is not: to ignore it would lose what it says."""


FollowUp = Callable[[Sequence[Happened]], Awaitable[None]]
Handle = Callable[[Sequence[Happened], UnitOfWork], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """What is done about the event types that it names; others are ignored.

    `handle(events, work)` runs in the transaction that remembers the events; it is given the events of a key in the order in which they
    happened, and where one of several raises, each by itself. `follow_up(events)` runs behind its commit, with no transaction open: the
    place for calls over the network that need not be made now. It is not repeated, neither after a crash nor after an error: what it
    does has to stand in the database before, for somebody else to find undone.
    """

    events: Sequence[type[EventData]]
    handle: Handle
    follow_up: FollowUp | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that have to be read for these."""
        return tuple(sorted({event.TOPIC for event in self.events}))

    def kind(self, event_type: str) -> type[EventData] | None:
        """The class of an event type; None where nobody listens to it. Raises UnknownVersion."""
        for event in self.events:
            if event_type == event.TYPE:
                return event
        known = [event.TYPE for event in self.events if _unversioned(event.TYPE) == _unversioned(event_type)]
        if known:
            raise UnknownVersion(f"{event_type} is not understood here, only {', '.join(known)}")
        return None


def _unversioned(event_type: str) -> str:
    return event_type.rpartition(".v")[0]
