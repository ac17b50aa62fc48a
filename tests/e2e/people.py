"""The vocabulary of the stories: people who register, open wallets, deposit and send, through the public API only."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import Any

from tests.subgraphs.harness import Client

REGISTER = """
mutation ($input: RegisterInput!) { register(input: $input) { ... on Session { accessToken user { id } } ... on Problem { message } } }
"""
OPEN_WALLET = "mutation ($currency: CurrencyCode!) { openWallet(currency: $currency) { ... on Wallet { id } } }"
DEPOSIT = """
mutation ($input: DepositInput!) { deposit(input: $input) { __typename ... on Entry { balanceAfter { amount } } } }
"""
TRANSFER = """
mutation ($input: TransferInput!) {
  transfer(input: $input) {
    __typename
    ... on Transfer { id status failureCode amount { amount } }
    ... on Problem { message }
    ... on InsufficientFunds { available { amount } requested { amount } }
  }
}
"""
REQUEST = """
mutation ($input: RequestPaymentInput!) { requestPayment(input: $input) { ... on PaymentRequest { id } ... on Problem { message } } }
"""
REFUND = "mutation ($input: RefundInput!) { refundTransfer(input: $input) { ... on Transfer { id } ... on Problem { message } } }"
BALANCE = "{ me { wallets { balance { available { amount } held { amount } total { amount } } } } }"


@dataclass(frozen=True)
class Person:
    """Somebody with a dollar wallet."""

    api: Client
    handle: str
    id: str
    token: str
    wallet_id: str

    async def ask(self, query: str, variables: dict[str, Any] | None = None) -> Any:
        """The data of an answer without errors."""
        return await self.api.data(query, variables, token=self.token)

    async def deposit(self, amount: int) -> None:
        await self.ask(DEPOSIT, {"input": {"walletId": self.wallet_id, "amount": usd(amount), "idempotencyKey": key()}})

    async def send(
        self,
        amount: int,
        payee: Person,
        *,
        idempotency_key: str | None = None,
        by_handle: bool = True,
        note: str = "Lunch",
    ) -> dict[str, Any]:
        """The result of one transfer."""
        to = {"handle": payee.handle} if by_handle else {"walletId": payee.wallet_id}
        order = {
            "fromWalletId": self.wallet_id,
            "to": to,
            "amount": usd(amount),
            "note": note,
            "idempotencyKey": idempotency_key or key(),
        }
        result: dict[str, Any] = (await self.ask(TRANSFER, {"input": order}))["transfer"]
        return result

    async def ask_for(self, amount: int, payer: Person) -> str:
        """The id of a request for dollars."""
        wish = {"payerHandle": payer.handle, "amount": usd(amount), "note": "Pizza", "idempotencyKey": key()}
        request_id: str = (await self.ask(REQUEST, {"input": wish}))["requestPayment"]["id"]
        return request_id

    async def give_back(self, amount: int, transfer_id: str) -> None:
        """Refund some of a payment."""
        await self.ask(REFUND, {"input": {"transferId": transfer_id, "amount": usd(amount), "idempotencyKey": key()}})

    async def balance(self) -> tuple[int, int]:
        """Available and held, in cents."""
        [wallet] = (await self.ask(BALANCE))["me"]["wallets"]
        return wallet["balance"]["available"]["amount"], wallet["balance"]["held"]["amount"]

    async def notifications(self) -> list[str]:
        """The kinds of all notifications, the newest first."""
        page = await self.ask("{ me { notifications(first: 100) { edges { node { kind } } } } }")
        return [edge["node"]["kind"] for edge in page["me"]["notifications"]["edges"]]

    async def waits_for(self, *kinds: str, within_s: float = 40) -> list[str]:
        """Read notifications until these kinds are all there."""
        async with asyncio.timeout(within_s):
            while sorted(found := await self.notifications()) != sorted(kinds):
                await asyncio.sleep(0.1)
        return found


@dataclass(frozen=True)
class People:
    """Registers people."""

    api: Client

    async def person(self, name: str, *, balance: int = 0) -> Person:
        """Somebody new with a dollar wallet of this balance."""
        handle = f"{name}_{secrets.token_hex(5)}"
        registration = {
            "email": f"{handle}@example.com",
            "password": "correct horse battery",
            "handle": handle,
            "displayName": name.title(),
        }
        session = (await self.api.data(REGISTER, {"input": registration}))["register"]
        token = session["accessToken"]
        wallet = (await self.api.data(OPEN_WALLET, {"currency": "USD"}, token=token))["openWallet"]
        person = Person(self.api, handle, session["user"]["id"], token, wallet["id"])
        if balance:
            await person.deposit(balance)
        return person


def usd(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "USD"}


def key() -> str:
    return secrets.token_hex(16)
