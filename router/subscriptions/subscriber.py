"""One who listens: a bounded row of events between a source, which waits for nobody, and a reader, who may be slow."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from router.errors import TooSlow

T = TypeVar("T")

Overflow: TypeAlias = Literal["close", "drop_oldest"]
"""What happens to a subscriber whose row is full: it fails, or its oldest event makes room."""


class SubscriberTooSlow(TooSlow):
    """Events came faster than this subscriber took them, and its row is full."""


class Subscriber(AsyncGenerator[T, None], Generic[T]):
    """The events of one source from now on. To be read by one task.

    Like any generator, it is over once a wait for its next event was cancelled. `dropped` counts the events it never got to read.
    """

    def __init__(
        self, *, capacity: int, overflow: Overflow, leave: Callable[[Subscriber[T]], asyncio.Task[None] | None]
    ) -> None:
        assert capacity > 0, capacity
        self.dropped = 0
        self._capacity = capacity
        self._overflow = overflow
        self._leave = leave
        self._row: deque[T] = deque()
        self._over = False
        self._failure: BaseException | None = None
        self._reader: asyncio.Future[None] | None = None
        self._loop = asyncio.get_running_loop()

    # ── the reader's side ───────────────────────────────────────────────────────────────────────────────────────────

    async def __anext__(self) -> T:
        """The next event."""
        # One frame, without a helper: this runs for each event and each of thousands of subscribers.
        while not self._row:
            if self._over:
                raise self._taken_failure() or StopAsyncIteration
            assert self._reader is None, "two tasks read one subscriber"
            self._reader = self._loop.create_future()
            try:
                await self._reader
            except asyncio.CancelledError:
                self._row.clear()
                self._depart()
                raise
            finally:
                self._reader = None
        return self._row.popleft()

    def stop(self) -> None:
        """Take no more events; those that wait may still be read."""
        self._depart()

    async def aclose(self) -> None:
        """Leave; where this was the last subscriber, wait until the source is closed."""
        self._row.clear()
        self._failure = None
        closing = self._depart()
        if closing is not None:
            await asyncio.wait([closing])

    async def asend(self, value: None) -> T:
        """The next event, as of any generator."""
        return await self.__anext__()

    async def athrow(self, typ: Any, val: Any = None, tb: Any = None) -> T:
        """Leave, and raise: nothing in here would catch it."""
        await self.aclose()
        raise typ if val is None else val

    # ── the source's side ───────────────────────────────────────────────────────────────────────────────────────────

    def offer(self, event: T) -> int:
        """Put an event into the row, and leave it to `wake` to have it read; returns how many are lost by it."""
        lost = 0
        if len(self._row) >= self._capacity:
            if self._overflow == "close":
                return self._overflowed()
            self._row.popleft()
            self.dropped += 1
            lost = 1
        self._row.append(event)
        return lost

    def wake(self) -> None:
        """Let the reader run, if it waits."""
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def end(self, failure: BaseException | None = None) -> None:
        """Tell that the source is over."""
        self._over = True
        self._failure = failure
        self.wake()

    # ── between the two ─────────────────────────────────────────────────────────────────────────────────────────────

    def _overflowed(self) -> int:
        lost = len(self._row) + 1
        self.dropped += lost
        self._row.clear()
        self._depart()
        self._failure = SubscriberTooSlow()
        return lost

    def _depart(self) -> asyncio.Task[None] | None:
        """Leave the source, once; returns its task where it is coming to its end by that."""
        if self._over:
            return None
        self.end()
        return self._leave(self)

    def _taken_failure(self) -> BaseException | None:
        """The failure, told once: then the iterator is simply over."""
        failure, self._failure = self._failure, None
        return failure
