"""Throttling: the rule by itself, and both of its keepers (this process, Redis) by one contract."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from payflow.kernel.clock import FixedClock
from payflow.kernel.errors import SettingsError
from subgraphs.users import shared_throttle, throttling
from subgraphs.users.errors import TooManyAttempts
from subgraphs.users.shared_throttle import AWAY_S, SharedThrottle
from subgraphs.users.throttling import PER_ACCOUNT, PER_NETWORK, Attempt, Attempts, Policy, Registering, Throttle
from tests.subgraphs.users.bench import POLICIES, OwnThrottle

NOW = datetime(2026, 11, 23, tzinfo=UTC)
NOBODY_LISTENS = "redis://127.0.0.1:1/0"

Waits = Callable[[], Awaitable[int]]


def test_the_pause_doubles_up_to_its_bound() -> None:
    """Free at first; then from the last failure on, twice as long with each; and what has left the window does not count."""
    policy = Policy(free=2, first_s=10, longest_s=50, window_s=100)

    assert policy.wait_s([], 0) == policy.wait_s([0], 0) == 0
    assert policy.wait_s([0, 1], 1) == 10
    assert policy.wait_s([0, 1], 7) == 4
    assert policy.wait_s([0, 1, 20], 20) == 20
    assert policy.wait_s([0, 1, 20, 45], 45) == 40
    assert policy.wait_s([0, 1, 20, 45, 90], 90) == 50
    assert policy.wait_s([0, 1, 20, 45, 90], 101) == 9, "the first two have gone, so the pause is that of three"
    assert policy.wait_s([0] * 2000, 0) == 50


def test_a_process_alone_is_stricter() -> None:
    """It sees a part of what comes only."""
    for policy in (PER_ACCOUNT, PER_NETWORK, POLICIES.registrations):
        assert policy.stricter().free < policy.free
        assert policy.stricter().first_s > policy.first_s


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis that is slow on a busy machine is not away."""
    monkeypatch.setattr(shared_throttle, "REDIS_TIMEOUT_S", 20.0)


@pytest.fixture(params=["own", "redis"])
async def throttle(request: pytest.FixtureRequest, redis_url: str, clock: FixedClock) -> AsyncIterator[Throttle]:
    if request.param == "own":
        yield OwnThrottle(clock)
        return
    shared = SharedThrottle(redis_url, clock=clock, policies=POLICIES)
    yield shared
    await shared.close()


async def wait_of(throttle: Throttle, email: str = "ada@example.com", network: str = "192.0.2.1") -> int:
    """Make an attempt that fails; answers the seconds to wait where it was not let pass."""
    try:
        await throttle.admit(Attempt.of(email, network))
    except TooManyAttempts as refusal:
        return refusal.retry_after_s
    return 0


async def test_an_account_is_throttled_wherever_the_attempts_come_from(throttle: Throttle, clock: FixedClock) -> None:
    """Five failures, then 15 s, 30 s, 60 s …; refused attempts do not count."""
    assert [await wait_of(throttle, network=f"192.0.2.{n}") for n in range(8)] == [0] * 5 + [15] * 3

    for pause in (15, 30, 60, 120, 240):
        clock.advance(timedelta(seconds=pause - 1))
        assert await wait_of(throttle) == 1
        clock.advance(timedelta(seconds=1))
        assert await wait_of(throttle) == 0


async def test_a_network_is_throttled_whatever_accounts_it_tries(throttle: Throttle) -> None:
    """Fifty failures over all; another network is not concerned."""
    waits = [await wait_of(throttle, f"person{n}@example.com") for n in range(52)]

    assert waits == [0] * 50 + [15] * 2
    assert await wait_of(throttle, "person99@example.com", "198.51.100.1") == 0


async def register_wait_of(throttle: Throttle, network: str = "192.0.2.1") -> int:
    """Register; answers the seconds to wait where that was not let pass."""
    try:
        await throttle.admit_registration(Registering.from_network(network))
    except TooManyAttempts as refusal:
        return refusal.retry_after_s
    return 0


async def test_a_network_registers_so_many_people(throttle: Throttle, clock: FixedClock) -> None:
    """A hundred an hour cost nothing, then the pause doubles; another network, and who logs in, is not concerned."""
    waits = await asyncio.gather(*(register_wait_of(throttle) for _ in range(103)))
    assert sorted(waits) == [0] * 100 + [15] * 3

    clock.advance(timedelta(seconds=15))
    assert [await register_wait_of(throttle) for _ in range(2)] == [0, 30]
    assert await register_wait_of(throttle, "198.51.100.1") == 0
    assert await wait_of(throttle) == 0

    clock.advance(timedelta(hours=1))
    assert await register_wait_of(throttle) == 0


async def test_the_window_slides(throttle: Throttle, clock: FixedClock) -> None:
    """A quarter of an hour after the failures all is as it was."""
    for _ in range(6):
        await wait_of(throttle)

    clock.advance(timedelta(seconds=PER_ACCOUNT.window_s + 1))

    assert [await wait_of(throttle) for _ in range(6)] == [0] * 5 + [15]


