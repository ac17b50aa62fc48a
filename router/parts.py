"""What a gate is made of and may outlive it: connections, keys, counters, each made for its own settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Parts:
    """The lasting objects of one gate, by name. The gate after it takes over those whose settings stayed equal.

    A part that has a method `start` is started when its gate begins to serve: again by every gate that takes it over. One that
    has a coroutine method `close` is closed once no gate has it any more.
    """

    def __init__(self, before: Parts | None = None) -> None:
        self._before = before._made if before is not None else {}
        self._made: dict[str, tuple[Any, Any]] = {}

    def take(self, name: str, settings: Any, make: Callable[[], T]) -> T:
        """The part of this name for these settings, compared by value: that of the gate before, or one made now."""
        kept = self._before.get(name)
        self._made[name] = kept if kept is not None and kept[0] == settings else (settings, make())
        part: T = self._made[name][1]
        return part

    def settled(self) -> Parts:
        """The same, without a memory of what was before: a chain of gates would else never be forgotten."""
        self._before = {}
        return self

    def start(self) -> None:
        """Have the parts begin what they do in the background. Called in the event loop that serves."""
        for _, part in self._made.values():
            if hasattr(part, "start"):
                part.start()

    async def close(self, *, but: Parts | None = None) -> None:
        """Close the parts that `but` did not take over, those made last first."""
        kept = {id(part) for _, part in but._made.values()} if but is not None else set()
        for _, part in reversed(self._made.values()):
            if id(part) not in kept and hasattr(part, "close"):
                await part.close()
