"""The streams that are open in this process: how many there may be, and what becomes of them at a reload and at the end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

from router import limits
from router.config import SubscriptionSettings
from router.edge.gate import Gate
from router.edge.serving import Serving
from router.edge.streams import endings
from router.edge.streams.live import Live
from router.edge.streams.outbox import Outbox
from router.exchange import ClientRequest
from router.pipeline import DeferredAnswer, Streamed


class OpenStreams:
    """Belongs to the event loop that serves."""

    def __init__(self, serving: Serving) -> None:
        self.stopping = asyncio.Event()
        self._one_less = asyncio.Event()
        self.serving = serving
        self._live: set[Live] = set()
        self._subscriptions = 0
        self._per_client: Counter[Hashable] = Counter()
        self._following: asyncio.Task[None] | None = None
        self._sockets: set[Callable[[], object]] = set()

    def __len__(self) -> int:
        return len(self._live)

    def open(
        self,
        begun: Streamed,
        gate: Gate,
        *,
        on_socket: bool = False,
    ) -> Live:
        """The stream of what has begun on this gate, to be entered at once.

        Raises:
            SubscriptionRefused: there are too many, or there may be none.
        """
        settings = gate.config.subscriptions
        leave = _nothing if isinstance(begun, DeferredAnswer) else self._admit(begun.request, settings)
        outbox = _outbox(begun, settings)
        live = Live(begun, gate, outbox, on_socket=on_socket)
        self._live.add(live)
        live.on_close = partial(self._closed, live, leave)
        self._follow_reloads(anew=gate is not self.serving.gate)
        return live

    async def stop(self) -> None:
        """Tell every subscription and socket that the server stops, and let them end; what is deferred comes to its own end."""
        self.stopping.set()
        if self._following is not None:
            self._following.cancel()
        for live in tuple(self._live):
            live.stop()
        for close in tuple(self._sockets):
            close()
        with suppress(TimeoutError):
            async with asyncio.timeout(limits.STREAM_CLOSE_S):
                while self._live or self._sockets:
                    self._one_less.clear()
                    await self._one_less.wait()

    @contextmanager
    def closing(self, close: Callable[[], object]) -> Iterator[None]:
        """Have `close` called where the server stops: for a socket, as long as it is open."""
        self._sockets.add(close)
        try:
            yield
        finally:
            self._sockets.discard(close)
            self._one_less.set()

    def _closed(self, live: Live, leave: Callable[[], None]) -> None:
        self._live.discard(live)
        self._one_less.set()
        leave()

    # ── how many there may be ───────────────────────────────────────────────────────────────────────────────────────

    def _admit(self, request: ClientRequest, settings: SubscriptionSettings) -> Callable[[], None]:
        """Count a subscription; what comes back takes it off again."""
        client = client_of(request)
        if not settings.enabled:
            raise endings.disabled()
        if self.stopping.is_set():
            raise endings.none_begins()
        if self._subscriptions >= settings.open_max:
            raise endings.full(settings.open_max)
        if self._per_client[client] >= settings.per_client_max:
            raise endings.client_full(settings.per_client_max)
        self._subscriptions += 1
        self._per_client[client] += 1
        return partial(self._leave, client)

    def _leave(self, client: Hashable) -> None:
        self._subscriptions -= 1
        self._per_client[client] -= 1
        if not self._per_client[client]:
            del self._per_client[client]

    # ── reloads ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _follow_reloads(self, *, anew: bool) -> None:
        if self._following is not None and anew:
            self._following.cancel()
        if self._following is None or anew:
            self._following = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        """Take every stream along to each new gate."""
        while True:
            gate, changed = self.serving.gate, self.serving.changed
            for live in tuple(self._live):
                if live.gate is not gate:
                    await live.follow(gate)
                    await asyncio.sleep(0)  # thousands may have to be planned again, and others wait
            await changed.wait()


def client_of(request: ClientRequest) -> Hashable:
    """Whom a request counts for: a token's subject, else an address."""
    if request.caller.authenticated:
        return request.caller.issuer, request.caller.subject
    return request.client.address


def _outbox(begun: Streamed, settings: SubscriptionSettings) -> Outbox:
    if isinstance(begun, DeferredAnswer):
        return Outbox()  # its pieces are as many as the plan has, and weigh together what the whole answer would
    return Outbox(events_max=settings.queue_events, bytes_max=settings.queue_bytes, overflow=settings.overflow)


def _nothing() -> None:
    """An answer with deferred parts counts as a request like others."""
