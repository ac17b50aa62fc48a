"""`reload`: whether changed files are taken up while the router serves."""

from __future__ import annotations

from pydantic import Field

from router import limits
from router.config.base import Settings


class ReloadSettings(Settings):
    """A changed supergraph or configuration takes effect without a restart. On by default; SIGHUP does the same at once."""

    watch: bool = True
    """Look at the files of the supergraph and of the configuration every `interval_s` seconds."""

    interval_s: float = Field(default=limits.RELOAD_INTERVAL_S, gt=0)
    """How often the files are looked at. One that changed is read when two looks in a row find it the same."""

    drain_s: float = Field(default=limits.RELOAD_DRAIN_S, ge=0)
    """How long requests that began before a reload may still use the connections of before."""
