"""GraphQL over HTTP: POST with a JSON body and GET with a query string, answered in either of the two media types.

Source: the GraphQL-over-HTTP specification, https://graphql.github.io/graphql-over-http/draft/.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final, NamedTuple, TypeAlias

from starlette.types import Receive, Scope, Send
from structlog.contextvars import bind_contextvars

from router.edge.gate import REQUEST_ID, Gate
from router.edge.hangup import HangUpWatch, HungUp
from router.edge.negotiation import GRAPHQL_RESPONSE, JSON, MediaType, is_json, response_type
from router.edge.parameters import Parameters, from_body, from_query_string
from router.edge.serving import Serving
from router.errors import BadRequest
from router.exchange import ClientRequest, ClientResponse
from router.limits import REQUEST_BYTES_MAX
from router.pipeline import answer, refuse

HttpHeaders: TypeAlias = Mapping[str, str]

_HEADERS_BY_STATUS: Final[Mapping[int, tuple[tuple[bytes, bytes], ...]]] = {
    401: ((b"www-authenticate", b"Bearer"),),
    405: ((b"allow", b"GET, POST"),),
    503: ((b"retry-after", b"2"),),
}


class GraphQLOverHttp:
    """The ASGI application behind POST and GET /graphql."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._watch: HangUpWatch | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _headers(scope)
        media_type = response_type(headers.get("accept"))
        with self._serving.gate as gate, suppress(HungUp):
            request_id = gate.request_id(headers)
            bind_contextvars(request_id=request_id)  # for the log; the server runs each request in a context of its own
            arrived = Arrived(gate, scope, headers, media_type=media_type, request_id=request_id)
            response = await self._respond(arrived, receive)
            await _send(response, media_type or JSON, request_id, send)

    async def _respond(self, arrived: Arrived, receive: Receive) -> ClientResponse:
        try:
            request = await _request(arrived, receive)
        except Exception as error:
            return refuse(error, ClientRequest("", request_id=arrived.request_id), arrived.gate.router)
        self._watch = self._watch or HangUpWatch()
        return await self._watch.while_connected(answer(request, arrived.gate.router), receive)


class Arrived(NamedTuple):
    """A request as far as its first line and its headers tell it, and the gate that it came to."""

    gate: Gate
    scope: Scope
    headers: HttpHeaders
    media_type: MediaType | None
    request_id: str


async def _request(arrived: Arrived, receive: Receive) -> ClientRequest:
    gate, headers = arrived.gate, arrived.headers
    if arrived.media_type is None:
        raise BadRequest(f"The answer comes as {JSON} or {GRAPHQL_RESPONSE}: accept one of them.", status=406)
    parameters = await _read(arrived.scope, headers, receive)
    return ClientRequest(
        query=parameters.query,
        operation_name=parameters.operation_name,
        variables=parameters.variables,
        extensions=parameters.extensions,
        caller=await gate.authenticate(headers),
        client=gate.client(arrived.scope, headers),
        headers=gate.forwarded(headers, request_id=arrived.request_id),
        request_id=arrived.request_id,
        read_only=arrived.scope["method"] == "GET",
    )


def status_of(response: ClientResponse, media_type: MediaType) -> int:
    """The HTTP status: 200 once an operation ran, whatever its errors; else that of the refusal.

    In plain JSON a well-formed request that is refused (it does not validate, say) also gets 200, for the clients of old that
    take any other status for a broken network.
    """
    if response.refusal is None:
        return 200
    return response.refusal.status if response.refusal.always or media_type == GRAPHQL_RESPONSE else 200


def _headers(scope: Scope) -> HttpHeaders:
    """The request's headers by name in lower case; of one that comes several times, the first."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])}


async def _read(scope: Scope, headers: HttpHeaders, receive: Receive) -> Parameters:
    if scope["method"] == "GET":
        return from_query_string(scope["query_string"])
    if scope["method"] != "POST":
        raise BadRequest(f"{scope['method']} is not a method of this address: use POST or GET.", status=405)
    if not is_json(headers.get("content-type")):
        raise BadRequest("The request body must be JSON: send content-type: application/json.", status=415)
    return from_body(await _body(headers, receive))


async def _body(headers: HttpHeaders, receive: Receive) -> bytes:
    announced = headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > REQUEST_BYTES_MAX:
        raise _too_large()
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadRequest("The request body ended too early.")
        body += message.get("body", b"")
        if len(body) > REQUEST_BYTES_MAX:
            raise _too_large()
        if not message.get("more_body"):
            return bytes(body)


def _too_large() -> BadRequest:
    return BadRequest(f"The request body is larger than {REQUEST_BYTES_MAX} bytes.", status=413)


async def _send(response: ClientResponse, media_type: MediaType, request_id: str, send: Send) -> None:
    body = response.json()
    status = status_of(response, media_type)
    headers = [
        (b"content-type", f"{media_type}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (REQUEST_ID.encode(), request_id.encode()),
        *_HEADERS_BY_STATUS.get(status, ()),
        *[(name.encode(), value.encode()) for name, value in response.reply.headers.items()],
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