async def test_success_begins_anew_and_does_not_burden_the_network(throttle: Throttle) -> None:
    """Forty people who log in from one address, each after a typing error, pass."""
    for number in range(40):
        email = f"person{number}@example.com"
        assert await wait_of(throttle, email) == 0
        right = Attempt.of(email, "192.0.2.1")
        await throttle.admit(right)
        await throttle.forgive(right)
    for _ in range(5):
        assert await wait_of(throttle, "person0@example.com") == 0


async def test_strangers_do_not_keep_an_owner_out(throttle: Throttle) -> None:
    """While others guess at the account, a network from which its owner has logged in before is let pass, and counted by itself."""
    home = Attempt.of("ada@example.com", "192.0.2.1")
    await throttle.admit(home)
    await throttle.forgive(home)
    guesses = [await wait_of(throttle, network=f"203.0.113.{n}") for n in range(6)]
    assert guesses == [0] * 5 + [15]

    assert [await wait_of(throttle) for _ in range(6)] == [0] * 5 + [15]
    assert await wait_of(throttle, "bob@example.com") == 0


async def test_success_does_not_give_strangers_a_new_start(throttle: Throttle) -> None:
    """What they have failed stays counted when the owner logs in."""
    for number in range(4):
        await wait_of(throttle, network=f"203.0.113.{number}")
    home = Attempt.of("ada@example.com", "192.0.2.1")
    await throttle.admit(home)
    await throttle.forgive(home)

    assert [await wait_of(throttle, network=f"203.0.113.{n}") for n in range(3)] == [0, 15, 15]


async def test_what_was_not_looked_at_is_taken_back(throttle: Throttle) -> None:
    """It burdens neither account nor network, and unlike a right password it takes back nothing else and makes nothing known."""
    home = Attempt.of("ada@example.com", "192.0.2.1")
    await throttle.admit(home)
    await throttle.forgive(home)
    for network in ("192.0.2.1", "198.51.100.1"):
        for _ in range(10):
            unseen = Attempt.of("ada@example.com", network)
            await throttle.admit(unseen)
            await throttle.take_back(unseen)
        assert [await wait_of(throttle, network=network) for _ in range(4)] == [0] * 4
        unseen = Attempt.of("ada@example.com", network)
        await throttle.admit(unseen)
        await throttle.take_back(unseen)
        assert [await wait_of(throttle, network=network) for _ in range(2)] == [0, 15]


async def test_attempts_at_once_count_from_their_start(throttle: Throttle) -> None:
    """However many come together, no more pass than would in a row."""
    waits = await asyncio.gather(*(wait_of(throttle) for _ in range(40)))

    assert waits.count(0) == 5


async def test_redis_learns_no_address_of_mail_and_forgets(redis_url: str, clock: FixedClock) -> None:
    """Keys are digests, and end: failures with the window, which networks are known some time later."""
    shared = SharedThrottle(redis_url, clock=clock, policies=POLICIES)
    await wait_of(shared)
    right = Attempt.of("ada@example.com", "192.0.2.1")
    await shared.admit(right)
    await shared.forgive(right)

    async with Redis.from_url(redis_url) as client:
        keys = [key.decode() async for key in client.scan_iter()]
        lives = [await client.ttl(key) for key in keys]
    assert len(keys) == 3
    assert "ada" not in str(keys)
    assert all(
        0 < life <= (throttling.KNOWN_S if "known" in key else 900) for key, life in zip(keys, lives, strict=True)
    )
    await shared.close()


async def test_processes_share_what_they_count(redis_url: str, clock: FixedClock) -> None:
    """Attempts that are spread over processes are attempts on one account."""
    processes = [SharedThrottle(redis_url, clock=clock, policies=POLICIES) for _ in range(3)]

    waits = [await wait_of(processes[n % 3]) for n in range(7)]

    assert waits == [0] * 5 + [15] * 2
    for process in processes:
        await process.close()


async def test_without_redis_a_process_throttles_by_itself_and_more_strictly(clock: FixedClock) -> None:
    """Nobody is let pass unseen, and nobody is turned away for the outage."""
    alone = SharedThrottle(NOBODY_LISTENS, clock=clock, policies=POLICIES)

    assert [await wait_of(alone) for _ in range(4)] == [0, 0, 30, 30]
    assert [await register_wait_of(alone) for _ in range(51)] == [0] * 50 + [30]
    clock.advance(timedelta(seconds=AWAY_S + 30))
    assert await wait_of(alone) == 0, "Redis is looked for again, and is still away"
    right = Attempt.of("ada@example.com", "192.0.2.1")
    await alone.forgive(right)
    assert await wait_of(alone) == 0
    await alone.close()


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Past KEYS_MAX the accounts and networks that were seen longest ago are forgotten."""
    monkeypatch.setattr(throttling, "KEYS_MAX", 10)
    attempts = Attempts(POLICIES)

    for number in range(100):
        attempts.admit(Attempt.of(f"person{number}@example.com", "192.0.2.1"), NOW.timestamp())

    assert len(attempts._counted) == 10
    assert "network:192.0.2.1" in attempts._counted


def test_a_wrong_url_is_a_setting(clock: FixedClock) -> None:
    """Said at start."""
    with pytest.raises(SettingsError, match="PAYFLOW_REDIS_URL"):
        SharedThrottle("nonsense", clock=clock, policies=POLICIES)
