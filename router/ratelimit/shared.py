"""Buckets that all routers share: GCRA inside Redis, by Redis's clock, so that every charge is decided in one step."""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial
from hashlib import sha1
from typing import Any, Final, NamedTuple

import redis.asyncio
from redis.exceptions import NoScriptError

from router import limits
from router.errors import RedisUnavailable
from router.ratelimit.gcra import Standing
from router.redis_link import RedisLink

# For each key two arguments: the microseconds that a charge adds, and the tolerance, below 0 for none. For each key two answers:
# whether it was allowed, and in how many microseconds the bucket is full. `router.ratelimit.gcra.decide` in Lua.
# What stands under a key and is no number, or no string at all, is somebody else's: a full bucket takes its place.
# Moments count from 2025 on, which leaves their 53 bits a hundredth of a microsecond, so that cheap units do not round to nothing.
SCRIPT: Final = """
local time = redis.call('TIME')
local now = (time[1] - 1735689600) * 1000000 + time[2]
local answers = {}
for i, key in ipairs(KEYS) do
  local added, tolerance = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local kept = redis.pcall('GET', key)
  local full_at = math.max(type(kept) == 'string' and tonumber(kept) or now, now)
  local after = math.max(full_at - now + added, 0) -- a span: a moment holds less of a fraction
  local full_after = now + after
  local allowed = tolerance < 0 or after <= tolerance
  if allowed then
    if full_after > now then
      local expires_ms = string.format('%.0f', math.min(math.ceil((full_after - now) / 1000), 10 ^ 13))
      redis.call('SET', key, string.format('%.17g', full_after), 'PX', expires_ms)
    else
      redis.call('DEL', key)
    end
    full_at = full_after
  end
  answers[2 * i - 1] = allowed and 1 or 0
  answers[2 * i] = math.min(math.ceil(full_at - now), 2 ^ 53)
end
return answers
"""
_SHA: Final = sha1(SCRIPT.encode(), usedforsecurity=False).hexdigest()  # the name that Redis gives it
_NO_TOLERANCE: Final = -1


class _Charge(NamedTuple):
    key: str
    added_us: float
    tolerance_us: float | None
    standing: asyncio.Future[Standing] | None  # None: nobody waits for it


class SharedBuckets:
    """The buckets behind one link. Charges that come while a call is under way go out together in the next one.

    A busy router so makes one call at a time, of many charges; Redis decides them one after the other, none with another between
    its reading and its writing.
    """

    def __init__(self, link: RedisLink) -> None:
        self._link = link
        self._waiting: deque[_Charge] = deque()
        self._sending: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def reachable(self) -> bool:
        """Whether Redis answered last."""
        return self._link.is_up

    def charge(self, key: str, added_us: float, tolerance_us: float) -> asyncio.Future[Standing]:
        """Take from a bucket. The future raises RedisUnavailable where nobody knows what it holds."""
        standing: asyncio.Future[Standing] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Charge(key, added_us, tolerance_us, standing))
        self._begin()
        return standing

    def settle(self, key: str, added_us: float) -> None:
        """Take from a bucket whether it has enough or not, or give back; with the next charge, or soon. It is lost if Redis is."""
        if len(self._waiting) < limits.RATE_LIMIT_SETTLEMENTS_WAITING_MAX:
            self._waiting.append(_Charge(key, added_us, None, None))
            if self._timer is None:
                self._timer = asyncio.get_running_loop().call_later(limits.RATE_LIMIT_SETTLE_S, self._begin)

    async def close(self) -> None:
        """See that what was settled gets there."""
        self._begin()
        if self._sending is not None:
            await self._sending

    def _begin(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._waiting and (self._sending is None or self._sending.done()):
            self._sending = asyncio.create_task(self._send())

    async def _send(self) -> None:
        while self._waiting:
            count = min(len(self._waiting), limits.RATE_LIMIT_CHARGES_PER_CALL_MAX)
            charges = [self._waiting.popleft() for _ in range(count)]
            try:
                answers = await self._link.ask(partial(_run, charges=charges))
            except RedisUnavailable as error:
                _fail(charges, error)
            else:
                _tell(charges, answers)


async def _run(client: redis.asyncio.Redis, charges: list[_Charge]) -> list[int]:
    arguments: list[Any] = [charge.key for charge in charges]
    for charge in charges:
        arguments += charge.added_us, _NO_TOLERANCE if charge.tolerance_us is None else charge.tolerance_us
    try:
        answers: list[int] = await client.evalsha(_SHA, len(charges), *arguments)
    except NoScriptError:  # Redis is new, or has forgotten its scripts: EVAL also loads them
        answers = await client.eval(SCRIPT, len(charges), *arguments)
    return answers


def _tell(charges: list[_Charge], answers: list[int]) -> None:
    for charge, allowed, backlog_us in zip(charges, answers[::2], answers[1::2], strict=True):
        if charge.standing is not None and not charge.standing.done():  # its client may be gone
            charge.standing.set_result(Standing(allowed == 1, backlog_us))


def _fail(charges: list[_Charge], error: RedisUnavailable) -> None:
    for charge in charges:
        if charge.standing is not None and not charge.standing.done():
            # One each: a shared one would pile up tracebacks.
            charge.standing.set_exception(RedisUnavailable(str(error)))
