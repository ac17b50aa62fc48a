"""`cors`: which web origins may call the router from a browser."""

from __future__ import annotations

from pydantic import Field

from router.config.base import Settings


class Cors(Settings):
    """Which web origins may call the router from a browser; `*` is every one."""

    origins: tuple[str, ...] = Field(min_length=1)
    max_age_s: int = Field(default=600, ge=0)
