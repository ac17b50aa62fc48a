"""The rewards service: wiring only. It answers questions; rewards are made in the process `python -m consumers rewards`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from payflow.gql.app import create_subgraph_app
from payflow.gql.auth import token_verifier
from payflow.kernel.clock import SystemClock
from payflow.kernel.db import Database
from payflow.kernel.settings import Settings
from payflow.kernel.tokens import Principal
from subgraphs.rewards.context import Context
from subgraphs.rewards.loaders import make_loaders
from subgraphs.rewards.schema import schema


def create_app(settings: Settings) -> Starlette:
    """The ASGI application. Raises SettingsError where a setting it needs is missing or wrong."""
    database, clock = Database(settings.database_url("rewards")), SystemClock()

    def make_context(principal: Principal, _: HTTPConnection) -> Context:
        return Context(principal=principal, database=database, loaders=make_loaders(database), clock=clock)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await database.close()

    return create_subgraph_app(
        service="rewards",
        schema=schema,
        make_context=make_context,
        verifier=token_verifier(settings),
        lifespan=lifespan,
        ready=database.ping,
    )
