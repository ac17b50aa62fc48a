"""Whether a request asks to see its query plan, and may."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from router.config import ExplorerSettings
from router.exchange import PlanShown

HEADER: Final = "router-expose-query-plan"

_ASKED: Final[Mapping[str, PlanShown]] = {"true": "beside the data", "dry-run": "instead of data"}


def plan_shown(headers: Mapping[str, str], settings: ExplorerSettings) -> PlanShown | None:
    """How the plan is to be shown; None where nobody asks or nobody may."""
    return _ASKED.get(headers.get(HEADER, "")) if settings.query_plans else None
