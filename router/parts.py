"""What a gate is made of and may outlive it: connections, keys, counters, each made for its own settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog

log = structlog.get_logger(__name__)

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Part:
    """`holders` is how many gates have it: several, while those of before are drained."""

    settings: Any
    made: Any
    holders: int = 0


class Parts:
    """The lasting objects of one gate, by name. The gate after it takes over those whose settings stayed equal.

    A part that has a method `start` is started when its gate begins to serve: again by every gate that takes it over. One that
    has a coroutine method `close` is closed once no gate has it any more.
    """

    def __init__(self, before: Parts | None = None) -> None:
        self._before = before._held if before is not None else {}
        self._held: dict[str, _Part] = {}

    def take(self, name: str, settings: Any, make: Callable[[], T]) -> T:
        """The part of this name for these settings, compared by value: that of the gate before, or one made now."""
        kept = self._before.get(name)
        part = kept if kept is not None and kept.settings == settings else _Part(settings, make())
        part.holders += 1
        self._held[name] = part
        made: T = part.made
        return made

    def settled(self) -> Parts:
        """The same, without a memory of what was before: a chain of gates would else never be forgotten."""
        self._before = {}
        return self

    def start(self) -> None:
        """Have the parts begin what they do in the background. Called in the event loop that serves."""
        for part in self._held.values():
            if hasattr(part.made, "start"):
                part.made.start()

    async def close(self) -> None:
        """Let go of every part, those made last first: who holds one last closes it. Idempotent."""
        while self._held:
            name, part = self._held.popitem()
            part.holders -= 1
            if not part.holders and hasattr(part.made, "close"):
                await _closed(name, part.made)


async def _closed(name: str, made: Any) -> None:
    try:
        await made.close()
    except Exception:  # the others are to be closed all the same
        log.exception("a part of the router cannot be closed", part=name)
