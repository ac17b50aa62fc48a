"""GraphQL over HTTP: POST with a JSON body and GET with a query string, answered in either of the two media types.

Source: the GraphQL-over-HTTP specification, https://graphql.github.io/graphql-over-http/draft/.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeAlias, TypeVar

from starlette.types import Receive, Scope, Send
from structlog.contextvars import bind_contextvars

from router.edge.answers import send_answer, send_methods
from router.edge.arrived import Arrived, headers_of
from router.edge.batching import may_write, operations_in, run_batch
from router.edge.bodies import read_body
from router.edge.compression import unfolded
from router.edge.csrf import refuse_forgeries
from router.edge.explorer import asks_for_page, page_response
from router.edge.hangup import HangUpWatch, HungUp
from router.edge.negotiation import GRAPHQL_RESPONSE, JSON, is_json, response_type
from router.edge.observation import VISIT
from router.edge.parameters import Parameters, decoded, from_mapping, from_query_string
from router.edge.query_plans import plan_shown
from router.edge.serving import Serving
from router.edge.streams.accepted import Accepted, accepted
from router.edge.streams.http import respond
from router.edge.streams.open import OpenStreams
from router.edge.streams.single import SingleConnections, token_of
from router.edge.streams.writing import Response
from router.errors import BadRequest, RequestTimedOut
from router.exchange import ClientRequest, ClientResponse
from router.pipeline import RouterState, answer, refuse
from router.security.caller import Caller

T = TypeVar("T")

Answered: TypeAlias = ClientResponse | list[ClientResponse] | Response
"""One answer, those of a batch, or what writes itself piece by piece."""


class GraphQLOverHttp:
    """The ASGI application behind POST and GET /graphql."""

    def __init__(self, serving: Serving, streams: OpenStreams) -> None:
        self._serving = serving
        self._streams = streams
        self._single = SingleConnections(streams)
        self._watch: HangUpWatch | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            stream = await self._served(scope, receive, send)
            if stream is not None:  # it may outlive the gate that it began on, and holds the current one itself
                await self._while_connected(stream.write(send), receive)
        except HungUp:
            return  # nobody is there to be answered

    async def _served(self, scope: Scope, receive: Receive, send: Send) -> Response | None:
        """Serve the request, but for what writes itself, which is for the caller to have done."""
        headers = headers_of(scope)
        with self._serving.gate as gate:
            explorer = gate.config.explorer
            if scope["method"] == "OPTIONS":
                await send_methods(send)
            elif explorer.enabled and asks_for_page(scope["method"], headers.get("accept")):
                await page_response(query_plans=explorer.query_plans)(scope, receive, send)
            else:
                request_id = gate.request_id(headers)
                # For the log; the server runs each request in a context of its own.
                bind_contextvars(request_id=request_id)
                arrived = Arrived(gate, scope, headers, response_type(headers.get("accept")), request_id)
                answered = await self._answered(arrived, receive)
                if not isinstance(answered, ClientResponse | list):
                    return answered
                scope[VISIT].answered = answered
                await send_answer(answered, arrived, send)
        return None

    async def _answered(self, arrived: Arrived, receive: Receive) -> Answered:
        accept = accepted(arrived.headers.get("accept"))
        try:
            if self._single.takes(arrived):
                return await self._single.take(arrived)
            asked = await _asked(arrived, accept, receive)
        except Exception as error:
            return refuse(error, ClientRequest("", request_id=arrived.request_id), arrived.gate.router)
        arrived.scope[VISIT].asked = asked
        if isinstance(asked, list):
            running: Awaitable[Answered] = _run_batch(asked, arrived.gate.router)
        elif (token := token_of(arrived)) is not None:
            running = self._single.begin(asked, token, arrived)
        elif accept.only_json:
            running = answer(asked, arrived.gate.router)
        else:
            running = respond(asked, arrived, accept, self._streams)
        first = asked[0] if isinstance(asked, list) else asked
        try:
            return await self._while_connected(running, receive, first.deadline)
        except RequestTimedOut as error:
            return refuse(error, first, arrived.gate.router)

    def _while_connected(
        self, answering: Awaitable[T], receive: Receive, deadline: float | None = None
    ) -> Awaitable[T]:
        self._watch = self._watch or HangUpWatch()
        return self._watch.while_connected(answering, receive, deadline)


async def _asked(arrived: Arrived, accept: Accepted, receive: Receive) -> ClientRequest | list[ClientRequest]:
    """The request, or those of a batch. Raises ClientError where there is none to run."""
    if arrived.media_type is None and accept.only_json:
        raise BadRequest(f"The answer comes as {JSON} or {GRAPHQL_RESPONSE}: accept one of them.", status=406)
    csrf = arrived.gate.config.csrf
    if csrf.enabled:
        refuse_forgeries(arrived.scope["method"], arrived.headers, csrf.required_headers)
    read = await _read(arrived, receive)
    caller = await arrived.gate.authenticate(arrived.headers)
    if isinstance(read, Parameters):
        return _request(read, arrived, caller, request_id=arrived.request_id)
    return [
        _request(parameters, arrived, caller, request_id=f"{arrived.request_id}.{number}")
        for number, parameters in enumerate(read, start=1)
    ]


def _request(parameters: Parameters, arrived: Arrived, caller: Caller, *, request_id: str) -> ClientRequest:
    gate, headers = arrived.gate, arrived.headers
    return ClientRequest(
        query=parameters.query,
        operation_name=parameters.operation_name,
        variables=parameters.variables,
        extensions=parameters.extensions,
        document_id=parameters.document_id,
        caller=caller,
        client=gate.client(arrived.scope, headers),
        headers=headers,
        request_id=request_id,
        read_only=arrived.is_safe,
        query_plan=plan_shown(headers, gate.config.explorer),
        deadline=gate.router.deadline(),
    )


def _run_batch(asked: list[ClientRequest], router: RouterState) -> Awaitable[list[ClientResponse]]:
    return run_batch(asked, lambda each: answer(each, router), writes=may_write)


async def _read(arrived: Arrived, receive: Receive) -> Parameters | list[Parameters]:
    if arrived.is_safe:
        return from_query_string(arrived.scope["query_string"])
    if arrived.scope["method"] != "POST":
        raise BadRequest(f"{arrived.scope['method']} is not a method of this address: use POST or GET.", status=405)
    if not is_json(arrived.headers.get("content-type")):
        raise BadRequest("The request body must be JSON: send content-type: application/json.", status=415)
    config = arrived.gate.config
    body = await read_body(arrived.headers, receive, bytes_max=config.http.body_bytes)
    if coding := arrived.headers.get("content-encoding"):
        body = unfolded(body, coding, bytes_max=config.http.body_bytes)
    document = decoded(body)
    return operations_in(document, config.batching) if isinstance(document, list) else from_mapping(document)
