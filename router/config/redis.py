"""`redis`: the server that routers share counters and caches in."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from router import limits
from router.config.base import Settings


def _redis_address(url: str) -> str:
    # Of what is wrong here nothing is repeated: it may hold a password.
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must start with redis://, rediss:// or unix://")
    try:
        urlsplit(url).port  # noqa: B018 - it is looked at when it is asked for
    except ValueError:
        raise ValueError(
            "has a port that is no number; what is no letter or digit in a password is written %XX"
        ) from None
    return url


class RedisSettings(Settings):
    """A server that speaks Redis's protocol. Off by default: each process then counts and remembers by itself."""

    url: Annotated[str, AfterValidator(_redis_address)]
    """Where it is, e.g. `redis://:password@host:6379/0`."""

    timeout_s: float = Field(default=limits.REDIS_TIMEOUT_S, gt=0)
    """No request waits for it longer than this at a time."""

    key_prefix: str = Field(default="router:", min_length=1, max_length=100)
    """What every key begins with. Routers that are to share nothing take different ones."""
