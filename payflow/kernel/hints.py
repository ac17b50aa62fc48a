"""Hints: "look again, something changed", between processes, over Redis.

A hint carries nothing and may be lost; the database is the truth. Who waits reads again on each hint, and every REREAD_S anyway, so a
lost hint or a dead Redis delays, and loses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

import structlog
from redis import asyncio as redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from payflow.kernel.errors import SettingsError

REREAD_S = 15.0
RECONNECT_S = 1.0
SILENCE_S = (
    10.0  # after which Redis is asked whether it is there; as long again without a word, and the connection is given up
)
PUBLISH_TIMEOUT_S = 1.0
GATHER_S = (
    0.01  # how long hints are gathered before they go out together; a subject that is told twice meanwhile goes once
)
WAITING_MAX = 10_000  # subjects that wait to go out; past it hints are lost, as they may be
CHANNEL = "payflow:hints"  # everybody hears of every subject: one message for all that were told together, a line each

log = structlog.get_logger(__name__)


class Hint:
    """One listener's bell."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self) -> None:
        """Return on the next hint, or after REREAD_S."""
        # not wait_for, which in Python 3.11 loses a cancellation that comes together with the hint
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(REREAD_S):
                await self._rung.wait()
        self._rung.clear()


class Hints(Protocol):
    """Rings the bells of everybody who listens to a subject, e.g. "notifications:<user id>"."""

    def publish(self, subject: str) -> None:
        """Tell, in the background; never blocks and never raises."""
        ...

    def listen(self, subject: str) -> contextlib.AbstractAsyncContextManager[Hint]:
        """Listen while the block runs."""
        ...

    async def close(self) -> None: ...


class MemoryHints:
    """Hints within one process: for tests, and the base that RedisHints extends over the network."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Hint]] = {}

    def publish(self, subject: str) -> None:
        self._ring(subject)

    @asynccontextmanager
    async def listen(self, subject: str) -> AsyncIterator[Hint]:
        hint = Hint()
        self._listeners.setdefault(subject, set()).add(hint)
        try:
            yield hint
        finally:
            listeners = self._listeners.get(subject, set())  # none are left where the hints were closed meanwhile
            listeners.discard(hint)
            if not listeners:
                self._listeners.pop(subject, None)

    async def close(self) -> None:
        self._listeners.clear()

    def _ring(self, subject: str) -> None:
        for hint in self._listeners.get(subject, ()):
            hint.ring()

    def _ring_all(self) -> None:
        for subject in list(self._listeners):
            self._ring(subject)


class RedisHints(MemoryHints):
    """Hints over Redis pub/sub: one subscription a process, reconnected with a pause; a reconnect rings every bell."""

    def __init__(self, url: str) -> None:
        super().__init__()
        try:
            self._redis = redis.Redis.from_url(url, socket_connect_timeout=PUBLISH_TIMEOUT_S, socket_timeout=None)
        except ValueError as error:
            raise SettingsError(f"PAYFLOW_REDIS_URL is not valid: {error}") from None
        self._waiting: dict[str, None] = {}  # in the order in which they were told
        self._sending: asyncio.Task[None] | None = None
        self._receiving: asyncio.Task[None] | None = None

    def publish(self, subject: str) -> None:
        if len(self._waiting) < WAITING_MAX:
            self._waiting[subject] = None
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send_waiting())

    @asynccontextmanager
    async def listen(self, subject: str) -> AsyncIterator[Hint]:
        if self._receiving is None:
            self._receiving = asyncio.create_task(self._receive())
        async with super().listen(subject) as hint:
            yield hint

    async def close(self) -> None:
        if self._receiving is not None:
            self._receiving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._receiving
        if self._sending is not None:
            await asyncio.gather(self._sending, return_exceptions=True)
        await self._redis.aclose()
        await super().close()

    async def _send_waiting(self) -> None:
        while self._waiting:
            await asyncio.sleep(GATHER_S)
            subjects, self._waiting = list(self._waiting), {}
            await self._send(subjects)

    async def _send(self, subjects: Sequence[str]) -> None:
        try:
            async with asyncio.timeout(PUBLISH_TIMEOUT_S):
                await self._redis.publish(CHANNEL, "\n".join(subjects))
        except (RedisError, OSError, TimeoutError) as error:
            log.warning(
                "hints not sent; their readers look again by themselves", reason=str(error), hints=len(subjects)
            )

    async def _receive(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.subscribe(CHANNEL)
                    await self._hear(pubsub)
            except (RedisError, OSError) as error:
                log.warning("hints interrupted", reason=str(error))
            except Exception:
                log.exception("hints failed; they go on")
            await asyncio.sleep(RECONNECT_S)

    async def _hear(self, pubsub: PubSub) -> None:
        """Ring for what is told, until the connection is lost. Raises RedisError or OSError, also where it is only silent."""
        asked = False
        while True:
            message = await pubsub.get_message(timeout=SILENCE_S)
            if message is None:
                if asked:
                    raise TimeoutError(f"Redis has been silent for {2 * SILENCE_S:g} s")
                await pubsub.ping()
            elif message["type"] == "subscribe":
                self._ring_all()  # only now: what is told while the subscription is on its way reaches nobody
            elif message["type"] == "message":
                for subject in message["data"].decode(errors="replace").split("\n"):
                    self._ring(subject)
            asked = message is None
