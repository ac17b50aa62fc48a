"""Brings subscribers and sources together: the first subscriber of a key starts its source, the last one ends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable
from typing import Generic, Literal, TypeAlias, TypeVar

from router.limits import SUBSCRIPTION_BUFFER_MAX
from router.subscriptions.source import Source
from router.subscriptions.subscriber import Overflow, Subscriber

T = TypeVar("T")

Share: TypeAlias = Literal["always", "at_start", "never"]
"""Whom a source may take in after its first subscriber: anybody, those who come before its first event, nobody."""

Start: TypeAlias = Callable[[], AsyncIterator[T]]


class Hub(Generic[T]):
    """Sources by key. Belongs to one event loop.

    A failure of a source reaches each subscriber as an exception of its own, made by `own`: one object raised in many tasks would
    pile their tracebacks up on it.
    """

    def __init__(self, own: Callable[[BaseException], BaseException] = lambda error: error) -> None:
        self.dropped = 0
        self._own = own
        self._joinable: dict[Hashable, Source[T]] = {}
        self._open: set[Source[T]] = set()

    def __len__(self) -> int:
        """How many sources are open."""
        return len(self._open)

    @property
    def subscribers(self) -> int:
        """How many listen to them."""
        return sum(len(source) for source in self._open)

    def join(
        self,
        key: Hashable,
        start: Start[T],
        *,
        share: Share = "always",
        capacity: int = SUBSCRIPTION_BUFFER_MAX,
        overflow: Overflow = "close",
    ) -> Subscriber[T]:
        """Listen to the source under `key`; where there is none that may be joined, `start` opens it."""
        source = self._joinable.get(key) if share != "never" else None
        if source is None or (share == "at_start" and source.has_begun):
            source = self._opened(key, start, joinable=share != "never")
        return source.join(capacity=capacity, overflow=overflow)

    async def close(self) -> None:
        """End every source, and with it its subscribers. Idempotent."""
        await asyncio.gather(*(source.close() for source in tuple(self._open)))

    def _opened(self, key: Hashable, start: Start[T], *, joinable: bool) -> Source[T]:
        source: Source[T] = Source(key, start, self)
        self._open.add(source)
        if joinable:
            self._joinable[key] = source
        return source

    # ── what a source tells ─────────────────────────────────────────────────────────────────────────────────────────

    def strike_off(self, source: Source[T]) -> None:
        """Let nobody join this source any more."""
        self._open.discard(source)
        if self._joinable.get(source.key) is source:
            del self._joinable[source.key]

    def lost(self, events: int) -> None:
        """Count events that a subscriber will not read."""
        self.dropped += events

    def own(self, error: BaseException) -> BaseException:
        """A failure as one subscriber gets it."""
        return self._own(error)
