"""The transactions service: wiring only. Besides answering, its process recovers sagas, expires requests and relays the outbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from payflow.client import users as users_api
from payflow.client import wallet as wallet_api
from payflow.events.catalogue import TOPICS
from payflow.events.kafka import KafkaPublisher
from payflow.gql.app import create_subgraph_app
from payflow.gql.auth import token_verifier
from payflow.kernel.background import running
from payflow.kernel.clock import Clock, SystemClock
from payflow.kernel.db import Database
from payflow.kernel.hints import Hints, RedisHints
from payflow.kernel.relay import Relay
from payflow.kernel.settings import Settings
from payflow.kernel.tokens import Principal, ServiceTokens, SigningKey
from subgraphs.transactions.context import Context
from subgraphs.transactions.endings import endings
from subgraphs.transactions.expiry import Expiry
from subgraphs.transactions.gateways import UserDirectory, WalletGateway
from subgraphs.transactions.limits import Limits
from subgraphs.transactions.loaders import make_loaders
from subgraphs.transactions.recipients import Recipients
from subgraphs.transactions.recovery import Recovery
from subgraphs.transactions.refunds_service import Refunds
from subgraphs.transactions.requests_service import PaymentRequests
from subgraphs.transactions.runner import Runner
from subgraphs.transactions.saga import Saga, Timing
from subgraphs.transactions.schema import schema
from subgraphs.transactions.service import Transfers
from subgraphs.transactions.tables import make_outbox
from subgraphs.transactions.users_gateway import ClientUsers
from subgraphs.transactions.wallet_gateway import ClientWallets


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    hints: Hints | None = None,
    timing: Timing | None = None,
    users: UserDirectory | None = None,
    wallets: WalletGateway | None = None,
) -> Starlette:
    """The ASGI application; what is not given is made from the settings. Raises SettingsError where one is missing or wrong.

    It starts and moves money without broker and Redis: events wait in the outbox, subscribers look again by themselves.
    """
    clock, timing, hints = clock or SystemClock(), timing or Timing(), hints or RedisHints(settings.redis_url)
    database, outbox = Database(settings.database_url("transactions")), make_outbox()
    clients = _Clients(settings)
    wallets, users = wallets or ClientWallets(clients.wallet), users or ClientUsers(clients.users)
    saga = Saga(
        database=database,
        wallets=wallets,
        outbox=outbox,
        hints=hints,
        clock=clock,
        timing=timing,
        endings=endings(outbox),
    )
    runner = Runner(saga, database)
    transfers = Transfers(
        database=database,
        recipients=Recipients(wallets, users),
        runner=runner,
        limits=Limits.parse(per_transfer=settings.transfer_limits, per_day=settings.daily_limits),
        clock=clock,
        timing=timing,
    )
    refunds, requests = Refunds(transfers), PaymentRequests(transfers, outbox)
    recovery = Recovery(database=database, runner=runner, timing=timing)
    expiry = Expiry(database=database, outbox=outbox)
    publisher = _publisher(settings)
    retention = timedelta(days=settings.event_log_days)
    relay = Relay(service="transactions", database=database, outbox=outbox, publisher=publisher, retention=retention)

    def make_context(principal: Principal, _: HTTPConnection) -> Context:
        return Context(
            principal=principal,
            database=database,
            hints=hints,
            loaders=make_loaders(database),
            transfers=transfers,
            refunds=refunds,
            requests=requests,
        )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as closing:
            for close in (database.close, hints.close, clients.close, publisher.close, runner.close):
                closing.push_async_callback(close)
            await closing.enter_async_context(running(relay.run(), name="relay"))
            await closing.enter_async_context(running(recovery.run(), name="recovery"))
            await closing.enter_async_context(running(expiry.run(), name="expiry"))
            yield

    return create_subgraph_app(
        service="transactions",
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


class _Clients:
    """The typed clients of the services that this one asks, signed for with its own key."""

    def __init__(self, settings: Settings) -> None:
        key = SigningKey.load(settings.service_key_file, setting="PAYFLOW_SERVICE_KEY_FILE")
        token = ServiceTokens(service="transactions", key=key).current
        self.wallet = wallet_api.Client(settings.wallet_url, token=token)
        self.users = users_api.Client(settings.users_url, token=token)

    async def close(self) -> None:
        await self.wallet.close()
        await self.users.close()
