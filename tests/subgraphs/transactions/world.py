"""A small world for the transactions service: Ada and Bob with a wallet each, a network that can fail, a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, text

from payflow.kernel.clock import FixedClock
from payflow.kernel.db import Database
from payflow.kernel.hints import MemoryHints
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.transactions import store
from subgraphs.transactions.domain import SagaStep, SendMoney, Transfer
from subgraphs.transactions.endings import endings
from subgraphs.transactions.expiry import Expiry
from subgraphs.transactions.fake_gateways import FakeUsers, FakeWallets, LossyWallets
from subgraphs.transactions.gateways import Wallet
from subgraphs.transactions.limits import Limits
from subgraphs.transactions.recipients import Recipients
from subgraphs.transactions.recovery import Recovery
from subgraphs.transactions.refunds_service import Refunds
from subgraphs.transactions.requests_service import PaymentRequests
from subgraphs.transactions.retrying import RetryBudget
from subgraphs.transactions.runner import Runner
from subgraphs.transactions.saga import Saga, Timing
from subgraphs.transactions.service import Transfers
from subgraphs.transactions.tables import make_outbox, outbox

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
QUICK = Timing(call=0.3, lease=1.0, answer=2.0, poll=0.05, pause_base=0.01, pause_max=0.05)
BALANCE = 10_000


@dataclass(frozen=True, kw_only=True)
class World:
    """Ada has 100.00 USD, Bob nothing."""

    database: Database
    bank: FakeWallets
    network: LossyWallets
    users: FakeUsers
    hints: MemoryHints
    clock: FixedClock
    runner: Runner
    budget: RetryBudget
    recovery: Recovery
    transfers: Transfers
    refunds: Refunds
    requests: PaymentRequests
    expiry: Expiry
    ada: UUID
    bob: UUID
    ada_wallet: Wallet
    bob_wallet: Wallet

    def order(self, amount: int = 2_500, **others: Any) -> SendMoney:
        """Ada sends Bob some money."""
        fields: dict[str, Any] = {
            "payer_id": self.ada,
            "from_wallet_id": str(self.ada_wallet.id),
            "to_wallet_id": str(self.bob_wallet.id),
            "to_handle": None,
            "amount": Money(amount, "USD"),
            "note": None,
            "idempotency_key": uuid4().hex,
        }
        return SendMoney(**{**fields, **others})

    @property
    def balances(self) -> tuple[int, int, int]:
        """Ada's available, held, Bob's available."""
        return self.bank.available[self.ada_wallet.id], self.bank.held, self.bank.available[self.bob_wallet.id]

    async def recover(self, transfer_id: UUID, *, within_s: float = 10) -> Transfer:
        """Let the recovery worker run until the transfer has ended; looked at often, for a run of this process may hang for ever."""
        worker = asyncio.create_task(self.recovery.run())
        try:
            async with asyncio.timeout(within_s):
                while not (transfer := await self.runner.settled(transfer_id, within_s=0.2)).has_ended:
                    pass
            return transfer
        finally:
            worker.cancel()

    async def begun(self) -> Transfer:
        """The one transfer, once there is one."""
        async with asyncio.timeout(20):
            while not await self._ids():
                await asyncio.sleep(0.01)
        return await self.only_transfer()

    async def only_transfer(self) -> Transfer:
        """The one transfer that there is."""
        ids = await self._ids()
        assert len(ids) == 1, ids
        async with self.database.read() as connection:
            return (await store.by_ids(connection, ids))[ids[0]]

    async def _ids(self) -> list[UUID]:
        from subgraphs.transactions.tables import transfers

        async with self.database.read() as connection:
            return list(await connection.scalars(select(transfers.c.id)))

    async def steps(self, transfer_id: UUID) -> dict[str, SagaStep]:
        async with self.database.read() as connection:
            return {step.name.value: step for step in (await store.steps_of(connection, [transfer_id]))[transfer_id]}

    async def events(self) -> list[dict[str, Any]]:
        """What is told of transfers, oldest first: what was sequenced, and then what the outbox still has."""
        async with self.database.read() as connection:
            told = await connection.scalars(text("SELECT value FROM event_log ORDER BY pos"))
            waiting = await connection.scalars(select(outbox.c.value).order_by(outbox.c.id))
            return [*told, *waiting]


@asynccontextmanager
async def make_world(
    database_url: str, timing: Timing = QUICK, *, limits: Limits | None = None
) -> AsyncIterator[World]:
    """Set it up on a migrated database; stops what runs at the end."""
    database, bank, users, hints, clock = (
        Database(database_url),
        FakeWallets(),
        FakeUsers(),
        MemoryHints(),
        FixedClock(NOW),
    )
    network = LossyWallets(bank)
    budget, outbox_ = RetryBudget(probe_base_s=0.05, probe_max_s=0.4), make_outbox()
    saga = Saga(
        database=database,
        wallets=network,
        outbox=outbox_,
        hints=hints,
        clock=clock,
        timing=timing,
        budget=budget,
        endings=endings(outbox_),
    )
    runner = Runner(saga, database)
    ada, bob = new_id(), new_id()
    users.handles.update(ada=ada, bob=bob)
    transfers = Transfers(
        database=database,
        recipients=Recipients(network, users),
        runner=runner,
        limits=limits or Limits(),
        clock=clock,
        timing=timing,
    )
    yield World(
        database=database,
        bank=bank,
        network=network,
        users=users,
        hints=hints,
        clock=clock,
        runner=runner,
        budget=budget,
        recovery=Recovery(database=database, runner=runner, timing=timing),
        transfers=transfers,
        refunds=Refunds(transfers),
        requests=PaymentRequests(transfers, outbox_),
        expiry=Expiry(database=database, outbox=outbox_),
        ada=ada,
        bob=bob,
        ada_wallet=bank.open(ada, balance=BALANCE),
        bob_wallet=bank.open(bob),
    )
    await runner.close(grace_s=0)
    await database.close()
