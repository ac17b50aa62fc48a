"""A small federation for one test: subgraphs as SDL and plain data, composed, planned and executed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import Any, TypeAlias

from graphql import ExecutionResult as Response
from graphql import GraphQLError, GraphQLResolveInfo, execute_sync, get_variable_values, parse

from router.composition import Composed, SubgraphInput, compose
from router.errors import SubgraphFailure
from router.executor import ExecutionResult, execute, subscribe
from router.executor.compiled import compile_plan
from router.executor.drive import drive
from router.executor.interpreted import Interpreted
from router.executor.prepared import Prepared
from router.executor.speculative import Speculative
from router.supergraph import Supergraph, load_supergraph
from router.transport import FakeTransport
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse
from router.transport.body import decode_response
from tests.router.planning import planned
from tests.router.subgraph_views import subgraph_view

LINK = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key" "@shareable" "@external" "@requires" "@provides" "@override" "@inaccessible" "@interfaceObject" "@context" "@fromContext"
  "FieldSet"
])
"""
Data: TypeAlias = Mapping[str, Any]
"""Values by field name. A function is called with the arguments, an exception is raised, an object may say its __typename."""

Find: TypeAlias = Callable[[dict[str, Any]], Any]
"""The object of a representation, None, or the exception to raise."""


@lru_cache(maxsize=64)
def composed(sdls: tuple[tuple[str, str], ...]) -> Supergraph:
    """The supergraph of subgraphs, each a name and SDL without its link."""
    outcome = compose([SubgraphInput(name, LINK + sdl, f"http://{name}.test") for name, sdl in sdls])
    assert isinstance(outcome, Composed), outcome
    return load_supergraph(outcome.sdl)


@dataclass
class Federation:
    """Subgraphs in this process, and a transport to them.

    `roots` are the root fields of each, `entities` how each finds those it is asked for. `answers` takes the place of a subgraph
    altogether: it makes the response body of a request, or the failure.
    """

    sdls: Mapping[str, str]
    roots: Mapping[str, Data] = field(default_factory=dict)
    entities: Mapping[str, Find] = field(default_factory=dict)
    answers: Mapping[str, Callable[[SubgraphRequest], Any]] = field(default_factory=dict)
    events: Mapping[str, list[Any]] = field(default_factory=dict)
    requests: list[SubgraphRequest] = field(default_factory=list)

    @cached_property
    def supergraph(self) -> Supergraph:
        """The subgraphs composed."""
        return composed(tuple(self.sdls.items()))

    async def ask(self, query: str, variables: Mapping[str, Any] | None = None) -> ExecutionResult:
        """Plan and run a query or mutation; the plan keeps to all that holds for plans, and compiled it answers the same."""
        plan = planned(self.supergraph, query, variables)
        given = self._coerced(query, variables)
        recorded = Recorded(self)
        result = await execute(plan, supergraph=self.supergraph, variables=given, transport=recorded)
        compiled = compile_plan(plan, self.supergraph)
        if compiled is not None:
            generic = partial(Interpreted, Prepared(plan, self.supergraph), given)
            again = Speculative(compiled.execution(given), generic, lambda _: None)
            assert await drive(again, recorded.replayed(), {}) == result
        return result

    async def listen(self, query: str) -> list[ExecutionResult]:
        """Plan a subscription and run it to its end."""
        plan = planned(self.supergraph, query)
        results = subscribe(plan, supergraph=self.supergraph, variables={}, transport=self)
        return [result async for result in results]

    def sent_to(self, subgraph: str) -> list[dict[str, Any]]:
        """The variables of each request to a subgraph."""
        return [each.payload.get("variables", {}) for each in self.requests if each.subgraph == subgraph]

    def _coerced(self, query: str, variables: Mapping[str, Any] | None) -> Mapping[str, Any]:
        definition: Any = parse(query).definitions[0]
        coerced = get_variable_values(self.supergraph.api, definition.variable_definitions or (), dict(variables or {}))
        assert not isinstance(coerced, list), coerced
        return coerced.coerced

    # ── the transport ───────────────────────────────────────────────────────────────────────────────────────────────

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        """Let the subgraph answer."""
        self.requests.append(request)
        if request.subgraph in self.answers:
            body = self.answers[request.subgraph](request)
            if isinstance(body, Exception):
                raise body
        else:
            body = self._execute(request, self.roots.get(request.subgraph, {})).formatted
        return SubgraphAnswer(200, body if isinstance(body, bytes) else json.dumps(body).encode())

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """An event for each of the subgraph's: root fields, or the failure that ends the stream."""
        for event in self.events[request.subgraph]:
            if isinstance(event, Exception):
                raise event
            body = json.dumps(self._execute(request, event).formatted).encode()
            yield decode_response(request.subgraph, SubgraphAnswer(200, body))

    async def close(self) -> None:
        """Nothing is open."""

    def _execute(self, request: SubgraphRequest, root: Data) -> Response:
        find = self.entities.get(request.subgraph, dict)

        def resolve(source: Data, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
            if info.field_name == "_entities":
                return [_named(find(each), each) for each in arguments["representations"]]
            value = source.get(info.field_name)
            value = value(**arguments) if callable(value) else value
            if isinstance(value, Exception):
                raise value
            return value

        return execute_sync(
            subgraph_view(self.supergraph, request.subgraph),
            parse(request.payload["query"]),
            root_value=root,
            variable_values=request.payload.get("variables"),
            field_resolver=resolve,
            type_resolver=lambda value, _info, _type: value["__typename"],
        )


def _named(found: Any, representation: Mapping[str, Any]) -> Any:
    return {"__typename": representation["__typename"], **found} if isinstance(found, dict) else found


@dataclass
class Recorded:
    """A transport that remembers what was answered; replayed, it answers each of those requests once, and no other."""

    federation: Federation
    answers: dict[tuple[str, bytes], list[SubgraphAnswer | SubgraphFailure]] = field(
        default_factory=lambda: defaultdict(list)
    )

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        """Let the federation answer."""
        kept = self.answers[request.subgraph, request.body]
        try:
            kept.append(await self.federation.send(request))
        except SubgraphFailure as failure:
            kept.append(failure)
        return _given(kept[-1])

    def replayed(self) -> FakeTransport:
        """A transport of the answers alone."""

        def again(request: SubgraphRequest) -> SubgraphAnswer:
            kept = self.answers[request.subgraph, request.body]
            assert kept, f"nobody asked {request.subgraph} this before: {request.body!r}"
            return _given(kept.pop(0))

        return FakeTransport({subgraph: again for subgraph, _ in self.answers})

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Subscriptions are not compiled."""
        raise NotImplementedError

    async def close(self) -> None:
        """Nothing is open."""


def _given(answer: SubgraphAnswer | SubgraphFailure) -> SubgraphAnswer:
    if isinstance(answer, SubgraphFailure):
        raise answer
    return answer


def table(**objects: Any) -> Find:
    """Finds objects by their only key, whatever it is called; the representation's own fields count where it has no other."""

    def find(representation: dict[str, Any]) -> Any:
        named = [value for name, value in representation.items() if name != "__typename" and str(value) in objects]
        found = objects[str(named[0])] if named else None
        return {**representation, **found} if isinstance(found, dict) else found

    return find


def fault(message: str = "fault", **extensions: Any) -> GraphQLError:
    """What a resolver raises."""
    return GraphQLError(message, extensions=extensions)


def places(result: ExecutionResult) -> list[tuple[str, list[str | int] | None]]:
    """The errors: what they say, and where."""
    return [(error["message"], error.get("path")) for error in result.errors]
