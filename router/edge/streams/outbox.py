"""What waits for a client to read it: bounded, so that a slow client costs itself and nobody else."""

from __future__ import annotations

import asyncio
from collections import deque

from router.config.subscriptions import Overflow
from router.exchange import ClientResponse


class Overflowed(Exception):
    """The outbox is full, and its policy is to close."""


class Outbox:
    """Results in order, from one who puts them to one who gets them.

    At most `events_max` of together `bytes_max`, where these are given; past that, `overflow` says whether `put` gives up or the
    oldest make room. What takes their place says in `extensions.dropped` how many are missing before it; `lost` is how many in all.
    """

    def __init__(
        self, *, events_max: int | None = None, bytes_max: int | None = None, overflow: Overflow = "close"
    ) -> None:
        self._events_max = events_max
        self._bytes_max = bytes_max
        self._overflow = overflow
        self._waiting: deque[ClientResponse] = deque()
        self._bytes = 0
        self._dropped = 0
        self.lost = 0
        self.is_closed = False
        self._getter: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, response: ClientResponse) -> None:
        """Add a result; one that comes after the end is forgotten. Raises Overflowed."""
        if self.is_closed:
            return
        while self._is_full(len(response.data)):
            if self._overflow == "close":
                raise Overflowed
            oldest = self._waiting.popleft()
            self._bytes -= len(oldest.data)
            self._dropped += 1 + _missing_before(oldest)
            self.lost += 1
        self._add(response)

    def close(self, last: ClientResponse | None = None) -> None:
        """Let nothing more in, besides a `last` word for which there is always room. What is in can still be got."""
        if self.is_closed:
            return
        if last is not None:
            self._add(last)
        self.is_closed = True
        self._wake()

    async def get(self) -> ClientResponse | None:
        """The next result, once there is one; None when there will be none."""
        while not self._waiting:
            if self.is_closed:
                return None
            self._getter = asyncio.get_running_loop().create_future()
            try:
                await self._getter
            finally:
                self._getter = None
        response = self._waiting.popleft()
        self._bytes -= len(response.data)
        return self._marked(response)

    def _is_full(self, bytes_more: int) -> bool:
        if not self._waiting:
            return False
        too_many = self._events_max is not None and len(self._waiting) >= self._events_max
        too_large = self._bytes_max is not None and self._bytes + bytes_more > self._bytes_max
        return too_many or too_large

    def _add(self, response: ClientResponse) -> None:
        self._waiting.append(response)
        self._bytes += len(response.data)
        self._wake()

    def _wake(self) -> None:
        if self._getter is not None and not self._getter.done():
            self._getter.set_result(None)

    def _marked(self, response: ClientResponse) -> ClientResponse:
        """The result with the number of those that had to go before it."""
        if not self._dropped:
            return response
        dropped, self._dropped = self._dropped + _missing_before(response), 0
        return response.but(reply=response.reply.extended({"dropped": dropped}))


def _missing_before(response: ClientResponse) -> int:
    """How many events had to make room before this one came, on their way from the subgraph."""
    missing: int = response.reply.extensions.get("dropped", 0)
    return missing
