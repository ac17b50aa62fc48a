"""The way to Redis for all who share something there: nobody waits long for it, and while it is gone it is not asked.

Who uses it has a way without it (a local limiter, an empty cache), so every failure is one exception, `RedisUnavailable`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TypeVar

import redis.asyncio
import structlog
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from router import limits
from router.config.redis import RedisSettings
from router.errors import RedisUnavailable

log = structlog.get_logger(__name__)

T = TypeVar("T")

Command = Callable[[redis.asyncio.Redis], Awaitable[T]]
"""What to ask of the client, e.g. `lambda redis: redis.get(key)`."""


class RedisLink:
    """One server as one event loop sees it: `is_up` until a command fails, then down until a probe succeeds.

    While it is down every `ask` fails at once, and at most one a `REDIS_RETRY_S` sends a probe that nobody waits for: a server that
    hangs costs its users one time-out per outage. Each outage is logged once.
    """

    def __init__(self, settings: RedisSettings) -> None:
        self._timeout_s = settings.timeout_s
        self._probe_key = f"{settings.key_prefix}probe"
        self._client = _client(settings)
        self._probed_at = float("-inf")
        self._probing: asyncio.Task[None] | None = None
        self.is_up = True

    async def ask(self, command: Command[T], *, timeout_s: float | None = None) -> T:
        """What the command gives.

        Raises:
            RedisUnavailable: it failed, took longer than the time-out, or Redis is known to be away.
        """
        if not self.is_up:
            self._probe_now_and_then()
            raise RedisUnavailable("Redis is not asked during an outage.")
        try:
            return await self._within(command, self._timeout_s if timeout_s is None else timeout_s)
        except RedisUnavailable as error:
            self._went_away(error)
            raise

    async def close(self) -> None:
        """Close every connection. Idempotent."""
        if self._probing is not None:
            self._probing.cancel()
            await asyncio.gather(self._probing, return_exceptions=True)
        await self._client.aclose()

    async def _within(self, command: Command[T], timeout_s: float) -> T:
        loop = asyncio.get_running_loop()
        patience = asyncio.timeout(None)
        # When time is up, what has arrived meanwhile is still read: it may be this loop that was held up, not Redis.
        timer = loop.call_later(timeout_s, lambda: patience.reschedule(loop.time() + limits.REDIS_GRACE_S))
        try:
            async with patience:
                return await command(self._client)
        except TimeoutError:
            raise RedisUnavailable(f"no answer within {timeout_s} s") from None
        except Exception as error:  # RedisError and OSError; of connections that break off redis-py also raises others
            raise RedisUnavailable(f"{type(error).__name__}: {error}") from None
        finally:
            timer.cancel()

    def _went_away(self, error: RedisUnavailable) -> None:
        if self.is_up:
            self.is_up = False
            self._probed_at = monotonic()
            log.warning("redis is unavailable: doing without it", reason=str(error))

    def _probe_now_and_then(self) -> None:
        now = monotonic()
        if now - self._probed_at >= limits.REDIS_RETRY_S and (self._probing is None or self._probing.done()):
            self._probed_at = now
            self._probing = asyncio.create_task(self._probe())

    async def _probe(self) -> None:
        # A write: a full server, or a replica that was never promoted, answers a PING and yet serves nobody.
        try:
            await self._within(lambda client: client.set(self._probe_key, 1, px=1_000), self._timeout_s)
        except RedisUnavailable:
            return
        self.is_up = True
        log.info("redis answers again")


def _client(settings: RedisSettings) -> redis.asyncio.Redis:
    pool = redis.asyncio.BlockingConnectionPool.from_url(
        settings.url,
        max_connections=limits.REDIS_CONNECTIONS_MAX,
        timeout=settings.timeout_s,
        # One more try, at once, for a connection that its server closed while it was idle; the time-out holds for both.
        retry=Retry(NoBackoff(), 1),
        health_check_interval=0,
    )
    return redis.asyncio.Redis.from_pool(pool)  # which it closes with itself
