"""Gives up an answer that nobody waits for any more, or that takes too long: its operation's subgraph requests are set free.

Listening for a client that hangs up costs a task, so it begins only where an answer takes longer than most. Which ones do is seen
by one timer for all, so that a request costs no timer either.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from starlette.types import Receive

from router.errors import RequestTimedOut
from router.limits import HANG_UP_WATCH_AFTER_S, REQUEST_OVERTIME_S

T = TypeVar("T")


class HungUp(Exception):
    """The client is gone."""


class HangUpWatch:
    """Watches the clients of one event loop, the one it is made in."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._young: dict[_Listening, float] = {}  # with when each began, oldest first
        self._timer: asyncio.TimerHandle | None = None

    async def while_connected(self, answer: Awaitable[T], receive: Receive, deadline: float | None = None) -> T:
        """The answer; where it is not there, `answer` is cancelled.

        Raises:
            HungUp: the client is gone.
            RequestTimedOut: the deadline is past, and what should have kept to it (a plugin, say) did not.
        """
        task = asyncio.current_task(self._loop)
        assert task is not None, "an ASGI server runs requests in tasks"
        listening = _Listening(task, receive, deadline)
        self._young[listening] = began_at = self._loop.time()
        if self._timer is None:
            self._timer = self._loop.call_at(began_at + HANG_UP_WATCH_AFTER_S, self._look)
        try:
            return await answer
        except asyncio.CancelledError:
            if (reason := listening.reason) is not None and task.uncancel() == 0:
                raise reason from None
            raise
        finally:
            if self._young.pop(listening, None) is None:
                listening.end()

    def _look(self) -> None:
        """Begin to listen for those who have waited long enough by now."""
        now, self._timer = self._loop.time(), None
        for listening, began_at in list(self._young.items()):
            if (due := began_at + HANG_UP_WATCH_AFTER_S) > now:
                self._timer = self._loop.call_at(due, self._look)
                return
            del self._young[listening]
            listening.begin()


class _Listening:
    """Waits for the word that the client is gone, or for the time that is too late, and cancels the request's task then."""

    def __init__(self, task: asyncio.Task[object], receive: Receive, deadline: float | None) -> None:
        self.reason: Exception | None = None
        self._task = task
        self._receive = receive
        self._deadline = deadline
        self._waiting: asyncio.Task[None] | None = None
        self._late: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        loop = self._task.get_loop()
        self._waiting = loop.create_task(self._wait())
        if self._deadline is not None:
            self._late = loop.call_at(self._deadline + REQUEST_OVERTIME_S, self._give_up, RequestTimedOut())

    def end(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        if self._late is not None:
            self._late.cancel()

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass  # the empty body of a GET, say
        self._give_up(HungUp())

    def _give_up(self, reason: Exception) -> None:
        if self.reason is None:
            self.reason = reason
            self._task.cancel()
