"""What is noted of each request on its way through the edge: its metrics; and, where they are on, its span and its line in the log.

Nothing that a client sends is noted but the names of its program and its operation, and those within bounds.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars

from router.edge.arrived import headers_of
from router.edge.gate import Gate
from router.edge.serving import Serving
from router.edge.standing import Standing
from router.exchange import ClientRequest, ClientResponse
from router.limits import LOGGED_CODES_MAX, LOGGED_NAME_CHARACTERS_MAX

if TYPE_CHECKING:
    from router.telemetry.tracing import RequestSpan, Tracing

VISIT: Final = "router.visit"
"""Where the visit stands in an ASGI scope."""

CLIENT_CLOSED_REQUEST: Final = 499
"""The status of a request whose client went away before its answer: nginx's, for there is no other."""

_CLOSE: Final = (b"connection", b"close")

Asked: TypeAlias = ClientRequest | Sequence[ClientRequest]
Answered: TypeAlias = ClientResponse | Sequence[ClientResponse]

log = structlog.get_logger("router.access")


class Observed:
    """GraphQL over HTTP, observed."""

    def __init__(self, app: ASGIApp, route: str, *, serving: Serving, standing: Standing) -> None:
        self._app = app
        self._route = route
        self._serving = serving
        self._standing = standing

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        gate = self._serving.gate
        tracing = gate.router.telemetry.tracing
        visit = scope[VISIT] = Visit(gate, scope["method"], send, self._standing)
        if tracing is None:
            return self._visited(visit, scope, receive)
        return self._traced(tracing, visit, scope, receive)

    async def _traced(self, tracing: Tracing, visit: Visit, scope: Scope, receive: Receive) -> None:
        with tracing.request(scope["method"], self._route, headers_of(scope)) as visit.span:
            bind_contextvars(trace_id=visit.span.trace_id)
            await self._visited(visit, scope, receive)

    async def _visited(self, visit: Visit, scope: Scope, receive: Receive) -> None:
        traffic = self._serving.gate.router.telemetry.http
        traffic.active += 1
        try:
            await self._app(scope, receive, visit.send)
        except Exception:
            visit.status = 500
            raise
        finally:
            traffic.active -= 1
            visit.end()
            # It leads back to the scope: the circle would keep every request until the next look for garbage.
            del scope[VISIT]


class Visit:
    """One request over HTTP. Who serves it says what was `asked` and `answered`."""

    __slots__ = (
        "_began_at",
        "_bytes",
        "_ended",
        "_gate",
        "_method",
        "_send",
        "_standing",
        "answered",
        "asked",
        "span",
        "status",
    )

    def __init__(self, gate: Gate, method: str, send: Send, standing: Standing) -> None:
        self.asked: Asked | None = None
        self.answered: Answered | None = None
        self.span: RequestSpan | None = None
        self.status = CLIENT_CLOSED_REQUEST
        self._gate = gate
        self._method = method
        self._send = send
        self._standing = standing
        self._bytes = 0
        self._ended = False
        self._began_at = perf_counter()

    def send(self, message: Message) -> Awaitable[None]:
        """Hand a message of the answer on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if self._standing.is_leaving:
                message["headers"] = [*message.get("headers", ()), _CLOSE]  # the next request is for another process
            return self._send(message)
        self._bytes += len(message.get("body", b""))
        return self._send_piece(message) if message.get("more_body") else self._send(message)

    async def _send_piece(self, message: Message) -> None:
        await self._send(message)
        self.end()  # of a stream this was its beginning, and its end may be hours away

    def end(self) -> None:
        """Note what is known by now, once."""
        if self._ended:
            return
        self._ended = True
        seconds = perf_counter() - self._began_at
        gate = self._gate
        gate.router.telemetry.http.served(self._method, self.status, seconds)
        if self.status == 503 and gate.config.health.rejections is not None:
            self._standing.rejected(gate.config.health.rejections)
        if self.span is not None or gate.notes_operations:
            self._note_operations(seconds)

    def _note_operations(self, seconds: float) -> None:
        noted = Noted(self.asked, self.answered)
        http = {"method": self._method, "status": self.status, "bytes": self._bytes}
        _note(noted, self._gate, span=self.span, seconds=seconds, status=self.status, beside=http)


class Noted:
    """What may be told of a request and its answer."""

    def __init__(self, asked: Asked | None, answered: Answered | None) -> None:
        self.requests = [asked] if isinstance(asked, ClientRequest) else list(asked or ())
        self.responses = [answered] if isinstance(answered, ClientResponse) else list(answered or ())

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the errors, each once."""
        errors = (error for response in self.responses for error in _errors(response))
        codes = dict.fromkeys(str((error.get("extensions") or {}).get("code", "NONE")) for error in errors)
        return tuple(bounded(code) for code in list(codes)[:LOGGED_CODES_MAX])

    @property
    def operations(self) -> list[tuple[str, str | None]]:
        """Kind and name of those that were found."""
        found = (request.reply.operation for request in self.requests)
        return [(kind, None if name is None else bounded(name)) for kind, name in filter(None, found)]

    @property
    def client(self) -> tuple[str | None, str | None]:
        """Name and version of the program that asks, as it gives them."""
        if not self.requests:
            return None, None
        name, version = self.requests[0].client.name, self.requests[0].client.version
        return name and bounded(name), version and bounded(version)

    def line(self) -> Mapping[str, Any]:
        """For the log: what is there."""
        name, version = self.client
        operations = self.operations
        told: dict[str, Any] = {"codes": self.codes, "client_name": name, "client_version": version}
        if len(self.requests) > 1:
            told["operations"] = [name or kind for kind, name in operations]
        elif operations:
            told["kind"], told["operation"] = operations[0]
        return {key: value for key, value in told.items() if value}


@contextmanager
def observed_operation(request: ClientRequest, gate: Gate, headers: Mapping[str, str]) -> Iterator[Seen]:
    """Note one operation on a socket, which has neither status nor an end of its own: until its first answer is there."""
    seen, began_at, tracing = Seen(), perf_counter(), gate.router.telemetry.tracing
    if tracing is None:
        yield seen
        if gate.notes_operations:
            _note(Noted(request, seen.answered), gate, span=None, seconds=perf_counter() - began_at)
        return
    with tracing.operation(headers) as span:
        bind_contextvars(trace_id=span.trace_id)
        yield seen
        _note(Noted(request, seen.answered), gate, span=span, seconds=perf_counter() - began_at)


class Seen:
    """What came of an operation, where something came of it at once."""

    answered: ClientResponse | None = None


def _note(
    noted: Noted,
    gate: Gate,
    *,
    span: RequestSpan | None,
    seconds: float,
    status: int | None = None,
    beside: Mapping[str, Any] | None = None,
) -> None:
    operations = noted.operations
    if span is not None:
        for kind, name in operations[:1]:
            span.operation(kind, name)
        span.client(*noted.client)
        span.answered(status, noted.codes)
    if gate.config.telemetry.metrics.operation_names:
        for kind, name in operations:
            gate.router.telemetry.operations.answered(name, kind, seconds)
    access = gate.config.telemetry.log.access
    if access == "all" or (access == "errors" and (noted.codes or (status or 200) >= 400)):
        log.info("request answered", **(beside or {}), **noted.line(), duration_ms=round(seconds * 1_000, 3))


def _errors(response: ClientResponse) -> Sequence[dict[str, Any]]:
    return response.refusal.formatted() if response.refusal is not None else response.errors


def bounded(name: str) -> str:
    """What a client chose, as long as it may be."""
    return name[:LOGGED_NAME_CHARACTERS_MAX]
