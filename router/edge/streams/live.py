"""One answer in pieces on its way to one client: drawn from the pipeline into an outbox, and ended from whichever side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from functools import partial
from random import SystemRandom
from typing import Final

import structlog
from structlog.contextvars import bind_contextvars

from router import limits
from router.edge.gate import Gate
from router.edge.streams import endings
from router.edge.streams.outbox import Outbox, Overflowed
from router.errors import ClientError, StreamEnded, TooSlow
from router.exchange import ClientResponse
from router.pipeline import Streamed, Subscription, ready

log = structlog.get_logger(__name__)

_DICE: Final = SystemRandom()


class Live:
    """A stream that is open as long as it is entered. `get` hands out its results; a refusal says that it ends before its time.

    It holds the gate that it runs on; where another takes its place, a subscription moves there if its source stays the same. One
    that is `on_socket` leaves to the socket what concerns all of it: the end of the session, or of the server.
    """

    def __init__(self, begun: Streamed, gate: Gate, outbox: Outbox, *, on_socket: bool = False) -> None:
        self.gate = gate
        self.on_close: Callable[[], None] = lambda: None
        self._reason = "client"
        self._begun = begun
        self._outbox = outbox
        self._on_socket = on_socket
        self._drawing: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._ending: asyncio.TimerHandle | None = None
        self._deadline: asyncio.Timeout | None = None

    async def __aenter__(self) -> Live:
        self.gate.__enter__()
        self._drawing = asyncio.create_task(self._draw())
        self._watch_session()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let go of everything, whatever has been got."""
        self.on_close()
        self.gate.router.telemetry.streams.ended(self._reason, self._outbox.lost)
        self._outbox.close()
        self._stop_tasks()
        if self._ending is not None:
            self._ending.cancel()
        self.gate.__exit__()
        tasks = [task for task in (self._drawing, self._watching) if task is not None]
        if tasks:
            await asyncio.wait(tasks)

    async def get(self) -> ClientResponse | None:
        """The next result, None when there will be none."""
        return await self._outbox.get()

    @asynccontextmanager
    async def within_patience(self) -> AsyncIterator[None]:
        """Send what is got. Where the stream ends before its time, what is left has STREAM_CLOSE_S: then TimeoutError.

        On a socket there is no time at all where events came faster than they were got: the socket is to be closed.
        """
        async with asyncio.timeout(None) as self._deadline:
            yield

    def end(self, error: ClientError, *, patience_s: float = limits.STREAM_CLOSE_S) -> None:
        """Let nothing follow what waits but this error. Only the first end counts."""
        if self._outbox.is_closed:
            return
        self._reason = error.code
        self._outbox.close(self._begun.ended(error))
        self._stop_tasks()
        if self._deadline is not None:
            self._deadline.reschedule(asyncio.get_running_loop().time() + patience_s)

    def stop(self) -> None:
        """End because the server does. An answer with deferred parts is left to its own end, which is near."""
        if isinstance(self._begun, Subscription) and not self._on_socket:
            self.end(endings.stopping())

    # ── another generation ──────────────────────────────────────────────────────────────────────────────────────────

    async def follow(self, gate: Gate) -> None:
        """Go over to a gate that took the place of this stream's own, or end within the time that settings give for it.

        An answer with deferred parts comes to its end where it began.
        """
        if not isinstance(self._begun, Subscription) or self._ending is not None:
            return
        moves = await self._moves(self._begun, gate)
        if self._outbox.is_closed:  # it has ended meanwhile, by itself
            return
        if moves:
            before, self.gate = self.gate, gate
            gate.__enter__()
            before.__exit__()
            self._watch_session()
        else:
            spread_s = self.gate.config.subscriptions.reload_spread_s
            error = endings.reloaded(is_schema=gate.router.supergraph is not self.gate.router.supergraph)
            end = partial(self.end, error)
            self._ending = asyncio.get_running_loop().call_later(_DICE.uniform(0, spread_s), end)

    async def _moves(self, subscription: Subscription, gate: Gate) -> bool:
        try:
            planned = await ready(subscription.request, gate.router)
        except ClientError:  # it is not valid any more, or may not be asked
            return False
        except Exception as error:
            log.error("a subscription cannot move on", request_id=subscription.request.request_id, exc_info=error)
            return False
        return subscription.move(planned, gate.router)

    # ── what runs ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def _draw(self) -> None:
        bind_contextvars(request_id=self._begun.request.request_id)  # for the log; this task is the stream's own
        try:
            async with aclosing(self._begun.responses()) as responses:
                async for response in responses:
                    self._outbox.put(response)
                    if len(self._outbox) > 1:
                        await asyncio.sleep(0)  # a burst is ready at once: let events be sent before more are taken
        except Overflowed:
            self.end(TooSlow(), patience_s=0 if self._on_socket else limits.STREAM_CLOSE_S)
        else:
            self._reason = "completed"
            self._outbox.close()

    def _watch_session(self) -> None:
        """Have the stream end with the session of its caller, as the current gate knows it."""
        if self._watching is not None:
            self._watching.cancel()
        if not self._on_socket and self._begun.request.caller.authenticated:
            self._watching = asyncio.create_task(self._end_with_session())

    async def _end_with_session(self) -> None:
        end = await self.gate.sessions.ended(self._begun.request.caller)
        self.end(StreamEnded(end.message, end.code))

    def _stop_tasks(self) -> None:
        for task in (self._drawing, self._watching):
            if task is not None and task is not asyncio.current_task():
                task.cancel()
