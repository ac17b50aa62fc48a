"""`health`: when /ready says that no requests should come."""

from __future__ import annotations

from pydantic import Field

from router import limits
from router.config.base import Settings


class Rejections(Settings):
    """More than `max` answers with status 503 `within_s` seconds, and /ready says no for `unready_s`."""

    max: int = Field(default=100, ge=1, le=limits.REJECTIONS_REMEMBERED_MAX)
    within_s: float = Field(default=5.0, gt=0)
    unready_s: float = Field(default=10.0, gt=0)


class HealthSettings(Settings):
    """/health says 200 while the process answers at all; /ready, while requests should come: it serves, and is not told to stop.

    More can be asked for. Both are off by default: what all routers miss at one time would take all of them out.
    """

    require_keys: bool = False
    """Not ready before the keys of every issuer have been read, nor once they are too old to be used."""

    rejections: Rejections | None = None
    """Not ready for a while after many requests were turned away."""
