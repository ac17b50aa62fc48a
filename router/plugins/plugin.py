"""The hooks that a plugin may have, in the order in which a request meets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import DocumentNode, OperationType

from router.errors import SubgraphFailure
from router.exchange import ClientRequest, ClientResponse
from router.plan import QueryPlan
from router.transport.base import SubgraphAnswer, SubgraphRequest


@dataclass(frozen=True, slots=True)
class OperationFacts:
    """A valid operation. `variables` are coerced and defaulted; those the client left out are absent."""

    name: str | None
    kind: OperationType
    document: DocumentNode
    variables: Mapping[str, Any]


class Plugin:
    """Does nothing: override the hooks that are wanted, and the router calls no others.

    Any hook may raise a `router.errors.ClientError`, which refuses the request with its code and status; another exception is
    logged and answered as INTERNAL_SERVER_ERROR. `request.context` is a dict of the request's own, for what one hook wants to tell
    another. Plugins are asked in their order on the way in and in reverse order on the way out. One object serves all requests.
    """

    async def start(self) -> None:
        """The router is about to serve. What is raised here keeps it from starting."""

    async def stop(self) -> None:
        """The router has stopped serving, or goes on without this plugin."""

    async def request(self, request: ClientRequest) -> ClientRequest | ClientResponse:
        """A GraphQL request, its caller known, its operation not yet read. Another one takes its place (`dataclasses.replace`);
        a response answers it at once."""
        return request

    async def operation(self, operation: OperationFacts, request: ClientRequest) -> None:
        """It is valid. For rules of one's own: raise to refuse."""

    async def plan(self, plan: QueryPlan, request: ClientRequest) -> None:
        """Its plan, which is shared with all requests of the same operation. `router.plan.show.show` writes it as text."""

    async def subgraph_request(
        self, asked: SubgraphRequest, request: ClientRequest
    ) -> SubgraphRequest | SubgraphAnswer:
        """About to ask a subgraph. Another request takes its place (`asked._replace`); an answer spares the subgraph the question."""
        return asked

    async def subgraph_response(
        self, answer: SubgraphAnswer | SubgraphFailure, asked: SubgraphRequest, request: ClientRequest
    ) -> SubgraphAnswer | SubgraphFailure:
        """What came of it, not yet decoded; another answer may stand in for a failure."""
        return answer

    async def event(self, response: ClientResponse, request: ClientRequest) -> ClientResponse | None:
        """One event of a subscription, completed. None keeps it from the client."""
        return response

    async def response(self, response: ClientResponse, request: ClientRequest) -> ClientResponse:
        """The answer to a query or mutation, or the refusal of anything."""
        return response
