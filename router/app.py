"""The router as an ASGI application: GraphQL at /graphql, and what operators ask at /health, /ready and /metrics.

GraphQL over HTTP stands in front of Starlette's routes: matching one costs as much as looking up a plan does.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from router.config import RouterConfig, nearest
from router.edge.gate import REQUEST_ID, Gate
from router.edge.http import GraphQLOverHttp
from router.edge.serving import Serving
from router.edge.websocket import GraphQLOverWebSocket
from router.errors import ConfigError, SupergraphError
from router.exchange import ClientRequest
from router.pipeline import LabelSource, RouterState, nobody_sets_labels
from router.security.caller import Authenticator, everybody_anonymous
from router.supergraph import Supergraph, load_supergraph
from router.telemetry import CONTENT_TYPE, Telemetry
from router.transport import HttpTransport, Transport
from router.transport.dedupe import DedupingTransport

GRAPHQL_PATH: Final = "/graphql"


def create_app(
    config: RouterConfig, *, transport: Transport | None = None, override_labels: LabelSource | None = None
) -> ASGIApp:
    """The ASGI application that serves the supergraph of `config`.

    `transport` takes the place of HTTP to the subgraphs' URLs, e.g. to reach them in the same process; the application
    closes it when it stops. `override_labels` says for a request which labels of @override are true, besides those that the
    configuration names.

    Raises:
        ConfigError: the supergraph, a subgraph's URL or a key file is missing or unusable.
    """
    supergraph = read_supergraph(config.supergraph)
    urls = _urls(supergraph, config)
    reaching = transport or _over_http(urls, config)
    router = RouterState(
        supergraph,
        DedupingTransport(reaching) if config.traffic.dedupe_subgraph_requests else reaching,
        labels=_label_source(config, override_labels or nobody_sets_labels),
        shares_queries=config.traffic.dedupe_client_requests,
    )
    serving = Serving(Gate(router, _authenticator(config), config))
    http = GraphQLOverHttp(serving)
    app = Starlette(
        routes=[
            Route(GRAPHQL_PATH, http),
            WebSocketRoute(GRAPHQL_PATH, GraphQLOverWebSocket(serving)),
            *_operator_routes(router.telemetry),
        ],
        lifespan=lambda app: _serving(app, router),
    )
    return _with_cors(_Front(http, app), config)


@dataclass(frozen=True, slots=True)
class _Front:
    """Hands GraphQL over HTTP to who serves it without a look at the other routes."""

    http: ASGIApp
    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_graphql = scope["type"] == "http" and scope["path"] == GRAPHQL_PATH
        await (self.http if is_graphql else self.app)(scope, receive, send)


def read_supergraph(path: Path | None) -> Supergraph:
    """Load the supergraph at `path`. Raises ConfigError with a sentence that names the file."""
    if path is None:
        raise ConfigError(
            "No supergraph is set: give one with --supergraph or the key `supergraph` of the configuration."
        )
    try:
        return load_supergraph(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"The supergraph {path} does not exist: compose it first, or name another file.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The supergraph {path} cannot be read: {error}.") from None
    except SupergraphError as error:
        raise SupergraphError(f"{path} cannot be served: {error}") from None


@asynccontextmanager
async def _serving(app: Starlette, router: RouterState) -> AsyncIterator[None]:
    app.state.ready = True
    try:
        yield
    finally:
        app.state.ready = False
        await router.transport.close()


def _label_source(config: RouterConfig, given: LabelSource) -> LabelSource:
    async def labels(request: ClientRequest) -> Collection[str]:
        return {*config.override_labels, *await given(request)}

    return labels


def _operator_routes(telemetry: Telemetry) -> list[Route]:
    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(request: Request) -> Response:
        is_ready = getattr(request.app.state, "ready", False)
        return JSONResponse({"status": "ready" if is_ready else "starting"}, 200 if is_ready else 503)

    async def metrics(_: Request) -> Response:
        return Response(telemetry.render(), headers={"content-type": CONTENT_TYPE})

    return [Route("/health", health), Route("/ready", ready), Route("/metrics", metrics)]


def _over_http(urls: Mapping[str, str], config: RouterConfig) -> HttpTransport:
    return HttpTransport(
        urls,
        timeout_s=config.timeouts.subgraph_s,
        compressed=config.traffic.compressed_answers,
        ca=_certificates(config.traffic.ca_file),
    )


def _certificates(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        ssl.create_default_context(cafile=path)
        return path.read_bytes()
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"The file of certificates {path} cannot be used: {error}.") from None


def _urls(supergraph: Supergraph, config: RouterConfig) -> dict[str, str]:
    for name in config.subgraphs:
        if name not in supergraph.subgraphs:
            known = sorted(supergraph.subgraphs)
            raise ConfigError(
                f'The configuration sets the subgraph "{name}", which the supergraph does not have'
                f"{nearest(name, known)}; it has {', '.join(known)}."
            )
    routed = {name: subgraph.url for name, subgraph in supergraph.subgraphs.items()}
    return routed | {name: settings.url for name, settings in config.subgraphs.items() if settings.url is not None}


def _authenticator(config: RouterConfig) -> Authenticator:
    if config.jwt is None:
        return everybody_anonymous
    for issuer in config.jwt.issuers:
        if issuer.jwks_file is not None and not issuer.jwks_file.is_file():
            raise ConfigError(f"The key file {issuer.jwks_file} of the issuer {issuer.issuer} does not exist.")
    # Imported where it is needed: the cryptography behind it is a good part of the start-up time of a router without tokens.
    from router.security.jwt import TokenVerifier

    return TokenVerifier(config.jwt)


def _with_cors(app: ASGIApp, config: RouterConfig) -> ASGIApp:
    if config.cors is None:
        return app
    return CORSMiddleware(
        app,
        allow_origins=config.cors.origins,
        allow_methods=("GET", "POST"),
        allow_headers=("*",),
        expose_headers=(REQUEST_ID,),
        max_age=config.cors.max_age_s,
    )
