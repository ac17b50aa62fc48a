"""The users service: wiring only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from payflow.gql.app import create_subgraph_app
from payflow.gql.auth import token_verifier
from payflow.kernel.clock import Clock, SystemClock
from payflow.kernel.db import Database
from payflow.kernel.keyring import PUBLISHED_CACHE_S, KeyRing
from payflow.kernel.settings import Settings
from payflow.kernel.tokens import AccessTokens, Principal
from subgraphs.users.context import Context
from subgraphs.users.loaders import make_loaders
from subgraphs.users.passwords import Passwords
from subgraphs.users.schema import schema
from subgraphs.users.service import Users


def create_app(settings: Settings, *, clock: Clock | None = None) -> Starlette:
    """The ASGI application. Raises SettingsError where a setting it needs is missing or wrong."""
    ring = KeyRing.load(settings.signing_key_file, setting="PAYFLOW_SIGNING_KEY_FILE")
    database = Database(settings.database_url("users"))
    tokens = AccessTokens(
        ring, settings.jwt_issuer, settings.jwt_audience, timedelta(seconds=settings.access_token_seconds)
    )
    users = Users(tokens, Passwords(), clock or SystemClock())

    def make_context(principal: Principal, _: HTTPConnection) -> Context:
        return Context(principal=principal, database=database, loaders=make_loaders(database), users=users)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        users.passwords.close()
        await database.close()

    return create_subgraph_app(
        service="users",
        schema=schema,
        make_context=make_context,
        verifier=token_verifier(settings, users=ring),
        lifespan=lifespan,
        ready=database.ping,
        routes=[Route("/.well-known/jwks.json", _jwks_endpoint(ring))],
    )


def _jwks_endpoint(ring: KeyRing):  # type: ignore[no-untyped-def]  # Starlette's own endpoint type is an open callable
    async def jwks(_: Request) -> Response:
        return JSONResponse(ring.jwks, headers={"cache-control": f"public, max-age={PUBLISHED_CACHE_S}"})

    return jwks
