"""The users service: wiring only. Besides answering, its process relays the outbox and tells routers which sessions have ended."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from payflow.events.catalogue import TOPICS
from payflow.events.kafka import KafkaPublisher
from payflow.gql.app import create_subgraph_app
from payflow.gql.auth import token_verifier
from payflow.kernel.background import running
from payflow.kernel.clock import Clock, SystemClock
from payflow.kernel.db import Database
from payflow.kernel.keyring import PUBLISHED_CACHE_S, KeyRing
from payflow.kernel.relay import Relay
from payflow.kernel.settings import Settings
from payflow.kernel.tokens import AccessTokens, Principal
from subgraphs.users.addresses import client_network, parse_networks
from subgraphs.users.context import Context
from subgraphs.users.housekeeping import Housekeeping
from subgraphs.users.loaders import make_loaders
from subgraphs.users.passwords import Passwords
from subgraphs.users.revocations import Revocations
from subgraphs.users.schema import schema
from subgraphs.users.service import Users
from subgraphs.users.sessions import Sessions
from subgraphs.users.shared_throttle import SharedThrottle
from subgraphs.users.tables import make_outbox
from subgraphs.users.throttling import Policies, registrations_policy


def create_app(settings: Settings, *, clock: Clock | None = None) -> Starlette:
    """The ASGI application. Raises SettingsError where a setting it needs is missing or wrong.

    It starts and signs people in without broker and Redis: events wait in the outbox, and each process throttles alone.
    """
    clock = clock or SystemClock()
    ring = KeyRing.load(settings.signing_key_file, setting="PAYFLOW_SIGNING_KEY_FILE")
    routers = parse_networks(settings.router_networks)
    database, outbox = Database(settings.database_url("users")), make_outbox()
    lifetime = timedelta(seconds=settings.access_token_seconds)
    tokens = AccessTokens(ring, settings.jwt_issuer, settings.jwt_audience, lifetime)
    revocations = Revocations(settings.redis_url, database=database, clock=clock, token_lifetime=lifetime)
    policies = Policies(registrations=registrations_policy(settings.registrations_per_hour))
    throttle = SharedThrottle(settings.redis_url, clock=clock, policies=policies)
    passwords = Passwords()
    sessions = Sessions(database=database, outbox=outbox, tokens=tokens, clock=clock, ended=revocations.wake)
    users = Users(
        database=database, outbox=outbox, passwords=passwords, throttle=throttle, sessions=sessions, clock=clock
    )
    publisher = _publisher(settings)
    retention = timedelta(days=settings.event_log_days)
    relay = Relay(service="users", database=database, outbox=outbox, publisher=publisher, retention=retention)
    housekeeping = Housekeeping(database, clock)

    def make_context(principal: Principal, connection: HTTPConnection) -> Context:
        return Context(
            principal=principal,
            network=client_network(connection, routers=routers),
            database=database,
            loaders=make_loaders(database),
            users=users,
        )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as closing:
            for close in (database.close, revocations.close, throttle.close, publisher.close):
                closing.push_async_callback(close)
            closing.callback(passwords.close)
            await closing.enter_async_context(running(relay.run(), name="relay"))
            await closing.enter_async_context(running(revocations.run(), name="revocations"))
            await closing.enter_async_context(running(housekeeping.run(), name="housekeeping"))
            yield

    return create_subgraph_app(
        service="users",
        schema=schema,
        make_context=make_context,
        verifier=token_verifier(settings, users=ring),
        lifespan=lifespan,
        ready=database.ping,
        routes=[Route("/.well-known/jwks.json", _jwks_endpoint(ring))],
    )


def _publisher(settings: Settings) -> KafkaPublisher:
    return KafkaPublisher(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        enable_idempotence=settings.kafka_enable_idempotence,
        topics=TOPICS,
    )


def _jwks_endpoint(ring: KeyRing):  # type: ignore[no-untyped-def]  # Starlette's own endpoint type is an open callable
    async def jwks(_: Request) -> Response:
        return JSONResponse(ring.jwks, headers={"cache-control": f"public, max-age={PUBLISHED_CACHE_S}"})

    return jwks
