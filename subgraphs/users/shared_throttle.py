"""Throttling that all processes share, in Redis; while Redis is away each counts for itself, by stricter rules."""

from __future__ import annotations

from typing import Any, Final

import structlog
from redis import asyncio as redis
from redis.exceptions import RedisError

from payflow.kernel.clock import Clock
from payflow.kernel.errors import SettingsError, one_line
from subgraphs.users.throttling import KNOWN_S, PER_ACCOUNT, PER_NETWORK, Attempt, Attempts, Policy, refusal

REDIS_TIMEOUT_S = 0.5  # a log-in takes some 50 ms; who waits for more than this is better served by the stricter rules
AWAY_S = 1.0  # Redis is not asked again for this long after it failed: each try would cost a time-out
_PREFIX = "payflow:{login}:"  # the braces keep all keys of an attempt on one node of a cluster

# KEYS: account, network, pair, and what says that the pair is known. ARGV: now in ms, the attempt's id; for account and then network
# free, first, longest, window, in ms. Answers how many ms to wait; 0 where the attempt may be made, and then it counts. The same rule
# as Policy.wait_s and Attempts.admit.
_ADMIT: Final = """
local now, wait = tonumber(ARGV[1]), 0
local counted = {KEYS[1], KEYS[2]}
if redis.call('EXISTS', KEYS[4]) == 1 then counted[1] = KEYS[3] end
for at, key in ipairs(counted) do
  local given = 4 * at - 2
  local free, first = tonumber(ARGV[given + 1]), tonumber(ARGV[given + 2])
  local longest, window = tonumber(ARGV[given + 3]), tonumber(ARGV[given + 4])
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - window)
  local failed = redis.call('ZCARD', key)
  if failed >= free then
    local last = tonumber(redis.call('ZREVRANGE', key, 0, 0, 'WITHSCORES')[2])
    local pause = math.min(first * 2 ^ math.min(failed - free, 30), longest)
    wait = math.max(wait, last + pause - now)
  end
end
if wait > 0 then return math.ceil(wait) end
for at, key in ipairs(counted) do
  redis.call('ZADD', key, now, ARGV[2])
  redis.call('PEXPIRE', key, ARGV[4 * at + 2])
end
return 0
"""

log = structlog.get_logger(__name__)


class SharedThrottle:
    """Counts in Redis, and meanwhile by itself where that does not answer."""

    def __init__(
        self, url: str, *, clock: Clock, per_account: Policy = PER_ACCOUNT, per_network: Policy = PER_NETWORK
    ) -> None:
        try:
            self._redis = redis.Redis.from_url(
                url, socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S
            )
        except ValueError as error:
            raise SettingsError(f"PAYFLOW_REDIS_URL is not valid: {error}") from None
        self._admit = self._redis.register_script(_ADMIT)
        self._clock = clock
        self._arguments = [*_in_ms(per_account), *_in_ms(per_network)]
        self._own = Attempts(per_account=per_account.stricter(), per_network=per_network.stricter())
        self._away_until = 0.0

    async def admit(self, attempt: Attempt) -> None:
        """Raises TooManyAttempts."""
        now = self._clock.now().timestamp()
        wait_s = await self._shared_wait_s(attempt, now)
        if wait_s is None:
            wait_s = self._own.admit(attempt, now)
        if wait_s > 0:
            raise refusal(wait_s)

    async def forgive(self, attempt: Attempt) -> None:
        self._own.forgive(attempt)
        account, network, pair, known = _keys(attempt)
        try:
            async with self._redis.pipeline(transaction=True) as all_at_once:
                all_at_once.zrem(account, attempt.id)
                all_at_once.zrem(network, attempt.id)
                all_at_once.delete(pair)
                all_at_once.set(known, 1, ex=int(KNOWN_S))
                await all_at_once.execute()
        except (RedisError, OSError, TimeoutError) as error:
            self._went_away(error)

    async def close(self) -> None:
        await self._redis.aclose()

    async def _shared_wait_s(self, attempt: Attempt, now: float) -> float | None:
        """None where Redis does not say."""
        if now < self._away_until:
            return None
        arguments: list[Any] = [int(now * 1000), attempt.id, *self._arguments]
        try:
            return int(await self._admit(keys=_keys(attempt), args=arguments)) / 1000
        except (RedisError, OSError, TimeoutError) as error:
            self._went_away(error)
            return None

    def _went_away(self, error: BaseException) -> None:
        self._away_until = self._clock.now().timestamp() + AWAY_S
        log.warning("log-ins are throttled by this process alone, more strictly", reason=one_line(error))


def _keys(attempt: Attempt) -> list[str]:
    return [_PREFIX + key for key in (attempt.account, attempt.network, attempt.pair, f"known:{attempt.pair}")]


def _in_ms(policy: Policy) -> tuple[int, ...]:
    seconds = (policy.first_s, policy.longest_s, policy.window_s)
    return (policy.free, *(int(value * 1000) for value in seconds))
