"""The list of ended sessions in Redis, as routers read it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
from redis.asyncio import Redis

from payflow.kernel.background import running as running_task
from payflow.kernel.clock import FixedClock
from subgraphs.users import revocations as module
from subgraphs.users.domain import Register
from subgraphs.users.revocations import KEY, Revocations
from subgraphs.users.service import Users
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.harness import Keys
from tests.subgraphs.users.bench import HOME, users_service

NOW = datetime(2026, 11, 23, tzinfo=UTC)
LIFETIME = timedelta(minutes=10)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
async def users(make_settings: MakeSettings, keys: Keys, clock: FixedClock) -> AsyncIterator[Users]:
    async with users_service((await make_settings("users")).database_url("users"), keys, clock) as users:
        yield users


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
async def revocations(users: Users, redis_url: str, clock: FixedClock) -> AsyncIterator[Revocations]:
    made = Revocations(redis_url, database=users.database, clock=clock, token_lifetime=LIFETIME)
    yield made
    await made.close()


async def ended(users: Users, handle: str) -> UUID:
    """Somebody signs in and out; answers the session."""
    session = await users.register(
        Register(f"{handle}@example.com", "correct horse battery", handle, handle), network=HOME
    )
    await users.sessions.log_out(session.refresh_token)
    return UUID(jwt.decode(session.access_token, options={"verify_signature": False})["sid"])


async def listed(redis: Redis) -> dict[str, float]:
    entries: Any = await redis.zrange(KEY, 0, -1, withscores=True)
    return {member.decode(): score for member, score in entries}


async def test_ended_sessions_are_listed_as_long_as_their_tokens_may_live(
    users: Users, revocations: Revocations, redis: Redis, clock: FixedClock
) -> None:
    """As `sid:…` with the instant, which is what a router looks for; then they are taken off."""
    session = await ended(users, "ada")
    await users.register(Register("bob@example.com", "correct horse battery", "bob", "Bob"), network=HOME)

    await revocations.tell()
    assert await listed(redis) == {f"sid:{session}": NOW.timestamp()}
    clock.advance(LIFETIME)
    await revocations.tell()
    assert len(await listed(redis)) == 1
    clock.advance(timedelta(minutes=2))
    await revocations.tell()
    assert await listed(redis) == {}


async def test_news_are_announced_once_and_all_again_after_a_loss(
    users: Users, revocations: Revocations, redis: Redis
) -> None:
    """Routers hear `score member` on the channel at once; when Redis lost the list, they hear all of it again."""
    first = await ended(users, "ada")
    async with redis.pubsub(ignore_subscribe_messages=True) as channel:
        await channel.subscribe(KEY)
        await channel.get_message(timeout=20)

        async def heard(*expected: str) -> set[str]:
            """All that is said, from what is expected on until it is quiet."""
            found: set[str] = set()
            while (message := await channel.get_message(timeout=0.3 if found.issuperset(expected) else 20)) is not None:
                moment, _, member = message["data"].decode().partition(" ")
                assert float(moment) == NOW.timestamp()
                found.add(member)
            return found

        await revocations.tell()
        assert f"sid:{first}" in await heard(f"sid:{first}")
        await revocations.tell()
        assert f"sid:{first}" not in await heard()
        second = await ended(users, "bob")
        await revocations.tell()
        assert await heard(f"sid:{second}") == {f"sid:{second}"}
        await redis.delete(KEY)
        await revocations.tell()
        assert await heard(f"sid:{first}", f"sid:{second}") == {f"sid:{first}", f"sid:{second}"}


async def test_a_commit_wakes_it(
    users: Users, revocations: Revocations, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the clock: it is told long before the next look."""
    monkeypatch.setattr(module, "REPEAT_S", 60.0)
    told_of = replace(users, sessions=replace(users.sessions, ended=revocations.wake))
    async with running_task(revocations.run(), name="revocations"):
        await asyncio.sleep(0.1)
        session = await ended(told_of, "ada")
        async with asyncio.timeout(module.REPEAT_S / 3):
            while f"sid:{session}" not in await listed(redis):
                await asyncio.sleep(0.02)


async def test_an_outage_of_redis_is_made_good(
    users: Users, redis: Redis, redis_url: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It tries until the list stands."""
    monkeypatch.setattr(module, "BACKOFF_MAX_S", 0.05)
    away = Redis.from_url("redis://127.0.0.1:1/0")
    revocations = Revocations(redis_url, database=users.database, clock=clock, token_lifetime=LIFETIME)
    back, revocations._redis = revocations._redis, away
    session = await ended(users, "ada")

    async with running_task(revocations.run(), name="revocations"):
        await asyncio.sleep(0.2)
        assert await listed(redis) == {}
        revocations._redis = back
        async with asyncio.timeout(20):
            while f"sid:{session}" not in await listed(redis):
                await asyncio.sleep(0.02)
    await away.aclose()
    await revocations.close()
