"""Small real subgraphs for the transport contract: one that answers GraphQL, and one per way of not answering it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

import hypercorn
import hypercorn.asyncio
import strawberry
import trustme
import uvicorn
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from strawberry.asgi import GraphQL
from strawberry.subscriptions import (
    GRAPHQL_SSE_PROTOCOL,
    GRAPHQL_TRANSPORT_WS_PROTOCOL,
    MULTIPART_SUBSCRIPTION_PROTOCOL,
)
from strawberry.types import Info
from websockets.exceptions import InvalidState

from router.transport.asgi_scope import AsgiApp

BIG_BYTES = 100_000
SUNK = 987654


@dataclass
class Probe:
    """What the subgraph saw: streams that were opened and closed, cookies and headers that arrived, requests under way at most."""

    opened: asyncio.Event = field(default_factory=asyncio.Event)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    cookies: list[str | None] = field(default_factory=list)
    under_way: int = 0
    under_way_max: int = 0


@strawberry.type
class Query:
    """Everything a transport test asks."""

    @strawberry.field
    def greet(self, name: str = "sailor") -> str:
        """Echo an argument."""
        return f"Ahoy {name}"

    @strawberry.field
    def header(self, info: Info[Any, Any], name: str) -> str | None:
        """A header of the request."""
        value: str | None = info.context["request"].headers.get(name)
        return value

    @strawberry.field
    def wreck(self) -> str | None:
        """Fail with a code of its own."""
        raise GraphQLError("ran aground", extensions={"code": "AGROUND"})

    @strawberry.field
    def cargo(self) -> str:
        """A long answer."""
        return "x" * BIG_BYTES

    @strawberry.field
    async def nap(self, info: Info[Any, Any], seconds: float) -> str:
        """Answer late, and count how many do so at once."""
        probe = _probe(info)
        probe.under_way += 1
        probe.under_way_max = max(probe.under_way_max, probe.under_way)
        await asyncio.sleep(seconds)
        probe.under_way -= 1
        return "rested"


@strawberry.type
class Subscription:
    """Streams that end, never end, fail, and look at the connection."""

    @strawberry.subscription
    async def count(self, to: int) -> AsyncGenerator[int, None]:
        """One, two, three."""
        for number in range(1, to + 1):
            yield number

    @strawberry.subscription
    async def forever(self, info: Info[Any, Any]) -> AsyncGenerator[int, None]:
        """Never ends by itself; notes when it is opened and closed."""
        _probe(info).opened.set()
        try:
            number = 0
            while True:
                yield number
                number += 1
                await asyncio.sleep(0.01)
        finally:
            _probe(info).closed.set()

    @strawberry.subscription
    async def token(self, info: Info[Any, Any]) -> AsyncGenerator[list[str | None], None]:
        """The authorization of the handshake, and that of connection_init."""
        yield [
            info.context["request"].headers.get("authorization"),
            (info.context.get("connection_params") or {}).get("authorization"),
        ]

    @strawberry.subscription
    async def sinking(self, info: Info[Any, Any]) -> AsyncGenerator[int, None]:
        """Lose the connection after the first event."""
        yield 1
        if isinstance(info.context["request"], Request):
            yield SUNK
        else:
            await info.context["request"].close(code=1011, reason="sunk")


def _probe(info: Info[Any, Any]) -> Probe:
    probe: Probe = info.context["request"].scope["state"]["probe"]
    return probe


schema = strawberry.Schema(Query, subscription=Subscription)
PROTOCOLS = (GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL, MULTIPART_SUBSCRIPTION_PROTOCOL)


async def _slow(_scope: Any, _receive: Any, _send: Any) -> None:
    await asyncio.sleep(60)


async def _broken(_scope: Any, _receive: Any, _send: Any) -> None:
    raise ConnectionError("the harbour is closed")


def applications(probe: Probe) -> dict[str, AsgiApp]:
    """The subgraphs by name."""
    answers: dict[str, Response] = {
        "html": HTMLResponse("<h1>Welcome</h1>"),
        "list": JSONResponse([1, 2]),
        "textual": JSONResponse({"data": "ahoy"}),
        "unwell": PlainTextResponse("back soon", status_code=503),
        "refusing": JSONResponse({"errors": [{"message": "no such field"}]}, status_code=400),
        "moved": Response(status_code=307, headers={"location": "/fleet"}),
        "sticky": JSONResponse({"data": {"ok": True}}, headers={"set-cookie": "crew=ann"}),
    }
    apps: dict[str, AsgiApp] = {name: _http_only(response, probe) for name, response in answers.items()}
    crew = JSONResponse({"data": {"ok": True}}, headers={"X-Deck": "4"})
    crew.headers.append("set-cookie", "crew=ann; Path=/")
    crew.headers.append("set-cookie", "mate=bob")
    return apps | {
        "crewed": _http_only(crew, probe),
        "fleet": _with_probe(GraphQL(schema, subscription_protocols=PROTOCOLS), probe),
        "slow": _slow,
        "broken": _broken,
    }


def _http_only(response: Response, probe: Probe) -> AsgiApp:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4400})
            return
        probe.cookies.append(dict(scope["headers"]).get(b"cookie"))
        await response(scope, receive, send)

    return app


def _with_probe(inner: AsgiApp, probe: Probe) -> AsgiApp:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        scope.setdefault("state", {})["probe"] = probe

        async def afloat(message: Any) -> None:
            if str(SUNK).encode() in message.get("body", b""):
                raise ConnectionError("a stream over HTTP is lost by its server's failing")
            await send(message)

        await inner(scope, receive, afloat)

    return app


@dataclass(frozen=True)
class Certified:
    """A certificate for "localhost", and the text of the authority that signed it."""

    certificate: trustme.LeafCert
    ca: bytes


@cache
def certified(number: int = 0) -> Certified:
    """That of one authority or another. Made once: keys take a while."""
    authority = trustme.CA()
    return Certified(authority.issue_cert("localhost"), authority.cert_pem.bytes())


@asynccontextmanager
async def served(
    apps: Mapping[str, AsgiApp], *, tls: bool = False, http2: bool = False
) -> AsyncIterator[dict[str, str]]:
    """Run the applications behind a server on a free port; yields their URLs by name.

    HTTP/1.1 is uvicorn's, with TLS or without; HTTP/2 is hypercorn's, which leaves the choice to the client (ALPN).
    """

    async def dispatch(scope: Any, receive: Any, send: Any) -> None:
        if http2 and scope["type"] == "http":
            receive = await _read_ahead(receive)
        await apps[scope["path"].strip("/")](scope, receive, send)

    serve = _hypercorn if http2 else _uvicorn
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    with contextlib.closing(listener), tempfile.TemporaryDirectory() as folder:
        async with serve(dispatch, listener, _pem(Path(folder)) if tls or http2 else None):
            scheme = "https" if tls or http2 else "http"
            yield {name: f"{scheme}://localhost:{port}/{name}" for name in apps}


async def _read_ahead(receive: Any) -> Any:
    """Hypercorn breaks the connection off when an application answers before it has read the whole request."""
    messages = [await receive()]
    while messages[-1].get("more_body"):
        messages.append(await receive())

    async def replay() -> Any:
        return messages.pop(0) if messages else await receive()

    return replay


@asynccontextmanager
async def _uvicorn(app: AsgiApp, listener: socket.socket, pem: str | None) -> AsyncIterator[None]:
    config = uvicorn.Config(app, lifespan="off", log_level="critical", timeout_graceful_shutdown=1, ssl_certfile=pem)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        with contextlib.suppress(InvalidState):  # uvicorn closes sockets on its way out that are closing already
            await running


@asynccontextmanager
async def _hypercorn(app: AsgiApp, listener: socket.socket, pem: str | None) -> AsyncIterator[None]:
    config = hypercorn.Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.certfile = config.keyfile = pem
    config.errorlog = None
    config.graceful_timeout = 1
    stop = asyncio.Event()
    running = asyncio.create_task(hypercorn.asyncio.serve(cast("Any", app), config, shutdown_trigger=stop.wait))
    try:
        yield
    finally:
        stop.set()
        # It raises what arrives on a connection that it has just closed: the client's goodbye.
        await asyncio.gather(running, return_exceptions=True)


def _pem(folder: Path) -> str:
    path = folder / "server.pem"
    certified().certificate.private_key_and_cert_chain_pem.write_to_path(str(path))
    return str(path)
