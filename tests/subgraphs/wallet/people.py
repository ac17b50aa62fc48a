"""Users and services that speak GraphQL to the wallet's real application, and the operations they send."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from payflow.kernel.ids import derived_id, new_id
from tests.subgraphs.harness import Client, Keys

MONEY = "{ amount currency formatted }"
OPEN = """
mutation ($currency: CurrencyCode!) {
  openWallet(currency: $currency) {
    __typename
    ... on Wallet { id currency owner { id } createdAt }
    ... on WalletExists { message wallet { id balance { total { amount } } } }
    ... on InvalidInput { message field }
  }
}
"""
DEPOSIT = (
    """
mutation ($input: DepositInput!) {
  deposit(input: $input) {
    __typename
    ... on Entry { id kind amount M balanceAfter M transfer { id } createdAt }
    ... on Problem { message }
    ... on InvalidInput { field }
  }
}
"""
).replace(" M", f" {MONEY}")
HOLD = (
    """
mutation ($input: PlaceHoldInput!) {
  placeHold(input: $input) {
    __typename
    ... on Hold { id status amount M transfer { id } expiresAt }
    ... on Problem { message }
    ... on InsufficientFunds { available M requested M }
    ... on InvalidInput { field }
  }
}
"""
).replace(" M", f" {MONEY}")
CAPTURE = (
    """
