"""An event that several get: each a tree of its own, and what they would all make of it made once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Any

from router.transport.base import SubgraphResponse


class SharedEvent(SubgraphResponse):
    """Looks like the event it is made from. Whoever takes its `data` or `errors` gets a copy that is theirs to change."""

    __slots__ = ("_event", "_made", "_waiting")
    _event: SubgraphResponse
    _made: dict[Hashable, Any]
    _waiting: dict[Hashable, list[asyncio.Future[None]]]

    def __init__(self, event: SubgraphResponse) -> None:
        # Not that of the class above, whose fields are properties here.
        object.__setattr__(self, "_event", event)
        object.__setattr__(self, "_made", {})
        object.__setattr__(self, "_waiting", {})

    @property
    def data(self) -> dict[str, Any] | None:
        """A copy, anew each time."""
        copied: dict[str, Any] | None = _copied(self._event.data)
        return copied

    @property
    def errors(self) -> tuple[dict[str, Any], ...]:
        """Copies, anew each time."""
        return tuple(_copied(error) for error in self._event.errors)

    @property
    def extensions(self) -> Mapping[str, Any]:
        """Nobody changes these."""
        return self._event.extensions

    async def once(self, key: Hashable, make: Callable[[], Awaitable[Any]]) -> Any:
        """What `make` makes of this event, made by the first who asks under `key` and kept for the others while there is the event.

        The first one makes it in its own task, which for most plans takes no waiting. Where it gives up or fails, the next one does.
        """
        while key not in self._made:
            waiting = self._waiting.get(key)
            if waiting is None:
                return await self._make(key, make)
            turn = (
                asyncio.get_running_loop().create_future()
            )  # its own: a future is cancelled with the task that awaits it
            waiting.append(turn)
            await turn
        return self._made[key]

    async def _make(self, key: Hashable, make: Callable[[], Awaitable[Any]]) -> Any:
        waiting = self._waiting[key] = []
        try:
            made = self._made[key] = await make()
            return made
        finally:
            del self._waiting[key]
            for turn in waiting:
                if not turn.done():
                    turn.set_result(None)

    def __eq__(self, other: object) -> bool:
        own = (self._event.data, self._event.errors, self._event.extensions)
        return isinstance(other, SubgraphResponse) and own == (other.data, other.errors, other.extensions)

    __hash__ = None  # type: ignore[assignment]  # as of every SubgraphResponse: it holds trees

    def __repr__(self) -> str:
        return f"SharedEvent({self._event!r})"


def _copied(value: Any) -> Any:
    """A JSON value again. The standard library's deepcopy takes ten times as long, to keep cycles that JSON has not."""
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return value
