"""`persisted_operations`: operations sent by hash or id, and which operations are accepted at all."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from router import limits
from router.config.base import FilePath, Settings


class AutomaticSettings(Settings):
    """Automatic persisted queries: clients register a text once and send its SHA-256 from then on. On by default.

    They are kept in memory and, where there is a `redis`, there for all routers.
    """

    enabled: bool = True
    """Without effect where the safelist is `required`: whoever may register texts needs no list."""

    memory_bytes: int = Field(default=limits.AUTOMATIC_BYTES, gt=0)
    """What the texts in memory may take; those used last stay."""

    redis_ttl_s: int = Field(default=limits.AUTOMATIC_TTL_S, gt=0)
    """How long Redis keeps a text that nobody asks for."""


class PersistedSettings(Settings):
    """Which operations may be sent by id, and whether others are accepted.

    `manifests` are files of trusted documents: Apollo's `apollo-persisted-query-manifest`, version 1, or Relay's map of id to text.
    They are read again when they change.
    """

    automatic: AutomaticSettings = AutomaticSettings()
    """Texts that clients register."""

    manifests: tuple[FilePath, ...] = ()
    """Files of trusted documents. An id that two of them have must mean the same document."""

    safelist: Literal["off", "log_unknown", "required"] = "off"
    """Whether operations that are in no manifest run: `off`, all do; `log_unknown`, all do, and each unknown one is logged once;
    `required`, none does."""

    require_id: bool = False
    """With a required safelist: trusted documents, too, run by their id only, not when sent as text."""

    prewarm: bool = True
    """Whether the documents of the manifests are planned before the router serves."""

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> PersistedSettings:
        if self.safelist != "off" and not self.manifests:
            raise ValueError(f"safelist {self.safelist} needs manifests: without one nothing is trusted")
        if self.require_id and self.safelist != "required":
            raise ValueError("require_id needs safelist: required")
        return self

    @property
    def registers(self) -> bool:
        """Whether clients may register texts."""
        return self.automatic.enabled and self.safelist != "required"
