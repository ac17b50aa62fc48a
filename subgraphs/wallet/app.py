"""The wallet service: wiring only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from payflow.gql.app import create_subgraph_app
from payflow.gql.auth import token_verifier
from payflow.kernel.db import Database
from payflow.kernel.hints import Hints, RedisHints
from payflow.kernel.settings import Settings
from payflow.kernel.tokens import Principal
from subgraphs.wallet.context import Context
from subgraphs.wallet.ledger import Ledger
from subgraphs.wallet.loaders import make_loaders
from subgraphs.wallet.schema import schema
from subgraphs.wallet.watching import telling


def create_app(settings: Settings, *, hints: Hints | None = None) -> Starlette:
    """The ASGI application; what is not given is made from the settings. Raises SettingsError where one is missing or wrong.

    It moves money without Redis: subscribers look again by themselves.
    """
    database, hints = Database(settings.database_url("wallet")), hints or RedisHints(settings.redis_url)

    ledger = Ledger(database, on_change=telling(hints))

    def make_context(principal: Principal) -> Context:
        return Context(
            principal=principal, database=database, ledger=ledger, hints=hints, loaders=make_loaders(database)
        )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await ledger.close()
        await hints.close()
        await database.close()

    return create_subgraph_app(
        service="wallet",
        schema=schema,
        make_context=make_context,
        verifier=token_verifier(settings),
        lifespan=lifespan,
        ready=database.ping,
    )
