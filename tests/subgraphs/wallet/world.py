"""A small world of wallets over the real database: each method is one command, as a door runs it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import text

from payflow.kernel.db import POOL_CONNECTIONS, POOL_OVERFLOW_MAX, Database
from payflow.kernel.errors import IdempotencyConflict, InvalidInput, Refusal
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.wallet import audit, service, statements, store
from subgraphs.wallet.commands import (
    CaptureHold,
    ChangeStatus,
    Credit,
    CreditSource,
    Debit,
    Deposit,
    ExtendHold,
    OpenWallet,
    PlaceHold,
    Purpose,
    ReleaseHold,
    Reverse,
    WalletStatus,
    Withdraw,
)
from subgraphs.wallet.domain import Entry, Hold, Wallet
from subgraphs.wallet.errors import HoldCancelled
from subgraphs.wallet.ledger import Ledger
from subgraphs.wallet.statements import StatementPage


@dataclass(frozen=True)
class World:
    """Names only what matters: everything else is new and different each time."""

    database: Database
    ledger: Ledger
    owner_url: str | None = None

    @classmethod
    def over(cls, database: Database, *, owner_url: str | None = None) -> World:
        """A world with a ledger of its own, as a service process has; `owner_url` is for those who tamper."""
        return cls(database, Ledger(database), owner_url)

    async def close(self) -> None:
        await self.ledger.close()
        await self.database.close()

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
        return await settled(service.deposit(command, self.ledger))

    async def withdraw(
        self, wallet: Wallet, amount: int, *, key: str | None = None, owner_id: UUID | None = None
    ) -> Entry:
        money = Money(amount, wallet.currency)
        command = Withdraw(owner_id or wallet.owner_id, wallet.id, money, key or uuid4().hex)
        return await service.withdraw(command, self.ledger)

    async def credit(
        self, wallet: Wallet, amount: int, *, key: str | None = None, transfer_id: UUID | None = None
    ) -> Entry | Refusal:
        money = Money(amount, wallet.currency)
        command = Credit(wallet.id, money, CreditSource.REWARDS, transfer_id, key or uuid4().hex)
        return await settled(service.credit(command, self.ledger))

    async def debit(self, wallet: Wallet, amount: int, *, key: str | None = None) -> Entry:
        money = Money(amount, wallet.currency)
        return await service.debit(Debit(wallet.id, money, CreditSource.REWARDS, None, key or uuid4().hex), self.ledger)

    async def hold(
        self,
        payer: Wallet,
        payee: Wallet,
        amount: int,
        *,
        id: UUID | None = None,  # noqa: A002  named as the input names it
        payer_id: UUID | None = None,
        transfer_id: UUID | None = None,
        currency: str | None = None,
        expires_in_s: int = 3600,
        purpose: Purpose = Purpose.TRANSFER,
    ) -> Hold | Refusal:
        hold_id = id or new_id()
        command = PlaceHold(
            id=hold_id,
            payer_id=payer_id or payer.owner_id,
            from_wallet_id=payer.id,
            to_wallet_id=payee.id,
            amount=Money(amount, currency or payer.currency),
            transfer_id=transfer_id or hold_id,
            expires_in_s=expires_in_s,
            purpose=purpose,
        )
        return await settled(service.place_hold(command, self.ledger))

    async def placed(
        self,
        payer: Wallet,
        payee: Wallet,
        amount: int,
        *,
        expires_in_s: int = 3600,
        purpose: Purpose = Purpose.TRANSFER,
    ) -> Hold:
        """A hold that is sure to be accepted."""
        hold = await self.hold(payer, payee, amount, expires_in_s=expires_in_s, purpose=purpose)
        assert isinstance(hold, Hold), hold
        return hold

    async def capture(
        self, hold_id: UUID, amount: Money | None = None, *, final: bool = True, key: str | None = None
    ) -> Hold:
        command = CaptureHold(hold_id=hold_id, amount=amount, final=final, idempotency_key=key)
        return await service.capture_hold(command, self.ledger)

    async def release(self, hold_id: UUID) -> Hold | Refusal:
        """Answers HoldCancelled, which is no failure to who asks; raises the others."""
        try:
            return await service.release_hold(ReleaseHold(hold_id=hold_id), self.ledger)
        except HoldCancelled as cancelled:
            return cancelled

    async def sweep(self, hold_id: UUID) -> Hold:
        """What the sweeper does to a hold."""
        return await service.release_hold(ReleaseHold(hold_id=hold_id, expired=True), self.ledger)

    async def extend(self, hold_id: UUID, seconds: int) -> Hold:
        return await service.extend_hold(ExtendHold(hold_id=hold_id, expires_in_s=seconds), self.ledger)

    async def reverse(self, journal_id: UUID, *, key: str | None = None) -> UUID:
        command = Reverse(
            journal_id=journal_id, actor="operator", reason="posted in error", idempotency_key=key or uuid4().hex
        )
        return await service.reverse(command, self.ledger)

    async def become(self, wallet: Wallet, status: WalletStatus, *, owner_id: UUID | None = None) -> Wallet:
        """Freeze, unfreeze or close."""
        command = ChangeStatus(wallet_id=wallet.id, to=status, actor="operator", reason="asked to", owner_id=owner_id)
        return await service.change_status(command, self.ledger)

    async def journal_of(self, wallet: Wallet) -> UUID:
        """The journal of the newest entry."""
        query = text("SELECT journal_id FROM entry WHERE account_id = :id ORDER BY seq DESC LIMIT 1")
        async with self.database.read() as connection:
            found: UUID = (await connection.execute(query, {"id": wallet.id})).scalar_one()
        return found

    async def tamper(self, statements: str, **known: UUID) -> None:
        """Run plain SQL as the owner, past all our code, in one transaction; `:name` stands for what is known by that name."""
        assert self.owner_url is not None
        owner = Database(self.owner_url)
        try:
            async with owner.unit_of_work() as work:
                for statement in filter(None, (part.strip() for part in statements.split(";"))):
                    named = {name: known[name] for name in re.findall(r":(\w+)", statement)}
                    await work.connection.execute(text(statement), named)
        finally:
            await owner.close()

    async def assert_true(self) -> None:
        """Every invariant of the ledger holds."""
        assert await audit.verify(self.database) == []


Answer = TypeVar("Answer")


async def settled(command: Coroutine[Any, Any, Answer]) -> Answer | Refusal:
    """What stands under the command's key from now on: its effect or its refusal. Raises what leaves the key as it is."""
    try:
        return await command
    except Refusal as refusal:
        if type(refusal) in (IdempotencyConflict, InvalidInput):
            raise
        return refusal


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
