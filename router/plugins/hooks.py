"""For each hook, the plugins that have it: what nobody overrides costs the look at an empty tuple."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from router.errors import ClientError, SubgraphFailure
from router.exchange import ClientRequest, ClientResponse
from router.plan import QueryPlan
from router.plugins.plugin import OperationFacts, Plugin
from router.transport.base import SubgraphAnswer, SubgraphRequest


class Hooks:
    """The hooks of several plugins as one. On the way out the last plugin comes first."""

    def __init__(self, plugins: Sequence[Plugin] = ()) -> None:
        self._plugins = tuple(plugins)
        self._started: list[Plugin] = []
        self._requests = self._of("request")
        self._operations = self._of("operation")
        self._plans = self._of("plan")
        self._asked = self._of("subgraph_request")
        self._answered = self._of("subgraph_response")[::-1]
        self._events = self._of("event")[::-1]
        self._responses = self._of("response")[::-1]
        self.on_requests = bool(self._requests or self._responses)
        self.on_operations = bool(self._operations)
        self.on_plans = bool(self._plans)
        self.on_subgraphs = bool(self._asked or self._answered)
        self.on_events = bool(self._events)

    async def begin(self) -> None:
        """Start the plugins in their order."""
        for plugin in self._plugins:
            await plugin.start()
            self._started.append(plugin)

    async def close(self) -> None:
        """Stop those that were started, in reverse order."""
        while self._started:
            await self._started.pop().stop()

    async def request(self, request: ClientRequest) -> ClientRequest | ClientResponse:
        """The request as the plugins want it, or the answer of one of them."""
        for hook in self._requests:
            changed = await hook(request)
            if isinstance(changed, ClientResponse):
                return changed
            request = changed
        return request

    async def operation(self, operation: OperationFacts, request: ClientRequest) -> None:
        """Show them a valid operation."""
        for hook in self._operations:
            await hook(operation, request)

    async def plan(self, plan: QueryPlan, request: ClientRequest) -> None:
        """Show them a plan."""
        for hook in self._plans:
            await hook(plan, request)

    async def subgraph_request(
        self, asked: SubgraphRequest, request: ClientRequest
    ) -> SubgraphRequest | SubgraphAnswer:
        """The question as they want it, or the answer of one of them."""
        for hook in self._asked:
            changed = await hook(asked, request)
            if isinstance(changed, SubgraphAnswer):
                return changed
            asked = changed
        return asked

    async def subgraph_response(
        self, answer: SubgraphAnswer | SubgraphFailure, asked: SubgraphRequest, request: ClientRequest
    ) -> SubgraphAnswer | SubgraphFailure:
        """What came of a question, as they want it."""
        for hook in self._answered:
            answer = await hook(answer, asked, request)
        return answer

    async def event(self, response: ClientResponse, request: ClientRequest) -> ClientResponse | None:
        """An event as they want it; None where one of them keeps it back."""
        for hook in self._events:
            changed = await hook(response, request)
            if changed is None:
                return None
            response = changed
        return response

    async def response(self, response: ClientResponse, request: ClientRequest) -> ClientResponse:
        """An answer as they want it; a ClientError that one of them raises takes its place, and the others see that."""
        for hook in self._responses:
            try:
                response = await hook(response, request)
            except ClientError as error:
                response = ClientResponse(refusal=error, reply=request.reply)
        return response

    def _of(self, name: str) -> tuple[Any, ...]:
        own = getattr(Plugin, name)
        return tuple(getattr(plugin, name) for plugin in self._plugins if getattr(type(plugin), name) is not own)
