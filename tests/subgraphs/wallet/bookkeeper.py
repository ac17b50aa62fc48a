"""Writes to the ledger by the function that the service calls, and past it: for tests of the audit."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from payflow.kernel.ids import new_id

TABLES = ("account", "journal", "entry", "hold", "idempotency", "account_status_change")


@dataclass(frozen=True)
class Bookkeeper:
    """Posts over the owner's connection, by movement; a refusal is a status, as the function answers it."""

    connection: asyncpg.Connection
    owners: dict[UUID, UUID] = field(default_factory=dict)

    async def open(self, *, holding: int = 0, currency: str = "USD") -> UUID:
        wallet, owner = new_id(), uuid4()
        await self.connection.execute("SELECT open_wallet($1, $2, $3)", wallet, owner, currency)
        self.owners[wallet] = owner
        if holding:
            await self.pay("DEPOSIT", wallet, holding)
        return wallet

    async def post(self, movement: str, **parts: Any) -> asyncpg.Record:
        """One command by the names of its parts; `scope` and `key` are its own unless given."""
        named = {"scope": movement.lower(), "key": uuid4().hex, "currency": "USD", **parts}
        given = ", ".join(f"{name} => ${place}" for place, name in enumerate(named, 2))
        query = f"SELECT * FROM post(ARRAY[posting_of(movement => $1, {given})])"
        return await self.connection.fetchrow(query, movement, *named.values())

    async def pay(self, movement: str, wallet: UUID, amount: int) -> asyncpg.Record:
        """A deposit or a withdrawal."""
        return await self.post(movement, wallet_id=wallet, owner_id=self.owners[wallet], amount=amount)

    async def hold(
        self, payer: UUID, payee: UUID, amount: int, *, transfer: UUID | None = None, purpose: str = "TRANSFER"
    ) -> UUID:
        """Answers the hold's id, whether it was placed or refused."""
        hold = new_id()
        parts = {
            "wallet_id": payer,
            "owner_id": self.owners[payer],
            "payee_id": payee,
            "amount": amount,
            "hold_id": hold,
        }
        keyed = {"key": str(hold), "transfer_id": transfer or hold, "purpose": purpose, "seconds": 3600}
        await self.post("HOLD", **parts, **keyed)
        return hold

    async def capture(self, hold: UUID, amount: int | None = None, *, final: bool = True) -> UUID:
        """Answers the journal's id."""
        journal: UUID = (await self.post("CAPTURE", hold_id=hold, amount=amount, final=final))["ref"]
        return journal

    async def release(self, hold: UUID) -> None:
        await self.post("RELEASE", hold_id=hold, key=str(hold))

    async def reverse(self, journal: UUID) -> asyncpg.Record:
        return await self.post("REVERSAL", reverses=journal, actor="eve", reason="a mistake")

    async def become(self, wallet: UUID, status: str) -> None:
        unkeyed = {"scope": None, "key": None}
        await self.post("STATUS", wallet_id=wallet, new_status=status, actor="eve", reason="a test", **unkeyed)

    async def tamper(self, statements: str, **known: object) -> None:
        """Run plain SQL behind the triggers' back, with `{name}` for what is known by that name; then they stand as before."""
        literals = {name: f"'{value}'" for name, value in known.items()}
        switched = (
            "".join(f"ALTER TABLE {table} {way} TRIGGER USER;" for table in TABLES) for way in ("DISABLE", "ENABLE")
        )
        off, on = switched
        async with self.connection.transaction():
            await self.connection.execute(off + statements.format(**literals) + ";" + on)

    async def live(self, chance: random.Random, commands: int) -> None:
        """A random history of a handful of people; some of it is refused."""
        wallets = [await self.open(holding=chance.randint(0, 500)) for _ in range(5)]
        holds, journals = [uuid4()], [uuid4()]
        for _ in range(commands):
            payer, payee = chance.sample(wallets, 2)
            match chance.randrange(9):
                case 0 | 1:
                    journals.append((await self.pay("DEPOSIT", payer, chance.randint(1, 300)))["ref"] or uuid4())
                case 2:
                    await self.pay("WITHDRAWAL", payer, chance.randint(1, 300))
                case 3 | 4:
                    holds.append(await self.hold(payer, payee, chance.randint(1, 200)))
                case 5:
                    journals.append(
                        await self.capture(chance.choice(holds), chance.choice([None, 7]), final=chance.random() < 0.7)
                        or uuid4()
                    )
                case 6:
                    await self.release(chance.choice(holds))
                case 7:
                    await self.reverse(chance.choice(journals))
                case 8:
                    await self.become(payer, chance.choice(["FROZEN", "OPEN", "OPEN"]))
