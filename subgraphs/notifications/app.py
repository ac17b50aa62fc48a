"""The notifications service: wiring only. Notifications are written in the process `python -m consumers notifications`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from payflow.gql.app import create_subgraph_app
from payflow.gql.auth import token_verifier
from payflow.kernel.background import running
from payflow.kernel.clock import SystemClock
from payflow.kernel.db import Database
from payflow.kernel.hints import Hints, RedisHints
from payflow.kernel.settings import Settings
from payflow.kernel.tokens import Principal
from subgraphs.notifications.context import Context
from subgraphs.notifications.loaders import make_loaders
from subgraphs.notifications.retention import Retention
from subgraphs.notifications.schema import schema
from subgraphs.notifications.service import Notifications
from subgraphs.notifications.stream import Streams


def create_app(settings: Settings, *, hints: Hints | None = None) -> Starlette:
    """The ASGI application. Raises SettingsError where a setting it needs is missing or wrong."""
    database = Database(settings.database_url("notifications"))
    bells = hints or RedisHints(settings.redis_url)

    clock = SystemClock()
    notifications = Notifications(bells, clock)
    streams = Streams(database, bells)

    def make_context(principal: Principal, _: HTTPConnection) -> Context:
        loaders = make_loaders(database)
        return Context(
            principal=principal, database=database, loaders=loaders, notifications=notifications, streams=streams
        )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with running(Retention(database=database, clock=clock).run(), name="retention"):
            yield
        await bells.close()
        await database.close()

    return create_subgraph_app(
        service="notifications",
        schema=schema,
        make_context=make_context,
        verifier=token_verifier(settings),
        lifespan=lifespan,
        ready=database.ping,
    )
