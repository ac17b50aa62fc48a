"""A subgraph as an ASGI application: /graphql over HTTP and WebSocket, /health, /ready, /metrics."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager
from functools import cache
from typing import Any

import structlog
from prometheus_client import generate_latest
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from strawberry.schema import BaseSchema
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from payflow.gql.context import RequestContext
from payflow.gql.over_http import GraphQLOverHttp
from payflow.kernel import metrics, tracing
from payflow.kernel.errors import one_line
from payflow.kernel.spans import Span
from payflow.kernel.tokens import Principal, TokenVerifier

MakeContext = Callable[[Principal, HTTPConnection], RequestContext]
"""Makes what resolvers know, of who asks and of the request or the socket's handshake that it came by."""

log = structlog.get_logger(__name__)


class _View(GraphQLOverHttp):
    """The view with our context."""

    def __init__(self, schema: BaseSchema, make_context: MakeContext, verifier: TokenVerifier) -> None:
        super().__init__(schema, graphql_ide=None, subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL])
        self._make_context = make_context
        self._verifier = verifier

    async def context_of(self, connection: HTTPConnection) -> RequestContext:
        structlog.contextvars.clear_contextvars()
        tracing.bind_ids(connection.headers.get(tracing.REQUEST_ID_HEADER))
        principal = await self._verifier.principal(connection.headers.get("authorization"))
        return self._make_context(principal, connection)


class _Measured:
    """Counts and times the operations of a subgraph, and continues the traces that they belong to."""

    def __init__(self, view: _View, service: str) -> None:
        self._view = view
        self._seconds = metrics.OPERATION_SECONDS.labels(service)
        self._answered = cache(lambda outcome: metrics.OPERATIONS.labels(service, outcome))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._view(scope, receive, send)
            return
        started = time.perf_counter()
        outcome = "failed"

        async def note(message: Any) -> None:
            nonlocal outcome
            if message["type"] == "http.response.start":
                outcome = str(message["status"])
            await send(message)

        try:
            with _span_of(scope) as span:
                await self._view(scope, receive, note)
                if outcome.isdigit():
                    span.set("http.response.status_code", int(outcome))
        finally:
            self._answered(outcome).inc()
            self._seconds.observe(time.perf_counter() - started)


def _span_of(scope: Any) -> AbstractContextManager[Span]:
    carrier = None
    if tracing.is_on():
        carrier = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    about = {"http.request.method": scope["method"], "http.route": "/graphql"}
    return tracing.span(f"{scope['method']} /graphql", kind="server", attributes=about, carrier=carrier)


def create_subgraph_app(
    *,
    service: str,
    schema: BaseSchema,
    make_context: MakeContext,
    verifier: TokenVerifier,
    lifespan: Callable[[Starlette], AbstractAsyncContextManager[None]],
    ready: Callable[[], Awaitable[None]],
    routes: Sequence[BaseRoute] = (),
) -> Starlette:
    """Wire a subgraph. `lifespan` opens and closes its resources; `ready` raises while something it cannot do without is away."""
    view = _Measured(_View(schema, make_context, verifier), service)

    async def health(_: Request) -> Response:
        return JSONResponse({"service": service, "status": "up"})

    async def readiness(_: Request) -> Response:
        try:
            await ready()
        except Exception as error:
            log.warning("not ready", reason=one_line(error))
            return JSONResponse({"service": service, "status": "not ready"}, status_code=503)
        return JSONResponse({"service": service, "status": "ready"})

    async def exposition(_: Request) -> Response:
        return PlainTextResponse(generate_latest())

    @asynccontextmanager
    async def living(app: Starlette) -> AsyncIterator[None]:
        async with lifespan(app):
            yield
        await tracing.flush()

    return Starlette(
        lifespan=living,
        routes=[
            *routes,
            Route("/health", health),
            Route("/ready", readiness),
            Route("/metrics", exposition),
            Route("/graphql", view),
            WebSocketRoute("/graphql", view),
        ],
    )
