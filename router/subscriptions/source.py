"""One source of events and those who listen to it. A task of its own reads it, so that it is nobody's to take along."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from typing import Any, Generic, Protocol, TypeVar

from router.limits import SUBSCRIBERS_WOKEN_TOGETHER
from router.subscriptions.subscriber import Overflow, Subscriber

T = TypeVar("T")


class Keeper(Protocol):
    """Who keeps the sources, as far as a source tells it things."""

    def strike_off(self, source: Any) -> None:
        """Let nobody join this source any more."""
        ...

    def lost(self, events: int) -> None:
        """Count events that a subscriber will not read."""
        ...

    def own(self, error: BaseException) -> BaseException:
        """A failure as one subscriber gets it."""
        ...


class Source(Generic[T]):
    """Open from the first subscriber to the last, or until it ends by itself."""

    def __init__(self, key: Hashable, start: Callable[[], AsyncIterator[T]], keeper: Keeper) -> None:
        self.key = key
        self.has_begun = False
        self._keeper = keeper
        self._subscribers: dict[Subscriber[T], None] = {}
        self._reading = asyncio.create_task(self._read(start))

    def __len__(self) -> int:
        return len(self._subscribers)

    def join(self, *, capacity: int, overflow: Overflow) -> Subscriber[T]:
        """Listen from now on."""
        subscriber: Subscriber[T] = Subscriber(capacity=capacity, overflow=overflow, leave=self._leave)
        self._subscribers[subscriber] = None
        return subscriber

    async def close(self) -> None:
        """End it for everybody."""
        self._end(None)
        self._reading.cancel()
        await asyncio.wait([self._reading])

    def _leave(self, subscriber: Subscriber[T]) -> asyncio.Task[None] | None:
        """Returns the task that reads the source where that is coming to its end for want of subscribers."""
        self._subscribers.pop(subscriber, None)
        if self._subscribers:
            return None
        self._keeper.strike_off(self)  # first, so that nobody joins what is being given up
        self._reading.cancel()
        return self._reading

    async def _read(self, start: Callable[[], AsyncIterator[T]]) -> None:
        try:
            async with closing(start()) as events:
                async for event in events:
                    self._hand_out(event)
                    await self._wake()
        except Exception as error:
            self._end(error)
        else:
            self._end(None)

    def _hand_out(self, event: T) -> None:
        """Put the event into every row, in one go: who leaves and who joins are on either side of it."""
        self.has_begun = True
        lost = 0
        for subscriber in tuple(self._subscribers):  # one whose row is full leaves
            lost += subscriber.offer(event)
        if lost:
            self._keeper.lost(lost)

    async def _wake(self) -> None:
        """Let the readers run, some at a time: the first are done sending when the last begin. Then the next event may come."""
        subscribers = tuple(self._subscribers)
        for start in range(0, len(subscribers), SUBSCRIBERS_WOKEN_TOGETHER):
            for subscriber in subscribers[start : start + SUBSCRIBERS_WOKEN_TOGETHER]:
                subscriber.wake()
            await asyncio.sleep(0)

    def _end(self, failure: BaseException | None) -> None:
        self._keeper.strike_off(self)
        subscribers, self._subscribers = self._subscribers, {}
        for subscriber in subscribers:
            subscriber.end(None if failure is None else self._keeper.own(failure))


@asynccontextmanager
async def closing(events: AsyncIterator[T]) -> AsyncIterator[AsyncIterator[T]]:
    """As `contextlib.aclosing`, for iterators that may have nothing to close."""
    try:
        yield events
    finally:
        if isinstance(events, AsyncGenerator):
            await events.aclose()
