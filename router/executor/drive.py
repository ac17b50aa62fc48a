"""Runs an execution over a transport: sends what it asks, gives it what comes back, and leaves nothing running behind.

The engine is called where the answers arrive, in a callback: several requests under way cost a Future each, and a Task only where
the transport's `send` is a coroutine function. A single request is awaited as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from router.errors import SubgraphFailure
from router.executor.execution import Answered, Ask, Execution, ExecutionResult
from router.transport.base import SubgraphAnswer, SubgraphRequest, Transport
from router.transport.headers import Forwarded, headers_to


async def drive(
    execution: Execution, transport: Transport, headers: Forwarded, deadline: float | None = None
) -> ExecutionResult:
    """Run to the end; `headers` go along, and nobody waits past the deadline. Cancelling the call cancels every request under way."""
    asks = execution.start()
    while asks:
        if len(asks) == 1:
            asks = execution.answered(asks[0], await _answer(asks[0], transport, headers, deadline))
        else:
            asks = await _Together(execution, transport, headers, deadline).run(asks)
    return execution.finish()


def request_of(ask: Ask, headers: Forwarded, deadline: float | None) -> SubgraphRequest:
    """What is sent for an Ask."""
    fetch = ask.fetch
    sent = headers_to(fetch.subgraph, headers)
    return SubgraphRequest(fetch.subgraph, ask.body, sent, fetch.kind == "query", deadline, fetch.id)


async def _answer(ask: Ask, transport: Transport, headers: Forwarded, deadline: float | None) -> Answered:
    try:
        return await transport.send(request_of(ask, headers, deadline))
    except SubgraphFailure as failure:
        return failure


class _Together:
    """Several requests under way, and what their answers make ready, until none is.

    Once the last one is answered nothing holds back what it made ready, and that is handed out.
    """

    def __init__(self, execution: Execution, transport: Transport, headers: Forwarded, deadline: float | None) -> None:
        self._execution = execution
        self._transport = transport
        self._headers = headers
        self._deadline = deadline
        self._running: set[asyncio.Future[SubgraphAnswer]] = set()
        self._next: asyncio.Future[list[Ask]] | None = None

    async def run(self, asks: Sequence[Ask]) -> list[Ask]:
        try:
            self._send(asks)
            assert self._next is not None, "there is something to send"
            return await self._next
        finally:
            await self._stop()

    def _send(self, asks: Sequence[Ask]) -> None:
        for ask in asks:
            future = asyncio.ensure_future(self._transport.send(request_of(ask, self._headers, self._deadline)))
            # The loop of a Future is at hand; to look the running one up costs a system call on Python 3.11.
            self._next = self._next or future.get_loop().create_future()
            self._running.add(future)
            future.add_done_callback(partial(self._arrived, ask))

    def _arrived(self, ask: Ask, future: asyncio.Future[SubgraphAnswer]) -> None:
        assert self._next is not None, "made with the first request"
        if self._next.done():  # stopped: nobody waits for this any more
            return
        self._running.discard(future)
        try:
            ready = self._execution.answered(ask, outcome_of(future))
            if self._running:
                self._send(ready)
            else:
                self._next.set_result(ready)
        except (Exception, asyncio.CancelledError) as error:  # a bug, or a transport that gave up: the caller's to know
            self._next.set_exception(error)

    async def _stop(self) -> None:
        """Cancel what is still under way, and wait until it has let go of what it holds."""
        for future in self._running:
            future.cancel()
        if self._running:
            await asyncio.gather(*self._running, return_exceptions=True)


def outcome_of(future: asyncio.Future[SubgraphAnswer]) -> Answered:
    """What came of a request that is over."""
    try:
        return future.result()
    except SubgraphFailure as failure:
        return failure
