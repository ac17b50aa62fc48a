"""People with wallets, opened as their owners would, over GraphQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from starlette.applications import Starlette

from payflow.kernel.hints import MemoryHints
from payflow.kernel.ids import new_id
from subgraphs.wallet.app import create_app
from tests.failpoints.in_process import post
from tests.failpoints.process import Place, settings_of
from tests.subgraphs.harness import Keys

OPEN = "mutation { openWallet(currency: USD) { ... on Wallet { id } } }"
DEPOSIT = "mutation ($input: DepositInput!) { deposit(input: $input) { __typename } }"


@dataclass(frozen=True, slots=True)
class Couple:
    """Ada with her money, Bob without."""

    ada: str
    bob: str
    ada_wallet: str
    bob_wallet: str


async def couples(place: Place, keys: Keys, how_many: int, *, balance: int) -> list[Couple]:
    """So many, with wallets in the ledger."""
    async with present(place, keys) as people:
        return [await people.couple(balance) for _ in range(how_many)]


@dataclass(frozen=True, slots=True)
class People:
    """Opens wallets."""

    app: Starlette
    keys: Keys

    async def couple(self, balance: int) -> Couple:
        ada, bob = new_id(), new_id()
        return Couple(str(ada), str(bob), await self.open(ada, balance), await self.open(bob))

    async def open(self, owner: UUID, balance: int = 0) -> str:
        """The id of a new USD wallet with this much in it."""
        wallet_id: str = (await self._data(owner, OPEN))["openWallet"]["id"]
        if balance:
            money = {"amount": balance, "currency": "USD"}
            order = {"walletId": wallet_id, "amount": money, "idempotencyKey": uuid4().hex}
            assert (await self._data(owner, DEPOSIT, {"input": order}))["deposit"] == {"__typename": "Entry"}
        return wallet_id

    async def _data(self, owner: UUID, query: str, variables: dict[str, Any] | None = None) -> Any:
        body = {"query": query, "variables": variables or {}}
        answer = await post(self.app, body, token=self.keys.user_token(owner))
        assert "errors" not in answer, answer["errors"]
        return answer["data"]


@asynccontextmanager
async def present(place: Place, keys: Keys) -> AsyncIterator[People]:
    """People, while the block runs."""
    app = create_app(settings_of(place), hints=MemoryHints())
    async with app.router.lifespan_context(app):
        yield People(app, keys)