mutation ($id: ID!, $amount: MoneyInput, $final: Boolean, $key: ID) {
  captureHold(id: $id, amount: $amount, final: $final, idempotencyKey: $key) {
    __typename
    ... on Hold { id status captured M remaining M }
    ... on Problem { message }
    ... on CaptureExceedsHold { requested M left: remaining M }
    ... on InvalidInput { field }
  }
}
"""
).replace(" M ", f" {MONEY} ")
RELEASE = (
    "mutation ($id: ID!) { releaseHold(id: $id) { __typename ... on Hold { id status } ... on Problem { message } } }"
)
EXTEND = """
mutation ($id: ID!, $seconds: Int!) {
  extendHold(id: $id, expiresInSeconds: $seconds) {
    __typename
    ... on Hold { id status expiresAt }
    ... on Problem { message }
    ... on InvalidInput { field }
  }
}
"""
CREDIT = """
mutation ($input: CreditInput!) {
  credit(input: $input) {
    __typename
    ... on Entry { kind amount { amount } transfer { id } }
    ... on Problem { message }
    ... on InvalidInput { field }
  }
}
"""
DEBIT = CREDIT.replace("CreditInput", "DebitInput").replace("credit(", "debit(")
WITHDRAW = (
    DEPOSIT.replace("DepositInput", "WithdrawInput")
    .replace("deposit(", "withdraw(")
    .replace(
        "... on InvalidInput", f"... on InsufficientFunds {{ available {MONEY} requested {MONEY} }} ... on InvalidInput"
    )
)
CLOSE = (
    "mutation ($id: ID!) { closeWallet(id: $id) { __typename ... on Wallet { id status } ... on Problem { message } } }"
)
BALANCE = "{ available { amount } held { amount } total { amount } }"
WALLET = """
query ($id: ID!) {
  wallet(id: $id) {
    id currency owner { id } createdAt
    balance { available { amount } held { amount } total { amount } }
    entries(first: 2) { edges { cursor node { kind amount { amount } } } pageInfo { hasNextPage endCursor } }
    holds { id status amount { amount } transfer { id } }
  }
}
"""
ENTITIES = "query ($r: [_Any!]!) { _entities(representations: $r) { %s } }"


class People:
    """Users and services that speak to the wallet."""

    def __init__(self, client: Client, keys: Keys) -> None:
        self.client = client
        self.keys = keys
        self.service = keys.service_token("transactions")
        self.owners: dict[str, UUID] = {}  # of the wallets opened here

    def token(self, user: UUID) -> str:
        return self.keys.user_token(user)

    async def open(self, user: UUID, currency: str = "USD") -> dict[str, Any]:
        data = await self.client.data(OPEN, {"currency": currency}, token=self.token(user))
        result: dict[str, Any] = data["openWallet"]
        if result["__typename"] == "Wallet":
            self.owners[result["id"]] = user
        return result

    async def deposit(
        self, user: UUID, wallet: str, amount: int, *, currency: str = "USD", **others: Any
    ) -> dict[str, Any]:
        money = {"amount": amount, "currency": currency}
        fields = {"walletId": wallet, "amount": money, "idempotencyKey": uuid4().hex, **others}
        result: dict[str, Any] = (await self.client.data(DEPOSIT, {"input": fields}, token=self.token(user)))["deposit"]
        return result

    async def withdraw(
        self, user: UUID, wallet: str, amount: int, *, currency: str = "USD", **others: Any
    ) -> dict[str, Any]:
        money = {"amount": amount, "currency": currency}
        fields = {"walletId": wallet, "amount": money, "idempotencyKey": uuid4().hex, **others}
        answer = await self.client.data(WITHDRAW, {"input": fields}, token=self.token(user))
        result: dict[str, Any] = answer["withdraw"]
        return result

    async def close(self, user: UUID, wallet: str) -> dict[str, Any]:
        result: dict[str, Any] = (await self.client.data(CLOSE, {"id": wallet}, token=self.token(user)))["closeWallet"]
        return result

    async def funded(self, amount: int = 1000) -> tuple[UUID, str]:
        """A user, and their wallet's id."""
        user = uuid4()
        wallet: str = (await self.open(user))["id"]
        if amount:
            await self.deposit(user, wallet, amount)
        return user, wallet

    async def hold(
        self, payer: str, payee: str, amount: int, *, currency: str = "USD", **others: Any
    ) -> dict[str, Any]:
        transfer = new_id()
        fields = {
            "id": str(derived_id(transfer, "HOLD")),
            "payerId": str(self.owners.get(payer) or uuid4()),
            "fromWalletId": payer,
            "toWalletId": payee,
            "amount": {"amount": amount, "currency": currency},
            "transferId": str(transfer),
            "expiresInSeconds": 60,
            **others,
        }
        result: dict[str, Any] = (await self.client.data(HOLD, {"input": fields}, token=self.service))["placeHold"]
        return result

    async def capture(self, hold: str, **others: Any) -> dict[str, Any]:
        answer = await self.client.data(CAPTURE, {"id": hold, **others}, token=self.service)
        result: dict[str, Any] = answer["captureHold"]
        return result

    async def extend(self, hold: str, seconds: int) -> dict[str, Any]:
        answer = await self.client.data(EXTEND, {"id": hold, "seconds": seconds}, token=self.service)
        result: dict[str, Any] = answer["extendHold"]
        return result

    async def release(self, hold: str) -> dict[str, Any]:
        result: dict[str, Any] = (await self.client.data(RELEASE, {"id": hold}, token=self.service))["releaseHold"]
        return result

    async def credit(self, wallet: str, amount: int, *, currency: str = "USD", **others: Any) -> dict[str, Any]:
        return await self._reward("credit", CREDIT, wallet, amount, currency, others)

    async def debit(self, wallet: str, amount: int, *, currency: str = "USD", **others: Any) -> dict[str, Any]:
        return await self._reward("debit", DEBIT, wallet, amount, currency, others)

    async def balance(self, wallet: str) -> tuple[int, int, int]:
        """Available, held and total, as the owner sees them."""
        query = f"query ($id: ID!) {{ wallet(id: $id) {{ balance {BALANCE} }} }}"
        answer = await self.client.data(query, {"id": wallet}, token=self.token(self.owners[wallet]))
        balance = answer["wallet"]["balance"]
        return balance["available"]["amount"], balance["held"]["amount"], balance["total"]["amount"]

    async def _reward(
        self, field: str, mutation: str, wallet: str, amount: int, currency: str, others: dict[str, Any]
    ) -> dict[str, Any]:
        fields = {
            "walletId": wallet,
            "amount": {"amount": amount, "currency": currency},
            "source": "REWARDS",
            "idempotencyKey": uuid4().hex,
            **others,
        }
        result: dict[str, Any] = (await self.client.data(mutation, {"input": fields}, token=self.service))[field]
        return result
