"""Equal queries to one subgraph at one time are sent once, and its answer goes to everybody who asked. Nothing is kept after."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Container, Mapping
from typing import Final, TypeAlias

from router.errors import SubgraphFailure
from router.limits import SHARED_UNTIL_S
from router.sharing import Sharing
from router.telemetry import SubgraphTraffic
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse, Transport
from router.transport.interruption import again

NAMES_OF_CALLS: Final = frozenset({"baggage", "traceparent", "tracestate", "x-request-id"})
"""Headers that name one call among others, to find it again in logs and traces. No two calls have the same."""

Key: TypeAlias = tuple[str, bytes, bytes, tuple[tuple[str, str], ...]]


def told_apart(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The headers that tell one request from another."""
    return tuple([header for header in headers.items() if header[0] not in NAMES_OF_CALLS])


class DedupingTransport:
    """Shares the answers of `inner` between queries of the same subgraph, body, generation and headers that are under way together.

    Headers that name a call may differ: those of the first request are sent. Mutations always go through. A caller that gives
    up leaves the others alone; when the last one has, so does the request. All share its time-out and its failure; whose client's
    request has much more time left, or much less, asks for itself. So does everybody who asks one of the subgraphs `apart`.
    """

    def __init__(
        self, inner: Transport, telemetry: SubgraphTraffic | None = None, *, apart: Container[str] = ()
    ) -> None:
        counts = (telemetry or SubgraphTraffic()).shared("subgraphs")
        self._inner = inner
        self._apart = apart
        self._under_way: Sharing[Key, SubgraphAnswer] = Sharing(
            _own, led=counts.leader.add, joined=counts.joiner.add, slack_s=SHARED_UNTIL_S
        )

    def send(self, request: SubgraphRequest) -> Awaitable[SubgraphAnswer]:
        """Ask, or wait for the answer to the same question."""
        if not request.idempotent or request.subgraph in self._apart:
            return self._inner.send(request)
        key = (request.subgraph, request.body, request.generation, told_apart(request.headers))
        return self._under_way.join(key, lambda: self._inner.send(request), until=request.deadline)

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Subscriptions are not shared."""
        return self._inner.subscribe(request)

    async def close(self) -> None:
        """Close the transport behind."""
        await self._inner.close()


def _own(error: BaseException) -> BaseException:
    """An exception for one caller: raising one object in many tasks would pile their tracebacks up on it."""
    return again(error) if isinstance(error, SubgraphFailure) else error
