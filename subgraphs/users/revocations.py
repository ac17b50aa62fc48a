"""Tells routers which sessions have ended, by a list in Redis that they follow (docs/router/authentication.md).

The database is the truth. The list is written after each commit that ends a session, and again every so often: a Redis that was away
or has lost its memory has it back by itself. Entries count for as long as an access token may live.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from redis import asyncio as redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from payflow.kernel.backoff import equal_jitter_s
from payflow.kernel.clock import Clock
from payflow.kernel.db import Database
from payflow.kernel.errors import SettingsError, one_line
from subgraphs.users import sessions_store

KEY: Final = "payflow:revoked"  # the sorted set and its channel; router.yaml names the same
REPEAT_S = 10.0  # how often everything is told again: how long a Redis that lost its memory lacks the list
MARGIN = timedelta(seconds=60)  # beyond a token's life: clocks that are off, here and at the router
SESSIONS_MAX = 50_000  # of one telling; the newest, and half of what a router holds
REDIS_TIMEOUT_S = 2.0
BACKOFF_BASE_S = 0.2
BACKOFF_MAX_S = 5.0

log = structlog.get_logger(__name__)


class Revocations:
    """Runs as a task beside the service, until it is cancelled; any number of processes may."""

    def __init__(self, url: str, *, database: Database, clock: Clock, token_lifetime: timedelta) -> None:
        try:
            self._redis = redis.Redis.from_url(
                url, socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S
            )
        except ValueError as error:
            raise SettingsError(f"PAYFLOW_REDIS_URL is not valid: {error}") from None
        self._database = database
        self._clock = clock
        self._keep = token_lifetime + MARGIN
        self._told: set[UUID] = set()
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Say that a session has ended: it is told at once."""
        self._wake.set()

    async def run(self) -> None:
        """Tell for ever; failures are logged and tried again with back-off."""
        failures = 0
        while True:
            self._wake.clear()
            try:
                await self.tell()
                failures = 0
            except (RedisError, SQLAlchemyError, OSError, TimeoutError) as error:
                failures += 1
                log.warning("routers are not told which sessions have ended", reason=one_line(error), failures=failures)
                await asyncio.sleep(equal_jitter_s(failures, base_s=BACKOFF_BASE_S, max_s=BACKOFF_MAX_S))
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(REPEAT_S):
                    await self._wake.wait()

    async def tell(self) -> None:
        """Put every session that has ended, and whose access tokens may be about, on the list; announce those that are new."""
        since = self._clock.now() - self._keep
        async with self._database.read() as connection:
            ended = await sessions_store.ended_since(connection, since, most=SESSIONS_MAX)
        added = await self._listed(ended, since)
        new = [entry for entry in ended if entry[0] not in self._told]
        if added > len(new):  # the list was lost, and with it what routers read from it
            new = list(ended)
        await self._announced(new)
        self._told = {session_id for session_id, _ in ended}

    async def close(self) -> None:
        await self._redis.aclose()

    async def _listed(self, ended: Sequence[tuple[UUID, datetime]], since: datetime) -> int:
        """How many were not on the list."""
        async with self._redis.pipeline(transaction=True) as both:
            both.zremrangebyscore(KEY, "-inf", since.timestamp())
            if ended:
                both.zadd(KEY, {_member(session_id): at.timestamp() for session_id, at in ended})
            answers = await both.execute()
        return int(answers[1]) if ended else 0

    async def _announced(self, ended: Sequence[tuple[UUID, datetime]]) -> None:
        if not ended:
            return
        async with self._redis.pipeline(transaction=False) as messages:
            for session_id, at in ended:
                messages.publish(KEY, f"{at.timestamp()} {_member(session_id)}")
            await messages.execute()


def _member(session_id: UUID) -> str:
    return f"sid:{session_id}"
