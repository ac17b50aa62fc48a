"""The client: connections that each send the next request when the answer to the last is there, and check every answer."""

from __future__ import annotations

import asyncio
import gc
import time
from dataclasses import dataclass, field
from typing import cast

import httptools
import orjson
import uvloop

GIVE_UP_S = 30.0  # a contender that says nothing for this long is broken, not slow


@dataclass
class Expected:
    """What an answer must be: these bytes, or, unless `exact`, other bytes that are the same JSON."""

    body: bytes
    exact: bool
    _spelled: list[bytes] = field(default_factory=list)

    def check(self, body: bytes) -> None:
        """Raises WrongAnswer."""
        if body == self.body or body in self._spelled:
            return
        if self.exact or orjson.loads(body) != orjson.loads(self.body):
            raise WrongAnswer(f"{len(body)} bytes instead of {len(self.body)}: {body[:500].decode(errors='replace')}")
        self._spelled.append(body)


class WrongAnswer(Exception):
    """A contender answers something else than one schema over all the data does."""


@dataclass(frozen=True)
class Answered:
    """What came of it: `latencies` in seconds, sorted."""

    seconds: float
    latencies: list[float]

    @property
    def requests(self) -> int:
        return len(self.latencies)

    def percentile(self, share: float) -> float:
        return self.latencies[min(self.requests - 1, round(share * self.requests))]


@dataclass(frozen=True)
class Load:
    """`connections` clients that post `body` to /graphql at `port` for `seconds`."""

    port: int
    body: bytes
    expected: Expected
    connections: int
    seconds: float

    def run(self) -> Answered:
        """Raises WrongAnswer, OSError or TimeoutError."""
        gc.collect()
        gc.disable()
        try:
            return uvloop.run(self._run())
        finally:
            gc.enable()

    async def _run(self) -> Answered:
        loop = asyncio.get_running_loop()
        start = time.perf_counter()
        clients = [Client(self, until=start + self.seconds) for _ in range(self.connections)]
        for client in clients:
            await loop.create_connection(lambda client=client: client, "127.0.0.1", self.port)  # type: ignore[misc]  # bound now
        await asyncio.wait_for(asyncio.gather(*(client.done for client in clients)), self.seconds + GIVE_UP_S)
        seconds = time.perf_counter() - start
        return Answered(seconds, sorted(latency for client in clients for latency in client.latencies))


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, load: Load, *, until: float) -> None:
        self.latencies: list[float] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._expected = load.expected
        self._until = until
        self._request = (
            b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:%d\r\ncontent-type: application/json\r\naccept: application/json\r\n"
            b"content-length: %d\r\n\r\n%b" % (load.port, len(load.body), load.body)
        )
        self._parser = httptools.HttpResponseParser(self)
        self._parts: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none by class
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionResetError("the contender closed a connection"))

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserCallbackError as error:
            self._end(error.__context__)

    def on_body(self, part: bytes) -> None:
        self._parts.append(part)

    def on_message_complete(self) -> None:
        now = time.perf_counter()
        self.latencies.append(now - self._sent)
        self._expected.check(b"".join(self._parts))
        self._parts.clear()
        if now < self._until:
            self._send()
        else:
            self._end(None)

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._request)

    def _end(self, error: BaseException | None) -> None:
        if error is None:
            self.done.set_result(None)
        elif not self.done.done():
            self.done.set_exception(error)
        self._transport.close()
