"""The connections to one origin: which of them carries which exchange, who waits, and when patience ends."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

from router import limits
from router.errors import SubgraphFailure
from router.transport.base import SubgraphRequest
from router.transport.body import not_sent, out_of_time, too_slow, unreachable
from router.transport.http1.connection import Connection
from router.transport.http1.dial import dial
from router.transport.http1.exchange import Exchange
from router.transport.http1.reader import AnswerReader, HeadedAnswerReader
from router.transport.http1.route import HeaderLines, Route, UnsendableHeader
from router.transport.http1.timer import CoarseTimer

DEADLINE_TICKS = 10  # a time-out is kept to a tenth of its length …
DEADLINE_TICK_MAX_S = 0.1  # … and to this at the most


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much one origin may take. `timeout_s` is for a whole exchange, waiting for a connection included."""

    timeout_s: float = limits.SUBGRAPH_TIMEOUT_S
    connections_max: int = limits.SUBGRAPH_CONNECTIONS_MAX
    waiting_max: int = limits.SUBGRAPH_REQUESTS_WAITING_MAX
    response_bytes_max: int = limits.SUBGRAPH_RESPONSE_BYTES_MAX
    head_bytes_max: int = limits.SUBGRAPH_RESPONSE_HEAD_BYTES_MAX
    idle_s: float = limits.SUBGRAPH_CONNECTION_IDLE_S


