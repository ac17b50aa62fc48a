"""The wallet service: wiring only. Besides answering, its process gives back holds that are past their time, and relays its events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from payflow.events.catalogue import TOPICS
from payflow.events.kafka import KafkaPublisher
from payflow.gql.app import create_subgraph_app
from payflow.gql.auth import token_verifier
from payflow.kernel.background import running
from payflow.kernel.db import Database
from payflow.kernel.hints import Hints, RedisHints
from payflow.kernel.outbox import Outbox
from payflow.kernel.relay import Relay
from payflow.kernel.settings import Settings
from payflow.kernel.tokens import Principal
from subgraphs.wallet.context import Context
from subgraphs.wallet.ledger import Ledger
from subgraphs.wallet.loaders import make_loaders
from subgraphs.wallet.privileges import refuse_to_serve_as_owner
from subgraphs.wallet.schema import schema
from subgraphs.wallet.sweeper import Sweeper
from subgraphs.wallet.tables import SEQUENCE_CHANGES, make_outbox
from subgraphs.wallet.watching import telling

TOLD_EVERY_S = 0.25  # screens follow a wallet by hints; who reads its events gains more by fewer commits than by a quarter of a second


async def check_before_serving(settings: Settings) -> None:
    """Raises PayflowError where the wallet must not serve: its role may rewrite the books, or nobody knows."""
    await refuse_to_serve_as_owner(settings)


def create_app(settings: Settings, *, hints: Hints | None = None, relays: bool = True) -> Starlette:
    """The ASGI application; what is not given is made from the settings. Raises SettingsError where one is missing or wrong.

    It moves money without broker and Redis: events wait in the outbox, subscribers look again by themselves. Without `relays` the
    events wait for another process.
    """
    database, hints = Database(settings.database_url("wallet")), hints or RedisHints(settings.redis_url)
    outbox, publisher = make_outbox(), _publisher(settings)
    ledger = Ledger(database, on_change=_waking(outbox, telling(hints)))
    relay = Relay(
        service="wallet",
        database=database,
        outbox=outbox,
        publisher=publisher,
        retention=timedelta(days=settings.event_log_days),
        sequencing=SEQUENCE_CHANGES,
        gather_s=TOLD_EVERY_S,
    )
    sweeper = Sweeper(database=database, ledger=ledger)

    def make_context(principal: Principal, _: HTTPConnection) -> Context:
        return Context(
            principal=principal, database=database, ledger=ledger, hints=hints, loaders=make_loaders(database)
        )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as closing:
            for close in (database.close, hints.close, publisher.close, ledger.close):
                closing.push_async_callback(close)
            if relays:
                await closing.enter_async_context(running(relay.run(), name="relay"))
            await closing.enter_async_context(running(sweeper.run(), name="sweeper"))
            yield

    return create_subgraph_app(
        service="wallet",
        schema=schema,
        make_context=make_context,
        verifier=token_verifier(settings),
        lifespan=lifespan,
        ready=database.ping,
    )


def _publisher(settings: Settings) -> KafkaPublisher:
    return KafkaPublisher(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        enable_idempotence=settings.kafka_enable_idempotence,
        topics=TOPICS,
    )


def _waking(outbox: Outbox, tell: Callable[[Collection[UUID]], None]) -> Callable[[Collection[UUID]], None]:
    """A commit that has changed wallets has marked that, too."""

    def changed(wallets: Collection[UUID]) -> None:
        outbox.wake()
        tell(wallets)

    return changed
