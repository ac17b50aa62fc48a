"""What the limiter does where Redis fails it, and where operations are refused for other reasons."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from router import limits
from router.config import RedisSettings
from router.config.rate_limit import RateLimitSettings
from router.errors import DearerThanBurst, RateLimited
from router.exchange import Client, ClientRequest
from router.ratelimit.limiter import RateLimiter
from router.ratelimit.shared import SharedBuckets
from router.redis_link import RedisLink
from router.telemetry import Telemetry

PLAN = {"rate": 100, "period_s": 3600}


def limiter(shared: SharedBuckets | None = None, **settings: Any) -> RateLimiter:
    made = RateLimitSettings.model_validate({"plan": PLAN, **settings})
    return RateLimiter(made, shared=shared, key_prefix="router:", telemetry=Telemetry())


def request(address: str = "192.0.2.1") -> ClientRequest:
    return ClientRequest("{ a }", client=Client(address))


def away(folder: Path) -> SharedBuckets:
    """Behind a Redis that is not there."""
    return SharedBuckets(RedisLink(RedisSettings(url=f"unix://{folder}/nobody.sock")))


async def test_without_redis_the_share_of_a_process_is_its_own(tmp_path: Path) -> None:
    """During an outage each process allows its part of the plan, at its part of the rate."""
    half = limiter(away(tmp_path), local_share=0.5)

    first = await half.charge(request(), 45)
    with pytest.raises(RateLimited, match=r"try again in 360 s"):
        await half.charge(request(), 10)

    assert first.told.local
    assert first.told.rate.burst == 50
    assert half.is_local


async def test_an_operation_that_is_dearer_than_a_share_takes_all_of_it(tmp_path: Path) -> None:
    """What the whole plan allows is not impossible during an outage."""
    half = limiter(away(tmp_path), local_share=0.5)

    receipt = await half.charge(request(), 80)

    assert receipt.told.standing.allowed
    assert receipt.told.remaining == 0


async def test_without_any_redis_a_plan_is_whole() -> None:
    """A router that never had one has nobody to share with."""
    alone = limiter(local_share=0.5)

    receipt = await alone.charge(request(), 100)

    assert (receipt.told.standing.allowed, receipt.told.rate.burst) == (True, 100)


async def test_what_was_charged_in_redis_is_not_settled_here(redis_url: str) -> None:
    """A refund goes to the bucket that was charged, even if Redis is not asked any more just now."""
    link = RedisLink(RedisSettings(url=redis_url, timeout_s=5))
    shared = limiter(SharedBuckets(link))
    receipt = await shared.charge(request(), 90)
    link.is_up = False

    shared.settle(receipt, request(), 1)
    here = await shared.charge(request(), 100)

    assert (receipt.told.local, here.told.local) == (False, True)
    assert here.told.standing.allowed
    await shared.close()
    await link.close()


async def test_costs_of_any_size_are_charged() -> None:
    """A number that no float holds is dearer than the budget, and takes nothing where the limit only measures."""
    huge = 10**400

    with pytest.raises(DearerThanBurst):
        await limiter().charge(request(), huge)
    measured = await limiter(mode="measure").charge(request(), huge)

    assert not measured.told.standing.allowed


async def test_a_bucket_that_owes_gets_even_first() -> None:
    """An operation that cost more than it was estimated is answered, and the next one waits for it."""
    alone = limiter()
    receipt = await alone.charge(request(), 10)
    alone.settle(receipt, request(), 150)

    with pytest.raises(RateLimited, match=r"try again in 1836 s"):
        await alone.charge(request(), 1)


async def test_refused_operations_are_charged_and_stop_the_flood() -> None:
    """Whoever sends what is not valid pays the minimum for each, and is turned away when nothing is left: before it is read."""
    alone = limiter(plan={"rate": 3, "period_s": 3600})
    for _ in range(4):
        alone.turn_away(request())
        alone.charge_minimum(request())

    asked = request()
    with pytest.raises(RateLimited, match=r"try again in 1200 s"):
        alone.turn_away(asked)
    alone.turn_away(request("192.0.2.2"))

    assert asked.reply.headers["retry-after"] == "1200"
    assert asked.reply.extensions["rateLimit"]["remaining"] == 0


async def test_refused_operations_are_charged_in_redis(redis_url: str) -> None:
    """The same for the budget that routers share, without anybody waiting for Redis."""
    link = RedisLink(RedisSettings(url=redis_url, timeout_s=5))
    shared = limiter(SharedBuckets(link), plan={"rate": 3, "period_s": 3600})
    for _ in range(4):
        shared.charge_minimum(request())
    await shared.close()
    await asyncio.sleep(0)

    with pytest.raises(RateLimited):
        shared.turn_away(request())
    await link.close()


async def test_who_is_turned_away_is_looked_at_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process may have given something back meanwhile; and what comes back here counts at once."""
    monkeypatch.setattr(limits, "RATE_LIMIT_SPENT_S", 0.05)
    alone = limiter()
    receipt = await alone.charge(request(), 100)
    with pytest.raises(RateLimited):
        await alone.charge(request(), 1)
    with pytest.raises(RateLimited):
        alone.turn_away(request())
    alone.settle(receipt, request(), 50)
    alone.turn_away(request())

    await alone.charge(request(), 50)
    with pytest.raises(RateLimited):
        await alone.charge(request(), 1)
    began_at = monotonic()
    with pytest.raises(RateLimited):
        alone.turn_away(request())
    while monotonic() - began_at < 0.06:
        await asyncio.sleep(0.01)
    alone.turn_away(request())


async def test_where_it_only_measures_nobody_is_turned_away() -> None:
    """Not even one who has nothing left."""
    measuring = limiter(mode="measure", plan={"rate": 1, "period_s": 3600})
    for _ in range(3):
        measuring.turn_away(request())
        measuring.charge_minimum(request())
        await measuring.charge(request(), 1)
