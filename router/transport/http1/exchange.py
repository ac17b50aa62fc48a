"""One request on its way: the Future its caller awaits, and what the pool must know to send it, once more or no more."""

from __future__ import annotations

import asyncio
from typing import Protocol

from router.errors import SubgraphFailure
from router.transport.base import SubgraphAnswer, SubgraphRequest


class Keeper(Protocol):
    """Who has the exchange in hand, in which event loop."""

    loop: asyncio.AbstractEventLoop

    def drop(self, exchange: Exchange) -> None:
        """Its caller wants no answer any more."""
        ...


class Link(Protocol):
    """What an exchange is carried by, once it is."""

    def abort(self) -> None:
        """Break off: what is half asked or half answered cannot be used again."""
        ...


class Exchange(asyncio.Future[SubgraphAnswer]):
    """A Future with the request in it, so that one object serves both and cancelling it is heard without a callback."""

    def __init__(self, request: SubgraphRequest, url: str, message: bytes, *, keeper: Keeper, deadline: float) -> None:
        super().__init__(loop=keeper.loop)  # looking the running loop up costs a system call on Python 3.11
        self.subgraph = request.subgraph
        self.idempotent = request.idempotent
        self.url = url
        self.message = message
        self.deadline = deadline
        self.request_deadline = request.deadline
        self.sent_again = False
        self.link: Link | None = None
        self._keeper = keeper

    def cancel(self, msg: object = None) -> bool:
        """Give the request up."""
        given_up = super().cancel(msg)
        if given_up:
            self._keeper.drop(self)
        return given_up

    def fail(self, failure: SubgraphFailure) -> None:
        """Let the caller have the failure, if it still waits."""
        if not self.done():
            self.set_exception(failure)
