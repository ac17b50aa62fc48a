"""A bounded mapping that forgets what was used least recently: the shape of the router's caches."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Lru(Generic[K, V]):
    """Values of a total weight of at most `weight_max`; a value weighs 1 unless it is put in with another weight.

    Not thread-safe: one event loop owns it.
    """

    def __init__(self, weight_max: int) -> None:
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._weight_max = weight_max
        self._weight = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K) -> V | None:
        """The value, which now counts as used, or None."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._entries.move_to_end(key)
        return entry[0]

    def put(self, key: K, value: V, weight: int = 1) -> None:
        """Remember a value, forgetting those used longest ago where there is too much; one too heavy alone is not kept."""
        self.forget(key)
        if weight > self._weight_max:
            return
        self._entries[key] = (value, weight)
        self._weight += weight
        while self._weight > self._weight_max:
            _, (_, forgotten) = self._entries.popitem(last=False)
            self._weight -= forgotten

    def forget(self, key: K) -> None:
        """Drop the value, if there is one."""
        if (entry := self._entries.pop(key, None)) is not None:
            self._weight -= entry[1]
