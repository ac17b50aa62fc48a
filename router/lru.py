"""A bounded mapping that forgets what was used least recently: the shape of the router's caches."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Lru(Generic[K, V]):
    """At most `entries_max` values of a total weight of at most `weight_max`; one weighs 1 unless it is put in with another weight.

    Not thread-safe: one event loop owns it.
    """

    def __init__(self, weight_max: int, *, entries_max: int | None = None) -> None:
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._weight_max = weight_max
        self._entries_max = weight_max if entries_max is None else entries_max
        self.weight = 0
        self.forgotten = 0  # values that had to make room

    def __len__(self) -> int:
        return len(self._entries)

    def items(self) -> list[tuple[K, V]]:
        """What is kept, used longest ago first; looking counts as no use."""
        return [(key, value) for key, (value, _) in self._entries.items()]

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
        self.weight += weight
        while self.weight > self._weight_max or len(self._entries) > self._entries_max:
            _, (_, freed) = self._entries.popitem(last=False)
            self.weight -= freed
            self.forgotten += 1

    def forget(self, key: K) -> None:
        """Drop the value, if there is one."""
        if (entry := self._entries.pop(key, None)) is not None:
            self.weight -= entry[1]
