"""`listen`: where the router listens."""

from __future__ import annotations

from pydantic import Field

from router.config.base import Settings


class Listen(Settings):
    """Where the router listens."""

    host: str = "127.0.0.1"
    port: int = Field(default=4000, ge=0, le=65535)
