"""Subscriptions that ask one subgraph the same, as the same caller, have one connection to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from typing import Any, TypeAlias

from router.errors import SubgraphFailure
from router.limits import SUBSCRIPTION_BUFFER_MAX
from router.subscriptions.hub import Hub, Share
from router.subscriptions.subscriber import Overflow
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse, Transport
from router.transport.dedupe import told_apart

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
            lambda: self._inner.subscribe(request),
            share=self._share(request.subgraph),
            capacity=self._capacity,
            overflow=self._overflow,
        )

    async def close(self) -> None:
        """Close the transport behind. What the hub holds is open until the hub is closed."""
        await self._inner.close()


def subgraph_hub() -> Hub[SubgraphResponse]:
    """A hub for what subgraphs tell: the executor completes the tree of an event, so that each subscriber needs its own."""
    return Hub(copied=_copied, own=_own)


def _copied(event: SubgraphResponse) -> SubgraphResponse:
    return SubgraphResponse(_tree(event.data), _tree(event.errors), event.extensions)


def _tree(value: Any) -> Any:
    """A JSON value again. The standard library's deepcopy takes ten times as long, to keep cycles that JSON has not."""
    if isinstance(value, dict):
        return {key: _tree(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)([_tree(item) for item in value])
    return value


def _own(error: BaseException) -> BaseException:
    return SubgraphFailure(error.subgraph, str(error), error.detail) if isinstance(error, SubgraphFailure) else error
