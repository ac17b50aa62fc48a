"""A small world of wallets over the real database: each method is one command in a unit of work of its own, as a door runs it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import text

from payflow.kernel.db import POOL_CONNECTIONS, POOL_OVERFLOW_MAX, Database
from payflow.kernel.errors import Refusal
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.wallet import audit, service, statements, store
from subgraphs.wallet.commands import Credit, CreditSource, Deposit, OpenWallet, PlaceHold
from subgraphs.wallet.domain import Entry, Hold, Wallet
from subgraphs.wallet.statements import StatementPage


@dataclass(frozen=True)
class World:
    """Names only what matters: everything else is new and different each time."""

    database: Database

    async def open(self, currency: str = "USD", *, owner_id: UUID | None = None, holding: int = 0) -> Wallet:
        async with self.database.unit_of_work() as work:
            wallet = await service.open_wallet(OpenWallet(owner_id or uuid4(), currency), work)
        if holding:
            assert isinstance(await self.deposit(wallet, holding), Entry)
        return await self.now(wallet)

    async def now(self, wallet: Wallet) -> Wallet:
        """The wallet as it stands."""
        return (await self.all_now({"it": wallet}))["it"]

    async def all_now(self, wallets: dict[str, Wallet]) -> dict[str, Wallet]:
        """The wallets as they stand, under their names."""
        async with self.database.read() as connection:
            found = await store.by_ids(connection, [wallet.id for wallet in wallets.values()])
        return {name: found[wallet.id] for name, wallet in wallets.items()}

    async def statement(self, wallet: Wallet) -> list[Entry]:
        """Newest first."""
        async with self.database.read() as connection:
            return (await statements.statement_pages(connection, [StatementPage(wallet.id, None, 1000)]))[0].found

    async def deposit(
        self,
        wallet: Wallet,
        amount: int,
        *,
        key: str | None = None,
        currency: str | None = None,
        owner_id: UUID | None = None,
    ) -> Entry | Refusal:
        money = Money(amount, currency or wallet.currency)
        command = Deposit(owner_id or wallet.owner_id, wallet.id, money, key or uuid4().hex)
        async with self.database.unit_of_work() as work:
            return await service.deposit(command, work)

    async def credit(
        self, wallet: Wallet, amount: int, *, key: str | None = None, transfer_id: UUID | None = None
    ) -> Entry | Refusal:
        money = Money(amount, wallet.currency)
        command = Credit(wallet.id, money, CreditSource.REWARDS, transfer_id, key or uuid4().hex)
        async with self.database.unit_of_work() as work:
            return await service.credit(command, work)

    async def hold(
        self,
        payer: Wallet,
        payee: Wallet,
        amount: int,
        *,
        id: UUID | None = None,  # noqa: A002  named as the input names it
        transfer_id: UUID | None = None,
        currency: str | None = None,
        expires_in_s: int = 3600,
    ) -> Hold | Refusal:
        hold_id = id or new_id()
        command = PlaceHold(
            id=hold_id,
            from_wallet_id=payer.id,
            to_wallet_id=payee.id,
            amount=Money(amount, currency or payer.currency),
            transfer_id=transfer_id or hold_id,
            expires_in_s=expires_in_s,
        )
        async with self.database.unit_of_work() as work:
            return await service.place_hold(command, work)

    async def placed(self, payer: Wallet, payee: Wallet, amount: int, *, expires_in_s: int = 3600) -> Hold:
        """A hold that is sure to be accepted."""
        hold = await self.hold(payer, payee, amount, expires_in_s=expires_in_s)
        assert isinstance(hold, Hold), hold
        return hold

    async def capture(self, hold_id: UUID) -> Hold:
        async with self.database.unit_of_work() as work:
            return await service.capture_hold(hold_id, work)

    async def release(self, hold_id: UUID) -> Hold | Refusal:
        async with self.database.unit_of_work() as work:
            return await service.release_hold(hold_id, work)

    async def tamper(self, statements: str, **known: UUID) -> None:
        """Run plain SQL, past all our code, in one transaction; `:name` stands for what is known by that name."""
        async with self.database.unit_of_work() as work:
            for statement in filter(None, (part.strip() for part in statements.split(";"))):
                named = {name: known[name] for name in re.findall(r":(\w+)", statement)}
                await work.connection.execute(text(statement), named)

    async def assert_true(self) -> None:
        """Every invariant of the ledger holds."""
        assert await audit.verify(self.database) == []


Answer = TypeVar("Answer")


async def crowd(commands: Iterable[Coroutine[Any, Any, Answer]]) -> list[Answer | Refusal]:
    """Run the commands at once, as many as there are connections; answers what each came to, in their order."""
    connections = asyncio.Semaphore(POOL_CONNECTIONS + POOL_OVERFLOW_MAX)

    async def run(command: Coroutine[Any, Any, Answer]) -> Answer | Refusal:
        async with connections:
            try:
                return await command
            except Refusal as refusal:
                return refusal

    return await asyncio.gather(*(run(command) for command in commands))


def same(first: object, second: object) -> bool:
    """Whether two outcomes are equal, refusals by their kind and everything they say."""
    if isinstance(first, Refusal) and isinstance(second, Refusal):
        return type(first) is type(second) and first.message == second.message and vars(first) == vars(second)
    return first == second
