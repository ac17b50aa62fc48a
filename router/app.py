"""The router as an ASGI application: GraphQL at /graphql, and what operators ask at /health, /ready and /metrics.

GraphQL over HTTP stands in front of Starlette's routes: matching one costs as much as looking up a plan does.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from router.assembly import Given, assemble, read_supergraph
from router.config import ConfigSource, RouterConfig
from router.edge.cors import CorsGuard
from router.edge.http import GraphQLOverHttp
from router.edge.invalidation import invalidation_routes
from router.edge.landing import pages, say_in_json
from router.edge.observation import Observed
from router.edge.operators import operator_routes, operators_app
from router.edge.serving import Serving
from router.edge.site import Site
from router.edge.standing import Standing
from router.edge.streams.open import OpenStreams
from router.edge.websocket import GraphQLOverWebSocket
from router.persisted.manifest import read_manifests
from router.pipeline import LabelSource, nobody_sets_labels
from router.plugins import Plugin
from router.reloading import Reloader
from router.security.policies import PolicySource
from router.security.revocation import RevocationCheck
from router.transport import Transport
from router.warming import prewarm

GRAPHQL_PATH: Final = "/graphql"
# What listening for SIGHUP raises where there is no such signal (Windows), or where one is not the main thread: files are watched
# all the same.
_NO_SIGNALS: Final = (NotImplementedError, RuntimeError, ValueError, AttributeError)


def create_app(
    config: RouterConfig | ConfigSource,
    *,
    transport: Transport | None = None,
    override_labels: LabelSource | None = None,
    policies: PolicySource | None = None,
    revoked: RevocationCheck | None = None,
    plugins: Sequence[Plugin] = (),
) -> RouterApp:
    """The ASGI application that serves the supergraph of `config`; one that comes from a source is reloaded when its files change.

    `transport` takes the place of HTTP to the subgraphs' URLs, e.g. to reach them in the same process; the application
    closes it when it stops. `override_labels` says for a request which labels of @override are true, besides those that the
    configuration names. `policies` decides @policy, `revoked` says whether a caller's token stopped to count before it expired. `plugins`
    see requests on their way, before those that the configuration names.

    Raises:
        ConfigError: the supergraph, a subgraph's URL or a key file is missing or unusable.
    """
    source = config if isinstance(config, ConfigSource) else None
    settings = config.read() if isinstance(config, ConfigSource) else config
    given = Given(transport, override_labels or nobody_sets_labels, policies, revoked, tuple(plugins))
    documents = read_manifests(settings.persisted_operations.manifests)
    serving = Serving(assemble(settings, read_supergraph(settings.supergraph), given=given, documents=documents))
    streams, standing = OpenStreams(serving), Standing()
    http = Observed(GraphQLOverHttp(serving, streams), GRAPHQL_PATH, serving=serving, standing=standing)
    invalidation = invalidation_routes(serving, settings)
    site = Site(serving)
    on_one_address = settings.telemetry.metrics.listen is None
    app = Starlette(
        routes=[
            Route(GRAPHQL_PATH, http),
            WebSocketRoute(GRAPHQL_PATH, GraphQLOverWebSocket(serving, streams)),
            *operator_routes(serving, standing, with_metrics=on_one_address),
            *(invalidation if on_one_address else ()),
            *pages(serving, site),
        ],
        exception_handlers={HTTPException: say_in_json},
        lifespan=lambda _: _lifespan(serving, standing, None if source is None else Reloader(serving, source, given)),
    )
    # A client that is sent elsewhere with its operation may lose its body on the way.
    app.router.redirect_slashes = False
    app.router.default = site  # after all routes, those with another method included
    return RouterApp(
        CorsGuard(http, serving),
        CorsGuard(app, serving),
        operators_app(serving, standing, invalidation),
        streams,
        standing,
    )


@dataclass(frozen=True, slots=True)
class RouterApp:
    """The router as an ASGI application. GraphQL over HTTP goes to who serves it without a look at the other routes.

    `operators` is another, for an address that clients do not reach.
    """

    http: ASGIApp
    app: ASGIApp
    operators: ASGIApp
    streams: OpenStreams
    standing: Standing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_graphql = scope["type"] == "http" and scope["path"] == GRAPHQL_PATH
        await (self.http if is_graphql else self.app)(scope, receive, send)

    def turn_away(self) -> None:
        """Say from now on that requests should go elsewhere, and serve those that come. A server calls it when it is told to stop."""
        self.standing.phase = "stopping"

    async def leave(self) -> None:
        """End what would otherwise last as long as its clients, with a word to them. A server calls it before it closes its door."""
        await self.streams.stop()


@asynccontextmanager
async def _lifespan(serving: Serving, standing: Standing, reloader: Reloader | None) -> AsyncIterator[None]:
    serving.gate.parts.start()
    await serving.gate.router.hooks.begin()
    await prewarm(serving.gate.router)
    standing.phase = "serving"
    try:
        async with _reloading(reloader):
            yield
    finally:
        standing.phase = "stopping"
        if reloader is not None:
            await reloader.stop()
        await serving.gate.parts.close()


@asynccontextmanager
async def _reloading(reloader: Reloader | None) -> AsyncIterator[None]:
    """Reload when files change, and at once when the process is told to (SIGHUP)."""
    if reloader is None:
        yield
        return
    loop = asyncio.get_running_loop()
    watching = loop.create_task(reloader.watch())
    with suppress(*_NO_SIGNALS):
        loop.add_signal_handler(signal.SIGHUP, reloader.ask)
    try:
        yield
    finally:
        with suppress(*_NO_SIGNALS):
            loop.remove_signal_handler(signal.SIGHUP)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)  # a reload that this cuts off lets go of what it made
