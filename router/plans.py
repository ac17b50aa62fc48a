"""Plans that were made before: bounded in number and bytes, forgetting what was used least recently."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from router.limits import PLAN_CACHE_BYTES_MAX, PLAN_CACHE_ENTRIES_MAX
from router.lru import Lru

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class PlanCache(Generic[K, V]):
    """At most `entries_max` plans of at most `bytes_max` together. Not thread-safe: one event loop owns it.

    The key must tell apart everything a plan depends on. Making a plan is synchronous, so while one is made nobody else can ask
    for it: each is made once.
    """

    def __init__(
        self,
        size_of: Callable[[V], int],
        *,
        entries_max: int = PLAN_CACHE_ENTRIES_MAX,
        bytes_max: int = PLAN_CACHE_BYTES_MAX,
    ) -> None:
        self._size_of = size_of
        self._plans: Lru[K, V] = Lru(bytes_max, entries_max=entries_max)

    def __len__(self) -> int:
        return len(self._plans)

    @property
    def bytes_held(self) -> int:
        """What the plans are estimated to take."""
        return self._plans.weight

    @property
    def forgotten(self) -> int:
        """How many plans had to make room for others."""
        return self._plans.forgotten

    def newest(self, number: int) -> list[K]:
        """The keys of the plans that were used last, the very last first."""
        return [key for key, _ in reversed(self._plans.items())][:number]

    def weigh_again(self, key: K) -> None:
        """Take note that the plan under `key` has grown; others may have to make room."""
        if (known := self._plans.get(key)) is not None:
            self._plans.put(key, known, weight=self._size_of(known))

    def get_or_make(self, key: K, make: Callable[[], V]) -> V:
        """The plan kept under `key`, or what `make` gives. Nothing is kept where `make` raises."""
        known = self._plans.get(key)
        if known is None:
            known = make()
            self._plans.put(key, known, weight=self._size_of(known))
        return known
