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
    """A server that speaks Redis's protocol. Off by default: each process then counts and remembers by itself."""

    url: Annotated[str, AfterValidator(_redis_address)]
    """Where it is, e.g. `redis://:password@host:6379/0`."""

    timeout_s: float = Field(default=limits.REDIS_TIMEOUT_S, gt=0)
    """No request waits for it longer than this at a time."""

    key_prefix: str = Field(default="router:", min_length=1, max_length=100)
    """What every key begins with. Routers that are to share nothing take different ones."""
