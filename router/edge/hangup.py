"""Gives up an answer that nobody waits for any more: a client that hangs up sets its operation's subgraph requests free.

Listening for that costs a task, so it begins only where an answer takes longer than most.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from starlette.types import Receive

from router.limits import HANG_UP_WATCH_AFTER_S

T = TypeVar("T")


class HungUp(Exception):
    """The client is gone."""


class HangUpWatch:
    """Watches the clients of one event loop, the one it is made in."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    async def while_connected(self, answer: Awaitable[T], receive: Receive) -> T:
        """The answer. Raises HungUp once the client is gone; `answer` is cancelled then."""
        task = asyncio.current_task(self._loop)
        assert task is not None, "an ASGI server runs requests in tasks"
        listening = _Listening(task, receive)
        begin = self._loop.call_later(HANG_UP_WATCH_AFTER_S, listening.begin)
        try:
            return await answer
        except asyncio.CancelledError:
            if listening.heard and task.uncancel() == 0:
                raise HungUp from None
            raise
        finally:
            begin.cancel()
            listening.end()


class _Listening:
    """Waits for the word that the client is gone, and cancels the request's task then."""

    def __init__(self, task: asyncio.Task[object], receive: Receive) -> None:
        self.heard = False
        self._task = task
        self._receive = receive
        self._waiting: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self._waiting = self._task.get_loop().create_task(self._wait())

    def end(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass  # the empty body of a GET, say
        self.heard = True
        self._task.cancel()
