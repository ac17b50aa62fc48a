"""A clock that ticks while there is something to watch: one timer for a pool in place of one per request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class CoarseTimer:
    """Calls `tick` with the loop's time every `interval_s` seconds for as long as it returns true."""

    def __init__(self, loop: asyncio.AbstractEventLoop, interval_s: float, tick: Callable[[float], bool]) -> None:
        self._loop = loop
        self._interval_s = interval_s
        self._tick = tick
        self._handle: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to tick, unless it does so already."""
        if self._handle is None:
            self._handle = self._loop.call_later(self._interval_s, self._run)

    def stop(self) -> None:
        """Tick no more."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _run(self) -> None:
        self._handle = None
        if self._tick(self._loop.time()):
            self.start()
