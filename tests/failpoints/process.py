"""One process of the platform, small: a wallet service, transactions with its worker and its relay; and the place where all of them live.

The wallet is the real application, asked through the real client; users are a fake, since no transfer of these tests names a handle.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import asyncpg

from payflow.kernel.background import running
from payflow.kernel.clock import Clock, SystemClock
from payflow.kernel.db import Database
from payflow.kernel.hints import MemoryHints
from payflow.kernel.relay import Relay
from payflow.kernel.settings import Settings
from payflow.kernel.tokens import ServiceTokens, SigningKey
from subgraphs.transactions.endings import endings
from subgraphs.transactions.fake_gateways import FakeUsers, LossyWallets
from subgraphs.transactions.gateways import HoldOrder
from subgraphs.transactions.limits import Limits
from subgraphs.transactions.recipients import Recipients
from subgraphs.transactions.recovery import Recovery
from subgraphs.transactions.refunds_service import Refunds
from subgraphs.transactions.runner import Runner
from subgraphs.transactions.saga import Saga, Timing
from subgraphs.transactions.service import Transfers
from subgraphs.transactions.tables import make_outbox
from subgraphs.transactions.wallet_gateway import ClientWallets
from subgraphs.wallet.app import create_app as create_wallet_app
from tests.failpoints.broker import FileBroker
from tests.failpoints.in_process import Client

# Short, since each cell waits for some of them; a machine too slow for them only repeats more steps.
TIMING = Timing(call=0.4, lease=0.8, answer=0.3, poll=0.03, pause_base=0.01, pause_max=0.05)
WAKE_GRACE_S = 1.0  # what hung may take to see that it has been overtaken


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the platform lives, in words that another process understands."""

    wallet_url: str
    transactions_url: str
    superuser_wallet_url: str
    superuser_transactions_url: str
    jwks_url: str
    keys: str
    broker: str

    @property
    def publisher(self) -> FileBroker:
        return FileBroker(Path(self.broker))

    def as_json(self) -> dict[str, str]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        return cls(**value)


@cache
def settings_of(place: Place) -> Settings:
    """The settings of the wallet service."""
    keys = Path(place.keys)
    return Settings(
        wallet_database_url=place.wallet_url,
        jwks_url=place.jwks_url,
        service_jwks_file=keys / "service-jwks.json",
        signing_key_file=keys / "users-signing.pem",
    )


@cache
def service_tokens(place: Place) -> ServiceTokens:
    """With these transactions asks the wallet service."""
    key = SigningKey.load(Path(place.keys) / "transactions-service.pem", setting="the key of transactions")
    return ServiceTokens(service="transactions", key=key)


@dataclass(frozen=True, slots=True)
class Outside:
    """What else happens in the world meanwhile: nothing, here."""

    @property
    def clock(self) -> Clock:
        return SystemClock()

    async def hold_placed(self, hold_id: UUID) -> None:
        """The wallet has placed a hold, and nobody else knows yet."""

    async def capture_asked(self, hold_id: UUID) -> None:
        """The wallet is about to be asked for a capture."""


@dataclass(kw_only=True)
class Wallets(LossyWallets):
    """The way to the wallet, past the rest of the world."""

    outside: Outside

    async def place_hold(self, order: HoldOrder) -> None:
        await super().place_hold(order)
        await self.outside.hold_placed(order.hold_id)

    async def capture_hold(self, hold_id: UUID) -> None:
        await self.outside.capture_asked(hold_id)
        await super().capture_hold(hold_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """What runs in one process; its workers run as long as it is open."""

    database: Database
    transfers: Transfers
    refunds: Refunds


@asynccontextmanager
async def opened(place: Place, outside: Outside) -> AsyncIterator[Process]:
    """Start a process; at the end of the block it stops, as a process told to."""
    async with AsyncExitStack() as stack:
        app = create_wallet_app(settings_of(place), hints=MemoryHints(), relays=False)
        await stack.enter_async_context(app.router.lifespan_context(app))
        client = await stack.enter_async_context(Client(app, token=service_tokens(place).current))
        wallets = Wallets(ClientWallets(client), outside=outside)
        database, outbox, clock = Database(place.transactions_url), make_outbox(), outside.clock
        stack.push_async_callback(database.close)
        saga = Saga(
            database=database,
            wallets=wallets,
            outbox=outbox,
            hints=MemoryHints(),
            clock=clock,
            timing=TIMING,
            endings=endings(outbox),
        )
        runner = Runner(saga, database)
        stack.push_async_callback(runner.close, grace_s=WAKE_GRACE_S)
        transfers = Transfers(
            database=database,
            recipients=Recipients(wallets, FakeUsers()),
            runner=runner,
            limits=Limits(),
            clock=clock,
            timing=TIMING,
        )
        relay = Relay(service="transactions", database=database, outbox=outbox, publisher=place.publisher)
        recovery = Recovery(database=database, runner=runner, timing=TIMING)
        await stack.enter_async_context(running(relay.run(), name="relay"))
        await stack.enter_async_context(running(recovery.run(), name="recovery"))
        yield Process(database=database, transfers=transfers, refunds=Refunds(transfers))


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection past all our code."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()
