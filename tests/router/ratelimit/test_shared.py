"""Buckets in a real Redis, as several routers use them at one time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import redis.asyncio

from router import limits
from router.config import RedisSettings
from router.errors import RedisUnavailable
from router.ratelimit.shared import SharedBuckets
from router.redis_link import RedisLink

HOUR_US = 3_600_000_000.0
Connect = Callable[[], SharedBuckets]


@pytest.fixture
async def connect(redis_url: str) -> AsyncIterator[Connect]:
    """Makes the buckets of one more router."""
    links: list[RedisLink] = []

    def connect() -> SharedBuckets:
        links.append(RedisLink(RedisSettings(url=redis_url, timeout_s=5)))
        return SharedBuckets(links[-1])

    yield connect
    for link in links:
        await link.close()


async def test_several_routers_spend_one_budget(connect: Connect) -> None:
    """Of 400 charges that two routers make at once to a bucket of 100 units, exactly 100 are allowed."""
    routers = connect(), connect()

    standings = await asyncio.gather(
        *(routers[number % 2].charge("bucket", HOUR_US, 100 * HOUR_US) for number in range(400))
    )

    assert sum(standing.allowed for standing in standings) == 100


async def test_what_is_settled_counts_for_the_next(connect: Connect) -> None:
    """A refund can be spent again, an extra charge is missing, and a bucket that owes refuses until it is even."""
    buckets = connect()

    async def has(units: float) -> bool:
        return (await buckets.charge("bucket", units * HOUR_US, 10 * HOUR_US)).allowed

    assert await has(10)
    buckets.settle("bucket", -4 * HOUR_US)
    assert not await has(5)
    assert await has(4)
    buckets.settle("bucket", 3 * HOUR_US)
    buckets.settle("bucket", -2 * HOUR_US)
    assert not await has(0.5)


async def test_what_somebody_else_left_under_a_key_harms_nobody(connect: Connect, redis_url: str) -> None:
    """A bucket takes its place; neither the charges beside it nor the way to Redis suffer."""
    buckets = connect()
    async with redis.asyncio.from_url(redis_url) as client:
        await client.hset("hash", "a", "b")
        await client.set("words", "not a number")
    standings = await asyncio.gather(
        *(buckets.charge(key, HOUR_US, HOUR_US) for key in ("hash", "words", "bucket", "hash", "words"))
    )

    assert [standing.allowed for standing in standings] == [True, True, True, False, False]
    assert buckets.reachable


async def test_a_redis_that_forgot_the_script_is_taught_it_again(connect: Connect, redis_url: str) -> None:
    """After SCRIPT FLUSH (a restart, a failover) the first charge is as good as any."""
    buckets = connect()
    await buckets.charge("bucket", HOUR_US, 2 * HOUR_US)
    async with redis.asyncio.from_url(redis_url) as client:
        await client.script_flush()

    second, third = [await buckets.charge("bucket", HOUR_US, 2 * HOUR_US) for _ in range(2)]

    assert (second.allowed, third.allowed) == (True, False)


async def test_charges_under_way_at_one_time_share_a_call(connect: Connect, redis_url: str) -> None:
    """A hundred charges at once are a handful of commands, so that a busy router does not drown in replies."""
    buckets = connect()
    await buckets.charge("bucket", 0, HOUR_US)
    async with redis.asyncio.from_url(redis_url) as client:
        await client.config_resetstat()
        await asyncio.gather(*(buckets.charge(f"bucket {number}", HOUR_US, HOUR_US) for number in range(100)))
        commands = await client.info("commandstats")

    assert commands["cmdstat_evalsha"]["calls"] <= 2


async def test_a_client_that_hangs_up_leaves_the_others_alone(connect: Connect) -> None:
    """A charge whose request is cancelled neither fails nor delays those that travel with it."""
    buckets = connect()
    given_up = asyncio.ensure_future(buckets.charge("bucket", HOUR_US, 2 * HOUR_US))
    other = asyncio.ensure_future(buckets.charge("bucket", HOUR_US, 2 * HOUR_US))
    await asyncio.sleep(0)
    given_up.cancel()

    assert (await other).allowed


async def test_without_redis_every_charge_says_so(tmp_path: object) -> None:
    """Nobody waits and nothing piles up: each charge fails, and settlements are dropped."""
    link = RedisLink(RedisSettings(url=f"unix://{tmp_path}/nobody.sock"))
    buckets = SharedBuckets(link)

    for _ in range(3):
        with pytest.raises(RedisUnavailable):
            await buckets.charge("bucket", 1, 1)
    buckets.settle("bucket", 1)
    await buckets.close()

    assert not buckets.reachable
    await link.close()


async def test_settlements_that_cannot_be_sent_are_bounded(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one call is stuck, what waits behind it is at most so many."""
    monkeypatch.setattr(limits, "RATE_LIMIT_SETTLEMENTS_WAITING_MAX", 3)
    buckets = connect()
    for _ in range(10):
        buckets.settle("bucket", HOUR_US)
    await buckets.close()

    standing = await buckets.charge("bucket", 0, HOUR_US)

    assert standing.backlog_us == pytest.approx(3 * HOUR_US, rel=0.01)
