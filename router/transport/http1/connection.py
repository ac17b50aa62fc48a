"""One TCP connection to an origin: it carries one exchange at a time and tells its pool how that ended."""

from __future__ import annotations

import asyncio
from typing import Protocol, cast

from router.errors import SubgraphFailure
from router.transport.body import not_graphql, too_large
from router.transport.http1.coding import Oversize
from router.transport.http1.exchange import Exchange
from router.transport.http1.reader import AnswerReader, BadAnswer


class Owner(Protocol):
    """Whose connection it is."""

    def released(self, connection: Connection) -> None:
        """The exchange is over and another may follow."""
        ...

    def lost(self, connection: Connection) -> None:
        """The connection is no more; it carried nothing."""
        ...

    def broken(self, connection: Connection, exchange: Exchange, reason: str, *, untouched: bool) -> None:
        """The connection is no more, and the exchange has no answer; `untouched` if the server may not have seen it."""
        ...


class Connection(asyncio.Protocol):
    """Made by the pool, which starts an exchange on it only while it carries none.

    `idle_since` is when the last one ended.
    """

    def __init__(self, owner: Owner, reader: AnswerReader, *, body_bytes_max: int) -> None:
        self.exchange: Exchange | None = None
        self.idle_since = 0.0
        self._owner = owner
        self._body_bytes_max = body_bytes_max
        self._reader = reader
        self._transport: asyncio.Transport | None = None
        self._has_served = False

    @property
    def is_closing(self) -> bool:
        """Whether it can carry nothing more."""
        return self._transport is None or self._transport.is_closing()

    def start(self, exchange: Exchange) -> None:
        """Send the exchange's request: head and body in one write."""
        assert self._transport is not None
        assert self.exchange is None
        self.exchange = exchange
        exchange.link = self
        self._transport.write(exchange.message)

    def abort(self) -> None:
        """Close at once, whatever is under way."""
        self.exchange = None
        if self._transport is not None:
            self._transport.abort()

    # ── what asyncio calls ──────────────────────────────────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self.exchange is None:
            self.abort()  # nothing was asked: this can be no answer of ours (some servers say here that they close)
            return
        try:
            if self._reader.feed(data):
                self._finish(self.exchange)
        except BadAnswer as bad:
            self._fail(self.exchange, not_graphql(self.exchange.subgraph, f"not an answer in HTTP/1.1: {bad}"))
        except Oversize:
            self._fail(self.exchange, too_large(self.exchange.subgraph, self._body_bytes_max))

    def connection_lost(self, exc: Exception | None) -> None:
        exchange = self.exchange
        self._transport = None
        if exchange is None:
            self._owner.lost(self)
        elif exc is None and self._reader.end():
            self._complete_by_end(exchange)
        else:
            self._break(exchange, exc)

    # ── how an exchange ends ────────────────────────────────────────────────────────────────────────────────────────

    def _finish(self, exchange: Exchange) -> None:
        reusable = self._reader.reusable
        answer = self._reader.take()
        self.exchange = exchange.link = None
        self._has_served = True
        exchange.set_result(answer)
        if reusable:
            self._owner.released(self)
        else:
            self.abort()

    def _complete_by_end(self, exchange: Exchange) -> None:
        try:
            self._finish(exchange)
        except BadAnswer as bad:
            self._fail(exchange, not_graphql(exchange.subgraph, f"not an answer in HTTP/1.1: {bad}"))
        except Oversize:
            self._fail(exchange, too_large(exchange.subgraph, self._body_bytes_max))
        self._owner.lost(self)

    def _fail(self, exchange: Exchange, failure: SubgraphFailure) -> None:
        exchange.link = None
        self.abort()
        exchange.fail(failure)

    def _break(self, exchange: Exchange, error: Exception | None) -> None:
        self.exchange = exchange.link = None
        reason = (str(error) or type(error).__name__) if error is not None else "it closed the connection"
        middle = "in the middle of its answer" if self._reader.begun else "before its answer"
        untouched = self._has_served and not self._reader.begun
        self._owner.broken(self, exchange, f"{reason} {middle}", untouched=untouched)
