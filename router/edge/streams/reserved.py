"""Streams that are reserved first and carry many operations: the single connection mode of graphql-sse.

Source: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md#single-connection-mode
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Hashable
from contextlib import asynccontextmanager, suppress
from secrets import token_urlsafe
from typing import TypeAlias

from router import limits
from router.config import SingleConnection
from router.edge.streams import sse
from router.edge.streams.live import Live
from router.errors import BadRequest, ReservationsExhausted, TooLarge
from router.exchange import ClientResponse

Write: TypeAlias = Callable[[bytes], Awaitable[None]]


class Reservation:
    """A stream from its reservation to its end, with the operations that are answered on it.

    Only its `holder` may begin or end operations; the `token` alone opens it, for an EventSource of a browser sends nothing else.
    """

    def __init__(self, holder: Hashable) -> None:
        self.token = token_urlsafe(limits.RESERVATION_TOKEN_BYTES)
        self.holder = holder
        self.is_taken = False
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._opened: asyncio.Future[Write] = asyncio.get_running_loop().create_future()
        self._one_at_a_time = asyncio.Lock()

    def take(self) -> None:
        """Let this be the one stream of the reservation. Raises BadRequest where there is one."""
        if self.is_taken:
            raise BadRequest("The stream is open already: a reservation is for one.", status=409)
        self.is_taken = True

    @asynccontextmanager
    async def open(self, write: Write) -> AsyncIterator[None]:
        """The stream, written by `write`: what waits for it goes out now. When it is over, so are its operations."""
        self._opened.set_result(write)
        try:
            yield
        finally:
            operations = list(self._operations.values())
            self.drop()
            if operations:
                await asyncio.wait(operations)

    async def say(self, words: bytes) -> None:
        """Write once the stream is open, and nobody else writes."""
        write = await asyncio.shield(self._opened)
        async with self._one_at_a_time:
            await write(words)

    def begin(self, operation_id: str, source: Live | ClientResponse) -> None:
        """Have the results of an operation written."""
        running = asyncio.create_task(self._relay(operation_id, source))
        self._operations[operation_id] = running
        running.add_done_callback(lambda _: self._over(operation_id, running))

    def check(self, operation_id: str) -> None:
        """Raise ClientError where an operation of this id may not begin."""
        if operation_id in self._operations:
            raise BadRequest(f'An operation with the id "{operation_id}" is running.', status=409)
        if len(self._operations) >= limits.SUBSCRIPTIONS_PER_SOCKET_MAX:
            raise TooLarge(f"A stream carries at most {limits.SUBSCRIPTIONS_PER_SOCKET_MAX} operations at a time.")

    def end(self, operation_id: str) -> None:
        """End an operation, if it is running."""
        if (running := self._operations.pop(operation_id, None)) is not None:
            running.cancel()

    async def finished(self) -> None:
        """Wait until its operations are over."""
        if self._operations:
            await asyncio.wait(self._operations.values())

    def drop(self) -> None:
        """End every operation."""
        for running in self._operations.values():
            running.cancel()

    async def _relay(self, operation_id: str, source: Live | ClientResponse) -> None:
        if isinstance(source, ClientResponse):
            await self.say(sse.next_event_of(operation_id, source.json()))
            await self.say(sse.complete_event_of(operation_id))
            return
        with suppress(TimeoutError):  # the client does not read: its other operations will find out
            async with source as live, live.within_patience():
                while (response := await live.get()) is not None:
                    await self.say(sse.next_event_of(operation_id, response.json()))
                await self.say(sse.complete_event_of(operation_id))

    def _over(self, operation_id: str, running: asyncio.Task[None]) -> None:
        if self._operations.get(operation_id) is running:
            del self._operations[operation_id]


class Reservations:
    """Those of one process, by their tokens."""

    def __init__(self) -> None:
        self._by_token: dict[str, Reservation] = {}

    def __len__(self) -> int:
        return len(self._by_token)

    def make(self, holder: Hashable, settings: SingleConnection) -> Reservation:
        """Reserve a stream. Raises ReservationsExhausted."""
        if len(self._by_token) >= settings.reservations_max:
            raise ReservationsExhausted(settings.reservations_max)
        reservation = Reservation(holder)
        self._by_token[reservation.token] = reservation
        asyncio.get_running_loop().call_later(settings.reservation_s, self._expire, reservation)
        return reservation

    def find(self, token: str, holders: Container[Hashable]) -> Reservation:
        """The reservation of a token, made by one of these. Raises BadRequest where there is none."""
        reservation = self._by_token.get(token)
        if reservation is None or reservation.holder not in holders:
            raise BadRequest("There is no such stream: its reservation has run out, or it has ended.", status=404)
        return reservation

    def forget(self, reservation: Reservation) -> None:
        """Let nobody find it any more."""
        self._by_token.pop(reservation.token, None)

    def _expire(self, reservation: Reservation) -> None:
        if not reservation.is_taken:
            self.forget(reservation)
            reservation.drop()
