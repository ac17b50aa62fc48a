"""A consumer process: wiring only. An ASGI application whose lifespan runs the consumer; it serves /health and /metrics.

The relay of rewards runs here and not in its subgraph: only this process writes to that outbox, so an event is on its way the moment
its transaction has committed. Several processes elect one relay by advisory lock.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from prometheus_client import generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from consumers import notifications, rewards
from consumers.broker import Consumer
from consumers.delivery import Delivery
from consumers.groups import group_of
from consumers.kafka import KafkaConsumer
from consumers.redriver import Redriver
from consumers.runner import Runner
from payflow.client import wallet as wallet_api
from payflow.events.catalogue import TOPICS
from payflow.events.kafka import KafkaPublisher
from payflow.kernel import tracing
from payflow.kernel.background import running
from payflow.kernel.clock import SystemClock
from payflow.kernel.db import Database
from payflow.kernel.hints import Hints, RedisHints
from payflow.kernel.outbox import Outbox
from payflow.kernel.publisher import Publisher
from payflow.kernel.relay import Relay
from payflow.kernel.settings import Settings
from payflow.kernel.tokens import ServiceTokens, SigningKey
from subgraphs.notifications import tables as notifications_tables
from subgraphs.notifications.service import Notifications
from subgraphs.rewards import tables as rewards_tables
from subgraphs.rewards.payouts import Payouts
from subgraphs.rewards.service import Rewards
from subgraphs.rewards.wallet import Wallet
from subgraphs.rewards.wallet_gateway import ClientWallet

TOLD_EVERY_S = 0.0  # what a poll brings is paid and booked in one commit, so a reward has no others to wait for
STOP_GRACE_S = 2.0  # for the messages that are being delivered; what does not make it is delivered again

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What may be given to a consumer in place of what the settings name."""

    consumer: Consumer | None = None
    publisher: Publisher | None = None
    hints: Hints | None = None
    wallet: Wallet | None = None


@dataclass(slots=True, kw_only=True)
class Process:
    """What a consumer process runs, and what it closes at its end, in that order."""

    runner: Runner
    redriver: Redriver
    relay: Relay | None
    payouts: Payouts | None
    closing: AsyncExitStack


def create_app(name: str, settings: Settings, *, parts: Parts | None = None) -> Starlette:
    """The ASGI application of the consumer `rewards` or `notifications`. Raises SettingsError where a setting is wrong."""
    process = CONSUMERS[name](settings, parts or Parts())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with process.closing as stack:
            if process.relay is not None:
                await stack.enter_async_context(running(process.relay.run(), name="relay"))
            if process.payouts is not None:
                await stack.enter_async_context(running(process.payouts.run(), name="payouts"))
            await stack.enter_async_context(running(process.redriver.run(), name="redriver"))
            async with running(process.runner.run(), name="consumer") as consuming:
                yield
                process.runner.stop()
                await asyncio.wait({consuming}, timeout=STOP_GRACE_S)
        await tracing.flush()

    async def health(_: Request) -> Response:
        healthy = process.runner.is_healthy
        body = {"consumer": name, "status": "up" if healthy else "waiting"}
        return JSONResponse(body, status_code=200 if healthy else 503)

    async def exposition(_: Request) -> Response:
        return PlainTextResponse(generate_latest())

    return Starlette(lifespan=lifespan, routes=[Route("/health", health), Route("/metrics", exposition)])


def _rewards(settings: Settings, parts: Parts) -> Process:
    closing = AsyncExitStack()
    database = Database(settings.database_url("rewards"))
    closing.push_async_callback(database.close)
    outbox = Outbox(rewards_tables.outbox)
    publisher = parts.publisher or _publisher(settings)
    closing.push_async_callback(publisher.close)
    wallet = parts.wallet or _wallet(settings, closing)
    payouts = Payouts(database, wallet, outbox, SystemClock())
    delivery = Delivery(
        consumer="rewards",
        database=database,
        tables=rewards_tables.consuming,
        listener=rewards.listener(Rewards(SystemClock()), payouts),
    )
    retention = timedelta(days=settings.event_log_days)
    relay = Relay(
        service="rewards",
        database=database,
        outbox=outbox,
        publisher=publisher,
        retention=retention,
        gather_s=TOLD_EVERY_S,
    )
    return Process(
        runner=_runner(settings, parts, delivery),
        redriver=Redriver(delivery),
        relay=relay,
        payouts=payouts,
        closing=closing,
    )


def _notifications(settings: Settings, parts: Parts) -> Process:
    closing = AsyncExitStack()
    database = Database(settings.database_url("notifications"))
    closing.push_async_callback(database.close)
    hints = parts.hints or RedisHints(settings.redis_url)
    closing.push_async_callback(hints.close)
    delivery = Delivery(
        consumer="notifications",
        database=database,
        tables=notifications_tables.consuming,
        listener=notifications.listener(Notifications(hints, SystemClock())),
    )
    return Process(
        runner=_runner(settings, parts, delivery),
        redriver=Redriver(delivery),
        relay=None,
        payouts=None,
        closing=closing,
    )


CONSUMERS: Mapping[str, Callable[[Settings, Parts], Process]] = {
    "rewards": _rewards,
    "notifications": _notifications,
}


def _runner(settings: Settings, parts: Parts, delivery: Delivery) -> Runner:
    consumer = parts.consumer or KafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        group=group_of(delivery.consumer),
        topics=delivery.listener.topics,
        session_timeout_ms=settings.kafka_session_timeout_ms,
        instance_id=settings.kafka_group_instance_id,
    )
    return Runner(consumer, delivery)


def _publisher(settings: Settings) -> KafkaPublisher:
    return KafkaPublisher(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        enable_idempotence=settings.kafka_enable_idempotence,
        topics=TOPICS,
    )


def _wallet(settings: Settings, closing: AsyncExitStack) -> Wallet:
    key = SigningKey.load(settings.service_key_file, setting="PAYFLOW_SERVICE_KEY_FILE")
    client = wallet_api.Client(settings.wallet_url, token=ServiceTokens(service="rewards", key=key).current)
    closing.push_async_callback(client.close)
    return ClientWallet(client)
