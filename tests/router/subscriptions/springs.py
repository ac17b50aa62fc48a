"""Sources that a test feeds by hand, and that remember how often they were opened and closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any


class Spring:
    """Gives out what is poured into it; an exception is raised, None ends it."""

    def __init__(self) -> None:
        self.opened = 0
        self.closed = 0
        self._flows: list[asyncio.Queue[Any]] = []

    @property
    def open(self) -> int:
        """How many are open."""
        return self.opened - self.closed

    async def start(self) -> AsyncGenerator[Any, None]:
        """One more source."""
        self.opened += 1
        flow: asyncio.Queue[Any] = asyncio.Queue()
        self._flows.append(flow)
        try:
            while (event := await flow.get()) is not None:
                if isinstance(event, Exception):
                    raise event
                yield event
        finally:
            self._flows.remove(flow)
            self.closed += 1

    async def pour(self, *events: Any) -> None:
        """Give events to every open source, and time for them to be read."""
        await settled()
        for event in events:
            for flow in self._flows:
                flow.put_nowait(event)
        await settled()


async def settled() -> None:
    """Let everything happen that is ready to."""
    for _ in range(50):
        await asyncio.sleep(0)
