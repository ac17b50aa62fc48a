"""Registered texts, in memory and between routers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from typing import Any

import pytest
import redis.asyncio

from router.config import RedisSettings
from router.config.persisted import AutomaticSettings
from router.persisted import automatic as module
from router.persisted.automatic import AutomaticQueries
from router.redis_link import RedisLink

TEXT = "{ hello }"
HASH = sha256(TEXT.encode()).hexdigest()
Make = Callable[..., AutomaticQueries]


@pytest.fixture
async def make(redis_url: str) -> AsyncIterator[Make]:
    """Makes the registered texts of one more router."""
    links: list[RedisLink] = []

    def make(**settings: Any) -> AutomaticQueries:
        links.append(RedisLink(RedisSettings(url=redis_url, timeout_s=5)))
        return AutomaticQueries(AutomaticSettings(**settings), link=links[-1], key_prefix="router:")

    yield make
    for link in links:
        await link.close()


async def test_what_one_router_learns_the_others_know(make: Make) -> None:
    """A text that is registered here is found there, and there it is then in memory."""
    here, there = make(), make()
    assert await there.find(HASH) is None

    assert here.register(HASH, TEXT)
    await here.close()

    assert await there.find(HASH) == TEXT


async def test_a_text_under_a_wrong_hash_is_not_kept(make: Make, redis_url: str) -> None:
    """Neither when a client sends it so, nor when somebody wrote it so into Redis."""
    here = make()
    async with redis.asyncio.from_url(redis_url) as client:
        await client.set(f"router:apq:{HASH}", "{ forged }")

    assert not here.register(HASH, "{ other }")
    assert await here.find(HASH) is None


async def test_redis_keeps_what_is_asked_for(make: Make, redis_url: str) -> None:
    """A text lives for its time from when it was last read."""
    here, there = make(redis_ttl_s=1000), make(redis_ttl_s=5000)
    here.register(HASH, TEXT)
    await here.close()
    async with redis.asyncio.from_url(redis_url) as client:
        first = await client.ttl(f"router:apq:{HASH}")
        await there.find(HASH)
        second = await client.ttl(f"router:apq:{HASH}")

    assert 990 < first <= 1000
    assert 4990 < second <= 5000


async def test_redis_keeps_no_text_that_is_too_long(make: Make) -> None:
    """It is known where it was registered, and asked for again elsewhere: strangers do not fill what all share."""
    here, there = make(), make()
    long = f"{TEXT} # {'a' * 100_000}"
    digest = sha256(long.encode()).hexdigest()

    assert here.register(digest, long)
    await here.close()

    assert await here.find(digest) == long
    assert await there.find(digest) is None


async def test_a_text_is_hashed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that sends text and hash each time costs a comparison, not a digest."""
    hashed = 0

    def counting(data: bytes) -> Any:
        nonlocal hashed
        hashed += 1
        return sha256(data)

    monkeypatch.setattr(module, "sha256", counting)
    queries = AutomaticQueries(AutomaticSettings(), link=None, key_prefix="")
    for _ in range(5):
        assert queries.register(HASH, TEXT)
        assert await queries.find(HASH) == TEXT

    assert hashed == 1


async def test_memory_is_bounded_in_bytes() -> None:
    """The texts used last stay; one that is larger than all of the memory is not kept at all."""
    queries = AutomaticQueries(AutomaticSettings(memory_bytes=2_000), link=None, key_prefix="")
    texts = [f"{{ hello{'o' * 500}{number} }}" for number in range(4)]
    digests = [sha256(text.encode()).hexdigest() for text in texts]
    for digest, text in zip(digests, texts, strict=True):
        assert queries.register(digest, text)
    large = "{ " + "a" * 3_000 + " }"
    assert queries.register(sha256(large.encode()).hexdigest(), large)

    assert [await queries.find(digest) is not None for digest in digests] == [False, False, True, True]
    assert await queries.find(sha256(large.encode()).hexdigest()) is None


async def test_without_redis_texts_are_kept_here(tmp_path: object) -> None:
    """A server that is away is no reason to fail: the text is in memory, and nobody waits long."""
    link = RedisLink(RedisSettings(url=f"unix://{tmp_path}/nobody.sock"))
    queries = AutomaticQueries(AutomaticSettings(), link=link, key_prefix="")

    async with asyncio.timeout(5):
        assert await queries.find(HASH) is None
        assert queries.register(HASH, TEXT)
        assert await queries.find(HASH) == TEXT
        await queries.close()
    await link.close()


async def test_a_hash_that_is_none_is_not_asked_for(make: Make) -> None:
    """A client cannot choose the keys that are looked up in Redis: what is no SHA-256 is known to nobody."""
    queries = make()

    assert await queries.find("x" * 100_000) is None
    assert await queries.find(HASH.upper()) is None
