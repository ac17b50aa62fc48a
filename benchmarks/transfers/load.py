"""The load: a closed loop, in which each client asks when it has its answer, or an open one, in which requests come when they come.

In an open loop the clock of a request runs from the instant it was due, so that a stall counts for everybody who came meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import httptools

CONNECTIONS_MAX = 256  # of an open loop; past it a request waits, on the clock
GIVE_UP_S = 30.0

MakeRequest = Callable[[], bytes]
Check = Callable[[bytes], None]


@dataclass(frozen=True)
class Answered:
    """What came of it: `latencies` in seconds, sorted; `due` is how many were to be answered."""

    seconds: float
    latencies: list[float]

    @property
    def requests(self) -> int:
        return len(self.latencies)

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    def percentile_ms(self, share: float) -> float:
        """E.g. 0.99: the time that this share of requests stayed below."""
        return self.latencies[min(self.requests - 1, round(share * self.requests))] * 1e3


class Connection(asyncio.Protocol):
    """One connection with one request under way at most."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._parts: list[bytes] = []
        self._answer: asyncio.Future[bytes] | None = None
        self.lives = True

    @classmethod
    async def to(cls, port: int) -> Connection:
        _, connection = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return connection

    async def ask(self, request: bytes) -> bytes:
        """The body of the answer. Raises ConnectionError, TimeoutError."""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        async with asyncio.timeout(GIVE_UP_S):
            return await self._answer

    def close(self) -> None:
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none by class

    def connection_lost(self, error: Exception | None) -> None:
        self.lives = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or ConnectionResetError("the router closed a connection"))

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, part: bytes) -> None:
        self._parts.append(part)

    def on_message_complete(self) -> None:
        body, self._parts = b"".join(self._parts), []
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(body)


@dataclass(frozen=True)
class Load:
    """Requests to /graphql at `port`; `check` raises where an answer is not what it should be."""

    port: int
    make_request: MakeRequest
    check: Check

    async def closed(self, *, clients: int, seconds: float) -> Answered:
        """`clients` that each send the next request when the answer to the last is there."""
        start, latencies = time.perf_counter(), list[float]()

        async def client() -> None:
            connection = await Connection.to(self.port)
            while (sent := time.perf_counter()) < start + seconds:
                self.check(await connection.ask(self.make_request()))
                latencies.append(time.perf_counter() - sent)
            connection.close()

        async with asyncio.TaskGroup() as group:
            for _ in range(clients):
                group.create_task(client())
        return Answered(time.perf_counter() - start, sorted(latencies))

    async def open(self, *, per_second: float, seconds: float) -> Answered:
        """A request every 1/`per_second`, whatever became of those before."""
        start, latencies = time.perf_counter(), list[float]()
        idle: deque[Connection] = deque()
        room = asyncio.Semaphore(CONNECTIONS_MAX)

        async def one(due: float) -> None:
            async with room:
                while idle and not idle[-1].lives:  # the router closes what is idle for long
                    idle.pop()
                connection = idle.pop() if idle else await Connection.to(self.port)
                self.check(await connection.ask(self.make_request()))
                idle.append(connection)
            latencies.append(time.perf_counter() - due)

        async with asyncio.TaskGroup() as group:
            for number in range(int(per_second * seconds)):
                due = start + number / per_second
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                group.create_task(one(due))
        for connection in idle:
            connection.close()
        return Answered(time.perf_counter() - start, sorted(latencies))
