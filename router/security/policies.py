"""Decides @policy: asks a function of the operator's, once per request, which of the policies that an operation meets are granted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import structlog

from router import limits
from router.security.caller import Caller

log = structlog.get_logger(__name__)

PolicySource: TypeAlias = Callable[[Caller, Collection[str]], Awaitable[Mapping[str, bool]]]
"""Says of each name whether the policy grants access to a caller, who may be anonymous. What it leaves out is denied."""


@dataclass(frozen=True, slots=True)
class Policies:
    """Whom to ask, and for how long to wait. Without a source every policy is denied."""

    source: PolicySource | None = None
    timeout_s: float = limits.POLICIES_TIMEOUT_S

    async def granted(self, caller: Caller, names: frozenset[str]) -> frozenset[str]:
        """Those of the names that are granted: only where the source says True, and none where it fails or takes too long."""
        if self.source is None:
            return frozenset()
        try:
            async with asyncio.timeout(self.timeout_s):
                verdicts = await self.source(caller, names)
            return frozenset(name for name in names if verdicts.get(name) is True)
        except Exception as error:
            log.error("policies cannot be decided: all are denied", policies=sorted(names), exc_info=error)
            return frozenset()
