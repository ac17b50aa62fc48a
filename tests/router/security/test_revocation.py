"""Tokens that stop to count before they expire: by a function's word, and by the list that routers share in Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from time import time
from typing import Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from payflow.dev.testing import running_valkey
from router import limits
from router.config import RedisSettings
from router.config.jwt import RevokedInRedis
from router.errors import KeysUnavailable
from router.security.caller import Caller, caller_from_claims
from router.security.revocation import AskedRevocations
from router.security.revoked_list import RevokedList, revoke


def caller(**claims: Any) -> Caller:
    return caller_from_claims({"iss": "i", "sub": "ada", "sid": "s1", "jti": "t1", "iat": time(), **claims})


# ── by a function ───────────────────────────────────────────────────────────────────────────────────────────────────


class Asked:
    """The function: who is revoked, and how often it was asked."""

    def __init__(self) -> None:
        self.revoked: set[str | None] = set()
        self.count = 0
        self.fault: Exception | None = None
        self.delay_s = 0.0

    async def __call__(self, caller: Caller) -> bool:
        self.count += 1
        await asyncio.sleep(self.delay_s)
        if self.fault is not None:
            raise self.fault
        return caller.subject in self.revoked

    def revocations(self, *, recheck_s: float = 60.0, timeout_s: float = 1.0) -> AskedRevocations:
        return AskedRevocations(self, recheck_s=recheck_s, timeout_s=timeout_s)


async def test_the_function_decides() -> None:
    """True is revoked; each token is asked for apart."""
    asked = Asked()
    asked.revoked = {"bob"}
    revocations = asked.revocations()

    assert not await revocations.is_revoked(caller())
    assert await revocations.is_revoked(caller(sub="bob"))


async def test_tokens_without_any_name_are_asked_for_apart() -> None:
    """Machines' tokens may have neither subject nor id: what is revoked of one is not revoked of all that expire with it."""

    async def of_one_client(asked: Caller) -> bool:
        return bool(asked.claims["client_id"] == "bad")

    revocations = AskedRevocations(of_one_client, recheck_s=60, timeout_s=1)
    good, bad = (caller_from_claims({"iss": "i", "exp": 9e9, "client_id": name}) for name in ("good", "bad"))

    assert not await revocations.is_revoked(good)
    assert await revocations.is_revoked(bad)


async def test_its_answer_counts_for_a_while() -> None:
    """Equal tokens share an answer, also while it is awaited, until it is too old."""
    asked = Asked()
    asked.delay_s = 0.01
    revocations, ada = asked.revocations(recheck_s=0.5), caller()
    await asyncio.gather(*(revocations.is_revoked(ada) for _ in range(10)))
    await revocations.is_revoked(ada)
    assert asked.count == 1

    asked.revoked = {"ada"}
    await asyncio.sleep(0.51)
    assert await revocations.is_revoked(ada)


@pytest.mark.parametrize("fault", ["raises", "hangs"])
async def test_where_it_fails_nobody_knows(fault: str) -> None:
    """A function that raises, or takes too long, leaves the token unbelieved for now, and its fault in the log only."""
    asked = Asked()
    asked.fault, asked.delay_s = (ValueError("password=hunter2"), 0.0) if fault == "raises" else (None, 5.0)
    revocations = asked.revocations(timeout_s=0.05)

    with capture_logs() as logs, pytest.raises(KeysUnavailable, match="not known at the moment") as caught:
        await revocations.is_revoked(caller())
    assert "hunter2" not in str(caught.value)
    assert [line["event"] for line in logs] == ["the revocation check failed"]

    asked.fault, asked.delay_s = None, 0.0
    assert not await revocations.is_revoked(caller())


async def test_open_sessions_are_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for the end of a session learns of it within the interval, faults of the function notwithstanding."""
    monkeypatch.setattr(limits, "REVOKED_RETRY_S", 0.01)
    asked = Asked()
    waiting = asyncio.create_task(asked.revocations(recheck_s=0.02).revoked(caller()))
    asked.fault = ValueError()
    await asyncio.sleep(0.05)
    asked.fault = None
    await asyncio.sleep(0.05)
    assert not waiting.done()

    asked.revoked = {"ada"}
    await asyncio.wait_for(waiting, 10)


# ── by the list in Redis ────────────────────────────────────────────────────────────────────────────────────────────


class Listed:
    """A router's copy of the list, and the means to change the list."""

    def __init__(self, url: str, **settings: Any) -> None:
        self.key = f"revoked-{uuid4().hex}"
        self.redis = Redis.from_url(url)
        self.settings = RevokedInRedis(**{"key": self.key, "poll_interval_s": 60, **settings})
        self.copy = RevokedList(RedisSettings(url=url), self.settings)

    async def revoke(self, named: Any, value: str, **options: Any) -> None:
        await revoke(self.redis, named, value, key=self.key, **options)

    async def hears(self, who: Caller) -> None:
        """Wait until the copy knows."""
        await asyncio.wait_for(self.copy.revoked(who), 5)

    async def knows(self) -> None:
        """Wait until the list was read."""
        async with asyncio.timeout(5):
            while True:
                try:
                    await self.copy.is_revoked(caller())
                except KeysUnavailable:
                    await asyncio.sleep(0.005)
                else:
                    return

    @asynccontextmanager
    async def following(self) -> AsyncIterator[Listed]:
        task = asyncio.create_task(self.copy.stay_current())
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.wait([task])
            await self.redis.aclose()


