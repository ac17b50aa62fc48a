"""The port: send one request to one subgraph, or open one subscription on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class SubgraphRequest:
    """What a subgraph is asked. `headers` are those the router forwards, names in lower case."""

    subgraph: str
    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SubgraphResponse:
    """What it answered: GraphQL's `data` and `errors` as JSON values. The tree belongs to the caller, who may change it."""

    data: dict[str, Any] | None
    errors: tuple[dict[str, Any], ...] = ()
    extensions: Mapping[str, Any] = field(default_factory=dict)


class Transport(Protocol):
    """Reaches the subgraphs of one supergraph.

    Both raise `router.errors.SubgraphFailure` where no GraphQL answer could be had (unreachable, timed out, not JSON, HTTP
    error without a GraphQL body); GraphQL errors are part of the response.
    """

    async def send(self, request: SubgraphRequest) -> SubgraphResponse:
        """Answer a query or mutation."""
        ...

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Yield an answer per event until the subgraph completes; closing the iterator ends it there too."""
        ...

    async def close(self) -> None:
        """Close every connection. Idempotent."""
        ...
