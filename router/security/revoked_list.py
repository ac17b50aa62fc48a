"""The list of what was revoked that routers share in Redis: each holds a copy, and hears of news by a channel.

A request costs a look into the copy and never waits for Redis. While Redis is away the last copy counts; before the first was
read nobody knows what was revoked, and no token is believed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from time import time
from typing import Any, NoReturn

import structlog
from redis.asyncio import Redis

from router import limits
from router.config.jwt import RevokedInRedis
from router.config.redis import RedisSettings
from router.security.caller import Caller
from router.security.revocation import Named, names_of, nobody_knows

log = structlog.get_logger(__name__)


async def revoke(
    redis: Redis, named: Named, value: str, *, key: str = "router:revoked", now: float | None = None
) -> None:
    """Put a token (`jti`), a session (`sid`) or all a subject (`sub`) holds until now on the list, for every router at once."""
    moment, member = time() if now is None else now, f"{named}:{value}"
    async with redis.pipeline(transaction=True) as both:
        both.zadd(key, {member: moment}, gt=True)
        both.publish(key, f"{moment} {member}")
        await both.execute()


class RevokedList:
    """A copy of the list, by member; its values are the Unix times of the revocations."""

    def __init__(self, redis: RedisSettings, settings: RevokedInRedis) -> None:
        # A client of its own: who listens to a channel keeps a connection to itself.
        self._redis = Redis.from_url(redis.url, socket_timeout=redis.timeout_s, socket_connect_timeout=redis.timeout_s)
        self._settings = settings
        self._revoked: dict[str, float] | None = None
        self._waiting: dict[str, set[asyncio.Event]] = {}

    async def is_revoked(self, caller: Caller) -> bool:
        return self._holds(caller)

    async def revoked(self, caller: Caller) -> None:
        woken = asyncio.Event()
        members = [_member(name) for name in names_of(caller)]
        for member in members:
            self._waiting.setdefault(member, set()).add(woken)
        try:
            while self._revoked is None or not self._holds(caller):
                await woken.wait()
                woken.clear()
        finally:
            for member in members:
                self._waiting[member].discard(woken)
                if not self._waiting[member]:
                    del self._waiting[member]

    async def stay_current(self) -> NoReturn:
        try:
            while True:
                try:
                    await self._follow()
                except (
                    Exception
                ) as error:  # RedisError and OSError; of connections that break off redis-py also raises others
                    log.warning("the list of revoked tokens cannot be read: the last copy counts", reason=str(error))
                await asyncio.sleep(limits.REVOKED_RETRY_S)
        finally:
            await self._redis.aclose()

    def _holds(self, caller: Caller) -> bool:
        if self._revoked is None:
            raise nobody_knows()
        if not self._revoked:
            return False
        revoked = self._revoked
        return any(_covers(revoked.get(_member(name)), name, caller) for name in names_of(caller))

    async def _follow(self) -> None:
        """Listen first and read then, so that nothing falls between; read all again every so often."""
        async with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
            await channel.subscribe(self._settings.key)
            while True:
                self._replace(await self._read())
                read_again_at = asyncio.get_running_loop().time() + self._settings.poll_interval_s
                while (left_s := read_again_at - asyncio.get_running_loop().time()) > 0:
                    message = await channel.get_message(timeout=left_s)
                    if message is not None:
                        self._hear(message["data"])

    async def _read(self) -> dict[str, float]:
        """The newest entries that still count. Members that are not text are somebody else's."""
        entries: Any = await self._redis.zrange(
            self._settings.key,
            "+inf",
            f"({time() - self._settings.keep_s}",
            desc=True,
            byscore=True,
            offset=0,
            num=limits.REVOKED_ENTRIES_MAX,
            withscores=True,
        )
        if len(entries) == limits.REVOKED_ENTRIES_MAX:
            log.error("more tokens are revoked than are held: the newest count", held=limits.REVOKED_ENTRIES_MAX)
        return {_text(member): float(moment) for member, moment in entries}

    def _replace(self, revoked: dict[str, float]) -> None:
        before, self._revoked = self._revoked or {}, revoked
        self._wake(member for member, moment in revoked.items() if before.get(member) != moment)

    def _hear(self, data: Any) -> None:
        moment, _, member = _text(data).partition(" ")
        try:
            heard = float(moment)
        except ValueError:
            log.warning("a message on the channel of revoked tokens is not `score member`")
            return
        revoked = self._revoked
        assert revoked is not None, "the list is read before the channel"
        revoked[member] = max(heard, revoked.get(member, heard))
        if len(revoked) > limits.REVOKED_ENTRIES_MAX:
            del revoked[min(revoked, key=revoked.__getitem__)]
        self._wake((member,))

    def _wake(self, members: Iterable[str]) -> None:
        for member in members:
            for event in self._waiting.get(member, ()):
                event.set()


def _covers(moment: float | None, name: tuple[Named, str], caller: Caller) -> bool:
    """Whether a revocation of that moment means this token. A subject may sign in again; a session does not come back."""
    return moment is not None and (name[0] != "sub" or caller.claims.get("iat", moment) <= moment)


def _member(name: tuple[Named, str]) -> str:
    return f"{name[0]}:{name[1]}"


def _text(data: Any) -> str:
    return data.decode(errors="replace") if isinstance(data, bytes) else str(data)