@pytest.fixture
async def listed(redis_url: str) -> AsyncIterator[Listed]:
    async with Listed(redis_url).following() as listed:
        yield listed


@pytest.mark.parametrize(("named", "value"), [("jti", "t1"), ("sid", "s1"), ("sub", "ada")])
async def test_news_come_at_once(listed: Listed, named: str, value: str) -> None:
    """A token is revoked by its id, its session's or its subject's; others' tokens are not."""
    await listed.knows()
    assert not await listed.copy.is_revoked(caller())
    waiting = asyncio.create_task(listed.hears(caller()))
    other = asyncio.create_task(listed.copy.revoked(caller(jti="t2", sid="s2", sub="bob")))
    await asyncio.sleep(0)

    await listed.revoke(named, value, now=time() + 1)

    await waiting
    assert await listed.copy.is_revoked(caller())
    assert not await listed.copy.is_revoked(caller(jti="t2", sid="s2", sub="bob"))
    assert not other.done()
    other.cancel()


async def test_a_subject_may_sign_in_again(listed: Listed) -> None:
    """What it was issued until the revocation is gone, what it gets later counts; a revoked session never comes back."""
    now = time()
    await listed.revoke("sub", "ada", now=now)
    await listed.revoke("sid", "gone", now=now)
    await listed.hears(caller(iat=now - 10))

    assert not await listed.copy.is_revoked(caller(iat=now + 10))
    assert await listed.copy.is_revoked(caller(iat=now + 10, sid="gone"))
    unknown = {name: value for name, value in caller().claims.items() if name != "iat"}
    assert await listed.copy.is_revoked(caller_from_claims(unknown))


async def test_what_was_revoked_before_counts(redis_url: str) -> None:
    """A router that starts reads the list; entries older than any token are left out."""
    listed = Listed(redis_url, keep_s=100)
    await listed.revoke("sid", "s1", now=time() - 50)
    await listed.revoke("sid", "old", now=time() - 150)
    async with listed.following():
        await listed.knows()
        assert await listed.copy.is_revoked(caller())
        assert not await listed.copy.is_revoked(caller(sid="old"))


async def test_before_the_list_was_read_nobody_knows(redis_url: str) -> None:
    """No token is believed by a router that never saw the list."""
    with pytest.raises(KeysUnavailable):
        await Listed(redis_url).copy.is_revoked(caller())


async def test_the_list_is_read_again(redis_url: str) -> None:
    """An entry that was written without a word on the channel counts after the next look, which wakes who waits."""
    async with Listed(redis_url, poll_interval_s=0.1).following() as listed:
        await listed.knows()
        await listed.redis.zadd(listed.key, {"sid:s1": time()})
        await listed.hears(caller())


async def test_a_quiet_channel_is_no_outage(redis_url: str) -> None:
    """Nothing is said for longer than a command may take, and then something is."""
    listed = Listed(redis_url)
    listed.copy = RevokedList(RedisSettings(url=redis_url, timeout_s=0.4), listed.settings)
    with capture_logs() as logs:
        async with listed.following():
            await listed.knows()
            await asyncio.sleep(0.6)
            await listed.revoke("sid", "s1")
            await listed.hears(caller())
    assert logs == []


async def test_odd_words_on_the_channel_are_passed_over(listed: Listed) -> None:
    """They are logged, and the next good one is heard."""
    await listed.knows()
    with capture_logs() as logs:
        await listed.redis.publish(listed.key, "nonsense")
        await listed.redis.publish(listed.key, b"\xff\xfe sid:s1")
        await listed.revoke("sid", "s1")
        await listed.hears(caller())
    assert [line["event"] for line in logs] == ["a message on the channel of revoked tokens is not `score member`"] * 2


async def test_the_copy_is_bounded(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more revocations than are held, the newest count, whichever way they came."""
    monkeypatch.setattr(limits, "REVOKED_ENTRIES_MAX", 3)
    listed, now = Listed(redis_url), time()
    for number in range(5):
        await listed.revoke("sid", f"s{number}", now=now - 10 + number)
    async with listed.following():
        await listed.knows()
        assert [await listed.copy.is_revoked(caller(sid=f"s{n}")) for n in range(5)] == [False, False, True, True, True]
        await listed.revoke("sid", "s5", now=now)
        await listed.hears(caller(sid="s5"))
        assert not await listed.copy.is_revoked(caller(sid="s2"))


@pytest.fixture
def mortal() -> Iterator[tuple[str, ExitStack]]:
    """The URL of a Valkey of its own, and what stops it."""
    with ExitStack() as stack:
        yield stack.enter_context(running_valkey()).url, stack


async def test_an_outage_of_redis_stops_nobody(mortal: tuple[str, ExitStack], monkeypatch: pytest.MonkeyPatch) -> None:
    """While Redis is away the last copy counts: the revoked stay out, everybody else is served."""
    monkeypatch.setattr(limits, "REVOKED_RETRY_S", 0.05)
    url, server = mortal
    async with Listed(url).following() as listed:
        await listed.revoke("sid", "s1")
        await listed.hears(caller())
        with capture_logs() as logs:
            server.close()
            async with asyncio.timeout(5):
                while not logs:
                    await asyncio.sleep(0.01)

        assert logs[0]["event"] == "the list of revoked tokens cannot be read: the last copy counts"
        assert await listed.copy.is_revoked(caller())
        assert not await listed.copy.is_revoked(caller(sid="s2"))
