"""Entries and tags in Redis. What cannot be read is not there; nobody waits for what is written."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import msgspec

from router import limits
from router.caching.names import KEYSPACE
from router.errors import RedisUnavailable

if TYPE_CHECKING:
    import redis.asyncio

    from router.redis_link import RedisLink

Generations: TypeAlias = Mapping[str, bytes]
"""The values of tags at one time; what is not there has none."""


class Entry(msgspec.Struct, array_like=True, frozen=True):
    """What is kept under one key: JSON, the generation of its tags, and the time (Unix, in seconds) until which it holds."""

    generation: bytes
    expires_at: float
    data: bytes


class Kept(NamedTuple):
    """An entry on its way to Redis."""

    key: str
    entry: Entry
    ttl_s: float
    tags: Sequence[str]


def generation_of(tags: Iterable[str], generations: Generations) -> bytes | None:
    """One value for all of the tags, which changes when one of theirs does; None where one has none."""
    digest = sha256()
    for tag in tags:
        value = generations.get(tag)
        if value is None:
            return None
        digest.update(b"%d:" % len(value))
        digest.update(value)
    return digest.digest()[:16]


class Store:
    """One keyspace in Redis, as one event loop sees it."""

    def __init__(self, link: RedisLink, *, prefix: str, timeout_s: float, ttl_max_s: float) -> None:
        self._link = link
        self._tag_life_s = int(ttl_max_s + limits.CACHE_TAG_SPARE_S)
        self._prefix = f"{prefix}{KEYSPACE}"
        self._timeout_s = timeout_s
        self._writing: set[asyncio.Task[None]] = set()

    async def read(self, keys: Sequence[str], tags: Sequence[str]) -> tuple[list[Entry | None], Generations]:
        """The entries under the keys, and the generations of the tags. Raises RedisUnavailable."""
        named = [*(self._prefix + tag for tag in tags), *(f"{self._prefix}entry:{key}" for key in keys)]
        values = await self._values(named)
        generations = {tag: value for tag, value in zip(tags, values, strict=False) if value is not None}
        return [_entry(value) for value in values[len(tags) :]], generations

    async def complete(self, generations: Generations, tags: Iterable[str]) -> Generations:
        """The generations with those of tags that had none, which begin now. Raises RedisUnavailable."""
        absent = [tag for tag in tags if tag not in generations]
        if not absent:
            return generations
        # Of several who begin a generation at one time the first is right; whoever deletes one in between has the last word.
        values = await self._link.ask(lambda client: self._begin(client, absent), timeout_s=self._timeout_s)
        begun = {tag: value for tag, value in zip(absent, values, strict=True) if value is not None}
        return {**generations, **begun}

    def write(self, kept: Sequence[Kept]) -> bool:
        """Have entries written, and their tags live on as long; False where too many are waiting to be."""
        if len(self._writing) >= limits.CACHE_WRITES_MAX:
            return False
        writing = asyncio.create_task(self._write(kept))
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)
        return True

    async def settled(self) -> None:
        """Wait for what is being written."""
        await asyncio.gather(*self._writing)

    async def delete(self, tags: Sequence[str]) -> None:
        """End the generations of tags. Raises RedisUnavailable."""
        keys = [self._prefix + tag for tag in tags]
        await self._link.ask(lambda client: client.delete(*keys), timeout_s=self._timeout_s)

    async def close(self) -> None:
        """See that what is being written gets to Redis."""
        await self.settled()

    async def _values(self, named: Sequence[str]) -> list[bytes | None]:
        values: list[bytes | None] = []
        for start in range(0, len(named), limits.CACHE_KEYS_PER_CALL_MAX):
            part = named[start : start + limits.CACHE_KEYS_PER_CALL_MAX]
            values += await self._link.ask(partial(_mget, keys=part), timeout_s=self._timeout_s)
        return values

    async def _begin(self, client: redis.asyncio.Redis, tags: Sequence[str]) -> list[bytes | None]:
        keys = [self._prefix + tag for tag in tags]
        pipe: Any = client.pipeline(transaction=False)
        for key in keys:
            pipe.set(key, secrets.token_hex(8), nx=True, ex=self._tag_life_s)
        pipe.mget(keys)
        values: list[bytes | None] = (await pipe.execute())[-1]
        return values

    async def _write(self, kept: Sequence[Kept]) -> None:
        """Write what was not invalidated meanwhile: it would serve nobody, and might take the place of what does."""
        tags = list({tag: None for each in kept for tag in each.tags})
        try:
            values = await self._values([self._prefix + tag for tag in tags])
            now = {tag: value for tag, value in zip(tags, values, strict=True) if value is not None}
            good = [each for each in kept if generation_of(each.tags, now) == each.entry.generation]
            if good:
                await self._link.ask(lambda client: self._set(client, good), timeout_s=self._timeout_s)
        except RedisUnavailable:
            return  # they will be asked for again

    async def _set(self, client: redis.asyncio.Redis, kept: Sequence[Kept]) -> None:
        pipe: Any = client.pipeline(transaction=False)
        for each in kept:
            value = msgspec.msgpack.encode(each.entry)
            pipe.set(f"{self._prefix}entry:{each.key}", value, px=max(1, int(each.ttl_s * 1_000)))
        for tag in {tag for each in kept for tag in each.tags}:
            pipe.expire(self._prefix + tag, self._tag_life_s)
        await pipe.execute()


async def _mget(client: redis.asyncio.Redis, keys: Sequence[str]) -> list[bytes | None]:
    values: list[Any] = await client.mget(keys)  # bytes, as our client does not decode
    return values


def _entry(value: bytes | None) -> Entry | None:
    if value is None:
        return None
    try:
        entry = msgspec.msgpack.decode(value, type=Entry)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None  # whoever wrote it speaks another version
    return entry if entry.expires_at > time.time() else None
