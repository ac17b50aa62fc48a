"""Work that several callers want at one time is done once, and its outcome goes to all of them. Nothing is kept afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Sharing(Generic[K, V]):
    """Awaitable work by key, as long as it is under way. Belongs to one event loop.

    A caller that gives up leaves the others alone; when the last one has, the work is cancelled. All share its failure, each as an
    exception of its own made by `own`: one object raised in many tasks would pile their tracebacks up on it. `led` is called whenever
    work begins, `joined` whenever somebody shares it.
    """

    def __init__(
        self,
        own: Callable[[BaseException], BaseException] = lambda error: error,
        *,
        led: Callable[[], None] = lambda: None,
        joined: Callable[[], None] = lambda: None,
        slack_s: float = 0.0,
    ) -> None:
        self._own = own
        self._led = led
        self._joined = joined
        self._slack_s = slack_s
        self._under_way: dict[K, _Shared[K, V]] = {}

    def __len__(self) -> int:
        return len(self._under_way)

    def join(self, key: K, start: Callable[[], Awaitable[V]], *, until: float | None = None) -> Awaitable[V]:
        """The outcome of the work under `key`; where none is under way, `start` begins it.

        Work that may last `until` some time is shared by those who have as much time, give or take `slack_s`: the others would wait
        for too long, or be given up too early.
        """
        shared = self._under_way.get(key)
        if shared is None or shared.is_done or not shared.lasts_until(until, self._slack_s):
            self._led()
            shared = self._under_way[key] = _Shared(key, asyncio.ensure_future(start()), self, until)
        else:
            self._joined()
        return shared.join()

    def strike_off(self, shared: _Shared[K, V]) -> None:
        """Let nobody join this work any more."""
        if self._under_way.get(shared.key) is shared:
            del self._under_way[shared.key]

    def own(self, error: BaseException) -> BaseException:
        """A failure as one caller gets it."""
        return self._own(error)


class _Shared(Generic[K, V]):
    """One piece of work, and those who wait for it."""

    __slots__ = ("_sharing", "_until", "_waiting", "_work", "key")

    def __init__(self, key: K, work: asyncio.Future[V], sharing: Sharing[K, V], until: float | None) -> None:
        self.key = key
        self._until = until
        self._work = work
        self._sharing = sharing
        self._waiting: dict[_Waiting[V], None] = {}
        work.add_done_callback(self._hand_out)

    @property
    def is_done(self) -> bool:
        return self._work.done()

    def lasts_until(self, until: float | None, slack_s: float) -> bool:
        """Whether the work may take until this time, give or take; what has no end suits everybody."""
        return until is None or self._until is None or abs(until - self._until) <= slack_s

    def join(self) -> _Waiting[V]:
        waiting: _Waiting[V] = _Waiting(self, self._work.get_loop())
        self._waiting[waiting] = None
        return waiting

    def leave(self, waiting: _Waiting[V]) -> None:
        self._waiting.pop(waiting, None)
        if not self._waiting:
            self._sharing.strike_off(self)  # first, so that nobody joins what is being given up
            self._work.cancel()

    def _hand_out(self, work: asyncio.Future[V]) -> None:
        self._sharing.strike_off(self)
        waiting, self._waiting = self._waiting, {}
        if work.cancelled():
            for each in waiting:
                each.give_up()
        elif (error := work.exception()) is not None:
            for each in waiting:
                each.set_exception(self._sharing.own(error))
        else:
            for each in waiting:
                each.set_result(work.result())


class _Waiting(asyncio.Future[V]):
    """What one caller awaits; cancelling it concerns that caller alone."""

    __slots__ = ("_shared",)

    def __init__(self, shared: _Shared[Any, V], loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self._shared = shared

    def cancel(self, msg: object = None) -> bool:
        left = super().cancel(msg)
        if left:
            self._shared.leave(self)
        return left

    def give_up(self) -> None:
        """Be cancelled because the work was."""
        super().cancel()
