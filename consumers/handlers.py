"""A handler: which event type goes where."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from payflow.events.envelope import EventData
from payflow.kernel.db import UnitOfWork

Data = TypeVar("Data", bound=EventData)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler(Generic[Data]):
    """What a consumer does about one event type.

    `prepare(data)` runs first, with no transaction open: the place for calls over the network. A crash behind it repeats
    it, so it has to be idempotent. `handle(event_id, data, work)` runs in the transaction that remembers the event.
    """

    event: type[Data]
    handle: Callable[[UUID, Data, UnitOfWork], Awaitable[None]]
    prepare: Callable[[Data], Awaitable[None]] | None = None


Handlers = Mapping[str, Handler[Any]]


def by_type(handlers: Iterable[Handler[Any]]) -> Handlers:
    """Event type → handler."""
    return {handler.event.TYPE: handler for handler in handlers}


def topics_of(handlers: Handlers) -> tuple[str, ...]:
    """The topics that have to be read for these."""
    return tuple(sorted({handler.event.TOPIC for handler in handlers.values()}))
