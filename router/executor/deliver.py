"""Sends what an incremental run asks, and hands out its deliveries as they become ready; leaves nothing running behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from router.executor.drive import outcome_of, request_of
from router.executor.executable import Executable
from router.executor.execution import Answered, Ask
from router.executor.incremental import Delivery, Incremental
from router.transport.base import SubgraphAnswer, Transport
from router.transport.headers import NO_HEADERS, Forwarded


async def deliver(
    executable: Executable,
    *,
    variables: Mapping[str, Any],
    transport: Transport,
    headers: Forwarded = NO_HEADERS,
    denied: Sequence[tuple[str, ...]] = (),
    deadline: float | None = None,
) -> AsyncIterator[Delivery]:
    """Run a query or mutation whose plan has deferred parts; arguments as for `perform`.

    The first delivery is the primary answer, which waits for its own fetches alone; parts follow in whatever order they become
    ready. Closing the iterator, or cancelling what it waits in, cancels every request under way.
    """
    execution = Incremental(executable.prepared, variables, denied)
    sending = _Sending(transport, headers, deadline)
    try:
        sending.send(execution.start())
        while True:
            for delivery in execution.deliveries():
                yield delivery
                if not delivery.has_next:
                    return
            for ask, answer in await sending.arrived():
                sending.send(execution.answered(ask, answer))
    finally:
        await sending.stop()


class _Sending:
    """The requests under way."""

    def __init__(self, transport: Transport, headers: Forwarded, deadline: float | None) -> None:
        self._transport = transport
        self._headers = headers
        self._deadline = deadline
        self.running: dict[asyncio.Future[SubgraphAnswer], Ask] = {}

    def send(self, asks: Sequence[Ask]) -> None:
        for ask in asks:
            request = request_of(ask, self._headers, self._deadline)
            self.running[asyncio.ensure_future(self._transport.send(request))] = ask

    async def arrived(self) -> list[tuple[Ask, Answered]]:
        """Wait until something is answered."""
        done, _ = await asyncio.wait(self.running, return_when=asyncio.FIRST_COMPLETED)
        return [(self.running.pop(future), outcome_of(future)) for future in list(self.running) if future in done]

    async def stop(self) -> None:
        """Cancel what is still under way, and wait until it has let go of what it holds."""
        for future in self.running:
            future.cancel()
        if self.running:
            await asyncio.gather(*self.running, return_exceptions=True)
