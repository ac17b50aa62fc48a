"""Subscriptions that ask one subgraph the same, as the same caller, have one connection to it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Hashable
from typing import TypeAlias

from router.errors import SubgraphFailure
from router.limits import SUBSCRIPTION_BUFFER_MAX
from router.subscriptions.event import SharedEvent
from router.subscriptions.hub import Hub, Share
from router.subscriptions.source import closing
from router.subscriptions.subscriber import Overflow
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse, Transport
from router.transport.dedupe import told_apart
from router.transport.interruption import again

Address: TypeAlias = Callable[[str], Hashable]
"""Where and how a subgraph is reached: two generations that agree on it may share what is open."""


class SharedSubscriptions:
    """A Transport that takes the subscriptions of `inner` from a hub, which outlives both; requests go straight through.

    It stands right before the transport that sends, so that the headers it compares are those that are sent.
    """

    def __init__(
        self,
        inner: Transport,
        hub: Hub[SubgraphResponse],
        *,
        address: Address,
        share: Callable[[str], Share] = lambda _: "always",
        capacity: int = SUBSCRIPTION_BUFFER_MAX,
        overflow: Overflow = "close",
    ) -> None:
        self.send: Callable[[SubgraphRequest], Awaitable[SubgraphAnswer]] = inner.send
        self._inner = inner
        self._hub = hub
        self._address = address
        self._share = share
        self._capacity = capacity
        self._overflow: Overflow = overflow

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Listen to what is open already, or open it."""
        headers = tuple(sorted(told_apart(request.headers)))
        return self._hub.join(
            (self._address(request.subgraph), request.subgraph, request.body, headers),
            lambda: _shared(self._inner.subscribe(request)),
            share=self._share(request.subgraph),
            capacity=self._capacity,
            overflow=self._overflow,
        )

    async def close(self) -> None:
        """Close the transport behind. What the hub holds is open until the hub is closed."""
        await self._inner.close()


def subgraph_hub() -> Hub[SubgraphResponse]:
    """A hub for what subgraphs tell."""
    return Hub(own=_own)


async def _shared(events: AsyncIterator[SubgraphResponse]) -> AsyncGenerator[SubgraphResponse, None]:
    async with closing(events):
        async for event in events:
            yield SharedEvent(event)


def _own(error: BaseException) -> BaseException:
    return again(error) if isinstance(error, SubgraphFailure) else error
