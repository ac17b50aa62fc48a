"""`redis`: the server that routers share counters and caches in."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from router import limits
from router.config.base import Settings


def _redis_address(url: str) -> str:
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError(f'must start with redis://, rediss:// or unix://, unlike "{url}"')
    return url


class RedisSettings(Settings):
    """A Redis-protocol server. No request waits for it longer than `timeout_s` at a time."""

    url: Annotated[str, AfterValidator(_redis_address)]
    timeout_s: float = Field(default=limits.REDIS_TIMEOUT_S, gt=0)
