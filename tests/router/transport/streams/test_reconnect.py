"""Subscriptions that are kept up: when another try is made, after how long, and when it is given up."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from router.errors import SubgraphFailure
from router.transport import SubgraphResponse
from router.transport.interruption import passing
from router.transport.streams.reconnect import NEVER, Reconnect, kept_up

LOST = passing(SubgraphFailure("fleet", "Lost."))
REFUSED = SubgraphFailure("fleet", "Refused.")
QUICK = Reconnect(tries=3, first_s=0.001, pause_max_s=0.002, steady_s=60)


class Connections:
    """Each opening goes by the next script: what cannot be opened is an exception, else events come, the last may be one."""

    def __init__(self, *scripts: Any) -> None:
        self.opened = 0
        self.closed = 0
        self._scripts = list(scripts)

    def open(self) -> AbstractAsyncContextManager[AsyncIterator[SubgraphResponse]]:
        """The next connection."""
        return self._open()

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[AsyncIterator[SubgraphResponse]]:
        script = self._scripts[min(self.opened, len(self._scripts) - 1)]
        self.opened += 1
        if isinstance(script, Exception):
            raise script
        try:
            yield self._events(script)
        finally:
            self.closed += 1

    async def _events(self, script: list[Any]) -> AsyncGenerator[SubgraphResponse, None]:
        for step in script:
            if isinstance(step, Exception):
                raise step
            yield SubgraphResponse({"a": step})


async def told(connections: Connections, reconnect: Reconnect) -> list[Any]:
    """All events, and the failure that they end with."""
    events: list[Any] = []
    try:
        async for event in kept_up(connections.open, reconnect):
            assert event.data is not None
            events.append(event.data["a"])
    except SubgraphFailure as failure:
        events.append(str(failure))
    return events


@pytest.mark.parametrize(
    ("scripts", "events", "opened"),
    [
        ([[1, 2]], [1, 2], 1),
        ([[1, LOST], [2]], [1, 2], 2),
        ([[1, LOST], LOST, [2, LOST], [3]], [1, 2, 3], 4),
        ([[1, LOST], LOST, LOST, LOST], [1, "Lost."], 4),
        ([[1, LOST]], [1, 1, 1, 1, "Lost."], 4),
        ([LOST, [1]], ["Lost."], 1),
        ([REFUSED, [1]], ["Refused."], 1),
        ([[1, REFUSED], [2]], [1, "Refused."], 1),
        ([[1, LOST], REFUSED, [2]], [1, "Refused."], 2),
    ],
    ids=[
        "a plain end",
        "lost and found",
        "lost again",
        "given up",
        "given up although it opens",
        "never opened",
        "refused",
        "refused midway",
        "refused afterwards",
    ],
)
async def test_what_is_tried(scripts: list[Any], events: list[Any], opened: int) -> None:
    """A loss is tried again, three times in a row; what was never open, or is refused, is not."""
    connections = Connections(*scripts)

    assert await told(connections, QUICK) == events
    assert connections.opened == opened


async def test_never() -> None:
    """Without tries the first loss is the end."""
    connections = Connections([1, LOST], [2])

    assert await told(connections, NEVER) == [1, "Lost."]
    assert connections.opened == 1


async def test_a_steady_connection_starts_with_a_clean_slate() -> None:
    """The tries before it do not count any more."""
    connections = Connections(*[[number, LOST] for number in range(20)], [20])

    assert await told(connections, Reconnect(tries=1, first_s=0.001, steady_s=0)) == list(range(21))


async def test_closing_closes_the_connection() -> None:
    """Whoever has had enough leaves nothing open."""
    connections = Connections([1, LOST], [2, 3])
    events = kept_up(connections.open, QUICK)
    assert [(await anext(events)).data, (await anext(events)).data] == [{"a": 1}, {"a": 2}]

    await events.aclose()

    assert (connections.opened, connections.closed) == (2, 2)


def test_pauses_grow_up_to_a_bound_and_are_drawn_below_it() -> None:
    """Exponential back-off with full jitter."""
    reconnect = Reconnect(tries=6, first_s=0.5, pause_max_s=5)

    assert [reconnect.pause_s(tried, drawn=1) for tried in range(7)] == [0.5, 1, 2, 4, 5, 5, None]
    assert [reconnect.pause_s(3, drawn=drawn) for drawn in (0, 0.25)] == [0, 1]
    assert Reconnect(tries=10_000).pause_s(9_000, drawn=1) == 30
