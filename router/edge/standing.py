"""Whether this process should be sent requests: it starts, serves or stops, and what it needs is there."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from time import monotonic
from typing import Literal, TypeAlias

from router.config.health import HealthSettings, Rejections
from router.edge.gate import Gate

Phase: TypeAlias = Literal["starting", "serving", "stopping"]
Check: TypeAlias = tuple[bool, str]
"""Whether all is well, and a word on it."""


class Standing:
    """One for a process, whatever gates come and go in it."""

    def __init__(self) -> None:
        self.phase: Phase = "starting"
        self._rejected_at: deque[float] = deque()
        self._overloaded_until = 0.0

    @property
    def is_leaving(self) -> bool:
        """Whether clients should look for another."""
        return self.phase == "stopping"

    def rejected(self, settings: Rejections) -> None:
        """A request could not be served for want of means; too many of them in a while, and there should come fewer."""
        now = monotonic()
        self._rejected_at.append(now)
        while self._rejected_at[0] < now - settings.within_s:
            self._rejected_at.popleft()
        if len(self._rejected_at) > settings.max:
            self._rejected_at.clear()
            self._overloaded_until = now + settings.unready_s

    def checks(self, gate: Gate, settings: HealthSettings) -> Mapping[str, Check]:
        """What decides whether requests should come, by name."""
        checks: dict[str, Check] = {
            "process": (self.phase == "serving", self.phase),
            "supergraph": (True, gate.router.supergraph.fingerprint[:12]),
        }
        if settings.require_keys:
            missing = gate.authenticate.issuers_without_keys()
            checks["keys"] = (not missing, f"none of {', '.join(missing)}" if missing else "read")
        if settings.rejections is not None:
            overloaded = monotonic() < self._overloaded_until
            checks["load"] = (not overloaded, "too many requests were rejected" if overloaded else "borne")
        return checks