class Pool:
    """Keeps connections alive and gives the latest used out first; past `connections_max`, exchanges wait in line.

    An exchange is in exactly one place: waiting, with a connection being opened for it, on a connection, or over.
    """

    def __init__(
        self, origin: tuple[str, int], bounds: Bounds, lines: HeaderLines, *, answer_headers: bool = False
    ) -> None:
        self._origin = origin
        self._bounds = bounds
        self._lines = lines
        self._reader = HeadedAnswerReader if answer_headers else AnswerReader
        self.loop = asyncio.get_running_loop()
        self._connections: set[Connection] = set()
        self._idle: list[Connection] = []
        self._opening: dict[Exchange, asyncio.Task[None]] = {}
        self._waiting: OrderedDict[Exchange, None] = OrderedDict()
        self._timer = CoarseTimer(self.loop, min(bounds.timeout_s / DEADLINE_TICKS, DEADLINE_TICK_MAX_S), self._tick)
        self._emptied: asyncio.Future[None] | None = None  # is there once the pool is to close

    def __repr__(self) -> str:
        busy = len(self._connections) - len(self._idle)
        return f"<Pool busy={busy} idle={len(self._idle)} opening={len(self._opening)} waiting={len(self._waiting)}>"

    def send(self, request: SubgraphRequest, route: Route) -> Exchange:
        """The answer to come; it fails with SubgraphFailure. Cancelling it breaks the exchange off."""
        now = self.loop.time()
        deadline = now + self._bounds.timeout_s
        if request.deadline is not None and request.deadline < deadline:
            deadline = request.deadline
            if deadline <= now:
                return self._refused(request, route, out_of_time(request.subgraph))
        try:
            message = route.message(request.body, request.headers, self._lines, seconds=deadline - now)
        except UnsendableHeader as error:
            return self._refused(request, route, not_sent(request.subgraph, f"{route.url}: {error}"))
        exchange = Exchange(request, route.url, message, keeper=self, deadline=deadline)
        self._timer.start()
        if (connection := self._idle_connection(now)) is not None:
            connection.start(exchange)
        elif self._has_room:
            self._open(exchange)
        elif len(self._waiting) < self._bounds.waiting_max:
            self._waiting[exchange] = None
        else:
            reason = f"{route.url}: {len(self._waiting)} requests wait for a connection already"
            exchange.fail(not_sent(request.subgraph, reason))
        return exchange

    async def close(self) -> None:
        """Fail what is under way and close every connection."""
        self._emptied = self.loop.create_future()
        self._timer.stop()
        carried = [connection.exchange for connection in self._connections if connection.exchange is not None]
        opening = list(self._opening.values())
        for exchange in (*self._waiting, *self._opening, *carried):
            self._give_up(exchange, not_sent(exchange.subgraph, f"{exchange.url}: the transport was closed"))
        for connection in self._connections:
            connection.abort()
        await asyncio.gather(*opening, return_exceptions=True)
        if self._connections:
            await self._emptied

    # ── from waiting to a connection ────────────────────────────────────────────────────────────────────────────────

    @property
    def _has_room(self) -> bool:
        return len(self._connections) + len(self._opening) < self._bounds.connections_max

    def _refused(self, request: SubgraphRequest, route: Route, failure: SubgraphFailure) -> Exchange:
        exchange = Exchange(request, route.url, b"", keeper=self, deadline=0)
        exchange.fail(failure)
        return exchange

    def _idle_connection(self, now: float) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closing and connection.idle_since + self._bounds.idle_s > now:
                return connection
            connection.abort()
        return None

    def _open(self, exchange: Exchange) -> None:
        self._opening[exchange] = self.loop.create_task(self._connect(exchange))

    async def _connect(self, exchange: Exchange) -> None:
        try:
            connection = await dial(self._origin, self._connection)
        except Exception as error:  # OSError as a rule; whatever it is, the caller must learn of it
            del self._opening[exchange]
            exchange.fail(self._unreachable(exchange, str(error) or type(error).__name__))
            self._serve_next()
            return
        del self._opening[exchange]
        self._connections.add(connection)
        if connection.is_closing:
            self.broken(connection, exchange, "it closed the connection at once", untouched=False)
        else:
            connection.start(exchange)

    def _connection(self) -> Connection:
        reader = self._reader(
            head_bytes_max=self._bounds.head_bytes_max, body_bytes_max=self._bounds.response_bytes_max
        )
        return Connection(self, reader, body_bytes_max=self._bounds.response_bytes_max)

    def _serve_next(self) -> None:
        """Room has been made: open connections for those who wait, the first come first."""
        while self._waiting and self._has_room:
            exchange, _ = self._waiting.popitem(last=False)
            self._open(exchange)

    # ── what connections tell ───────────────────────────────────────────────────────────────────────────────────────

    def released(self, connection: Connection) -> None:
        if connection.is_closing:
            return
        if self._waiting:
            exchange, _ = self._waiting.popitem(last=False)
            connection.start(exchange)
        else:
            connection.idle_since = self.loop.time()
            self._idle.append(connection)

    def lost(self, connection: Connection) -> None:
        self._forget(connection)
        self._serve_next()

    def broken(self, connection: Connection, exchange: Exchange, reason: str, *, untouched: bool) -> None:
        """RFC 9112 section 9.3.1: what is idempotent may be sent again when a connection kept alive turns out closed."""
        self._forget(connection)
        if untouched and exchange.idempotent and not exchange.sent_again:
            exchange.sent_again = True
            self._open(exchange)
        else:
            exchange.fail(self._unreachable(exchange, reason))
        self._serve_next()

    def _forget(self, connection: Connection) -> None:
        self._connections.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)
        if self._emptied is not None and not self._connections and not self._emptied.done():
            self._emptied.set_result(None)

    # ── the end of patience ─────────────────────────────────────────────────────────────────────────────────────────

    def drop(self, exchange: Exchange) -> None:
        """Take the exchange from where it is. A connection that carries it comes free when the loop has closed it."""
        if (opening := self._opening.pop(exchange, None)) is not None:
            opening.cancel()
            self._serve_next()
        elif exchange.link is not None:
            exchange.link.abort()
        else:
            self._waiting.pop(exchange, None)

    def _give_up(self, exchange: Exchange, failure: SubgraphFailure) -> None:
        exchange.fail(failure)
        self.drop(exchange)

    def _tick(self, now: float) -> bool:
        for exchange in self._overdue(now):
            self._give_up(exchange, self._late(exchange))
        while self._idle and self._idle[0].idle_since + self._bounds.idle_s <= now:
            self._idle.pop(0).abort()
        return bool(self._connections or self._opening or self._waiting)

    def _overdue(self, now: float) -> list[Exchange]:
        carried = (connection.exchange for connection in self._connections)
        return [
            *(exchange for exchange in self._waiting if exchange.deadline <= now),
            *(exchange for exchange in self._opening if exchange.deadline <= now),
            *(exchange for exchange in carried if exchange is not None and exchange.deadline <= now),
        ]

    def _late(self, exchange: Exchange) -> SubgraphFailure:
        if exchange.deadline == exchange.request_deadline:
            return out_of_time(exchange.subgraph)
        return too_slow(exchange.subgraph, self._bounds.timeout_s)

    def _unreachable(self, exchange: Exchange, reason: str) -> SubgraphFailure:
        return unreachable(exchange.subgraph, f"{exchange.url}: {reason}")
