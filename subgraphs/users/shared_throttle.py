"""Throttling that all processes share, in Redis; while Redis is away each counts for itself, by stricter rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import structlog
from redis import asyncio as redis
from redis.exceptions import RedisError

from payflow.kernel.clock import Clock
from payflow.kernel.errors import SettingsError, one_line
from subgraphs.users.throttling import (
    KNOWN_S,
    Attempt,
    Attempts,
    Policies,
    Policy,
    Registering,
    refusal,
    registration_refusal,
)

REDIS_TIMEOUT_S = 0.5  # a log-in takes some 50 ms; who waits for more than this is better served by the stricter rules
CONNECTIONS_MAX = 16  # past it an attempt waits for one: an answer takes well below a millisecond
AWAY_S = 1.0  # Redis is not asked again for this long after it failed: each try would cost a time-out
_PREFIX = "payflow:{login}:"  # the braces keep all keys of an attempt on one node of a cluster

# KEYS: those that the attempt is counted under, and of a log-in the pair and what says that it is known: then the pair is counted in
# place of the first, the account. ARGV: now in ms, the attempt's id; for each that is counted free, first, longest, window, in ms.
# Answers how many ms to wait; 0 where the attempt may be made, and then it counts. The same rule as Policy.wait_s and Attempts.admit.
_ADMIT: Final = """
local now, wait = tonumber(ARGV[1]), 0
local counted, rules = {}, (#ARGV - 2) / 4
for at = 1, rules do counted[at] = KEYS[at] end
if KEYS[rules + 2] and redis.call('EXISTS', KEYS[rules + 2]) == 1 then counted[1] = KEYS[rules + 1] end
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

    def __init__(self, url: str, *, clock: Clock, policies: Policies) -> None:
        try:
            pool = redis.BlockingConnectionPool.from_url(
                url,
                max_connections=CONNECTIONS_MAX,
                timeout=REDIS_TIMEOUT_S,
                socket_timeout=REDIS_TIMEOUT_S,
                socket_connect_timeout=REDIS_TIMEOUT_S,
            )
        except ValueError as error:
            raise SettingsError(f"PAYFLOW_REDIS_URL is not valid: {error}") from None
        self._redis = redis.Redis.from_pool(pool)
        self._admit = self._redis.register_script(_ADMIT)
        self._clock = clock
        self._policies = policies
        self._own = Attempts(policies.stricter())
        self._away_until = 0.0

    async def admit(self, attempt: Attempt) -> None:
        """Raises TooManyAttempts."""
        now, rules = self._clock.now().timestamp(), (self._policies.per_account, self._policies.per_network)
        wait_s = await self._shared_wait_s(_keys(attempt), attempt.id, rules, now)
        if wait_s is None:
            wait_s = self._own.admit(attempt, now)
        if wait_s > 0:
            raise refusal(wait_s)

    async def admit_registration(self, registering: Registering) -> None:
        """Raises TooManyAttempts."""
        now, keys = self._clock.now().timestamp(), [_PREFIX + registering.network]
        wait_s = await self._shared_wait_s(keys, registering.id, (self._policies.registrations,), now)
        if wait_s is None:
            wait_s = self._own.admit_registration(registering, now)
        if wait_s > 0:
            raise registration_refusal(wait_s)

    async def take_back(self, attempt: Attempt) -> None:
        self._own.take_back(attempt)
        *counted, _ = _keys(attempt)
        await self._write(*(("ZREM", key, attempt.id) for key in counted))

    async def forgive(self, attempt: Attempt) -> None:
        self._own.forgive(attempt)
        account, network, pair, known = _keys(attempt)
        removed = (("ZREM", account, attempt.id), ("ZREM", network, attempt.id), ("DEL", pair))
        await self._write(*removed, ("SET", known, 1, "EX", int(KNOWN_S)))

    async def close(self) -> None:
        await self._redis.aclose()

    async def _shared_wait_s(
        self, keys: Sequence[str], attempt_id: str, rules: Sequence[Policy], now: float
    ) -> float | None:
        """None where Redis does not say."""
        if now < self._away_until:
            return None
        arguments: list[Any] = [int(now * 1000), attempt_id, *(given for rule in rules for given in _in_ms(rule))]
        try:
            return int(await self._admit(keys=keys, args=arguments)) / 1000
        except (RedisError, OSError, TimeoutError) as error:
            self._went_away(error)
            return None

    async def _write(self, *commands: tuple[Any, ...]) -> None:
        """All at once, or not at all where Redis is away."""
        try:
            async with self._redis.pipeline(transaction=True) as all_at_once:
                for command in commands:
                    all_at_once.execute_command(*command)
                await all_at_once.execute()
        except (RedisError, OSError, TimeoutError) as error:
            self._went_away(error)

    def _went_away(self, error: BaseException) -> None:
        self._away_until = self._clock.now().timestamp() + AWAY_S
        log.warning(
            "log-ins and registrations are throttled by this process alone, more strictly", reason=one_line(error)
        )


def _keys(attempt: Attempt) -> list[str]:
    return [_PREFIX + key for key in (attempt.account, attempt.network, attempt.pair, f"known:{attempt.pair}")]


def _in_ms(policy: Policy) -> tuple[int, ...]:
    seconds = (policy.first_s, policy.longest_s, policy.window_s)
    return (policy.free, *(int(value * 1000) for value in seconds))
