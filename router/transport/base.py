"""The port: send one request to one subgraph, or open one subscription on it. Bodies pass through it as bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import orjson


# Tuples, since one of each is made per fetch: a frozen dataclass takes three times as long to make.
class SubgraphRequest(NamedTuple):
    """What a subgraph is asked: the JSON body of a POST. `headers` are those the router forwards, names in lower case.

    An `idempotent` request may be sent again, or its answer be shared, without anybody noticing: a query, never a mutation.
    After `deadline`, a time of the event loop, nobody waits for the answer any more. `fetch` is the number of the plan's fetch.
    Requests of different `generation` must not share an answer: something that it is made of was declared out of date in between.
    """

    subgraph: str
    body: bytes
    headers: Mapping[str, str] = {}
    idempotent: bool = False
    deadline: float | None = None
    fetch: int = 0
    generation: bytes = b""

    @property
    def payload(self) -> dict[str, Any]:
        """The body decoded, anew each time: `query`, and `operationName` and `variables` where they are set."""
        payload: dict[str, Any] = orjson.loads(self.body)
        return payload


class SubgraphAnswer(NamedTuple):
    """What came back over HTTP, not yet looked at; `body` is without its content encoding.

    `headers` are pairs of a name in lower case and a value, as they came; a transport that nobody asked for them leaves them out.
    """

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class SubgraphResponse:
    """What it answered: GraphQL's `data` and `errors` as JSON values. The tree belongs to the caller, who may change it."""

    data: dict[str, Any] | None
    errors: tuple[dict[str, Any], ...] = ()
    extensions: Mapping[str, Any] = field(default_factory=dict)


class Transport(Protocol):
    """Reaches the subgraphs of one supergraph.

    Both raise `router.errors.SubgraphFailure` where no whole answer could be had (unreachable, timed out, broken off, too
    large). Whether a whole answer is GraphQL is found by `body.decode_response`; GraphQL errors are part of it.
    """

    def send(self, request: SubgraphRequest) -> Awaitable[SubgraphAnswer]:
        """Ask a query or mutation: an `async def`, or a function that returns a Future. To be awaited once.

        Cancelling what waits for it gives the request up.
        """
        ...

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Yield an answer per event until the subgraph completes; closing the iterator ends it there too."""
        ...

    async def close(self) -> None:
        """Close every connection. Idempotent."""
        ...
