"""Plans that were made before: bounded, and forgetting what was used least recently."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from router.limits import PLAN_CACHE_ENTRIES_MAX
from router.lru import Lru
from router.plan import QueryPlan


class PlanCache:
    """At most `entries_max` plans. Not thread-safe: one event loop owns it.

    The key is the caller's affair; it must tell apart everything a plan depends on: the supergraph, the document and operation
    name, the truth of each condition variable, and what authorization denied.
    """

    def __init__(self, entries_max: int = PLAN_CACHE_ENTRIES_MAX) -> None:
        self._plans: Lru[Hashable, QueryPlan] = Lru(entries_max)

    def __len__(self) -> int:
        return len(self._plans)

    def get_or_make(self, key: Hashable, make: Callable[[], QueryPlan]) -> QueryPlan:
        """The plan kept under `key`, or what `make` gives. Nothing is kept where `make` raises."""
        known = self._plans.get(key)
        if known is None:
            known = make()
            self._plans.put(key, known)
        return known
