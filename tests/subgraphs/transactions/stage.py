"""The transactions service through its real application, with fake neighbours: what its GraphQL tests share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast
from uuid import uuid4

from payflow.kernel.hints import MemoryHints
from payflow.kernel.ids import new_id
from payflow.kernel.settings import Settings
from subgraphs.transactions.app import create_app
from tests.subgraphs.harness import Client, Keys, running
from tests.subgraphs.transactions.world import QUICK, World, make_world

TRANSFER = """
mutation Transfer($input: TransferInput!) {
  transfer(input: $input) {
    __typename
    ... on Transfer {
      id from { id } to { id } amount { amount currency formatted } note status failureCode createdAt completedAt
      steps { name status attempts startedAt finishedAt error }
    }
    ... on Problem { message }
    ... on InvalidInput { field }
    ... on InsufficientFunds { available { amount } requested { amount } }
  }
}
"""
MINE = """
query ($user: ID!, $first: Int, $after: String, $status: [TransferStatus!]) {
  _entities(representations: [{__typename: "User", id: $user}]) {
    ... on User {
      transfers(first: $first, after: $after, status: $status) {
        edges { cursor node { id status } } pageInfo { hasNextPage hasPreviousPage endCursor }
      }
    }
  }
}
"""
WATCH = "subscription ($id: ID!) { transferUpdated(id: $id) { id status steps { name status } } }"
PAYMENT = """
fragment Payment on Transfer {
  id kind status amount { amount } refunded { amount } refundOf { id }
  refunds { id kind status failureCode amount { amount } refundOf { id } from { id } to { id } }
}
"""
REFUND = (
    """
mutation ($input: RefundInput!) {
  refundTransfer(input: $input) {
    __typename
    ... on Transfer { ...Payment }
    ... on Problem { message }
    ... on InvalidInput { field }
    ... on InsufficientFunds { available { amount } requested { amount } }
  }
}
"""
    + PAYMENT
)
REQUEST = """
fragment Request on PaymentRequest {
  id requester { id } payer { id } amount { amount currency } note status transfer { id status } createdAt expiresAt
}
"""
ASK = (
    """
mutation ($input: RequestPaymentInput!) {
  requestPayment(input: $input) {
    __typename
    ... on PaymentRequest { ...Request }
    ... on Problem { message }
    ... on InvalidInput { field }
    ... on TooManyOpenRequests { limit }
  }
}
"""
    + REQUEST
)
PAY = """
mutation ($input: PayRequestInput!) {
  payRequest(input: $input) {
    __typename
    ... on Transfer { id status from { id } to { id } amount { amount } note }
    ... on Problem { message }
    ... on PaymentRequestClosed { ended: status }
    ... on LimitExceeded { limit { amount } }
  }
}
"""
CLOSE = (
    """
mutation ($id: ID!, $decline: Boolean!) {
  declineRequest(id: $id) @include(if: $decline) {
    __typename ... on PaymentRequest { ...Request } ... on Problem { message } ... on PaymentRequestClosed { status }
  }
  cancelRequest(id: $id) @skip(if: $decline) {
    __typename ... on PaymentRequest { ...Request } ... on Problem { message } ... on PaymentRequestClosed { status }
  }
}
"""
    + REQUEST
)


class Stage:
    """A running service, the world behind it, and the tokens of those who speak to it."""

    def __init__(self, client: Client, world: World, keys: Keys) -> None:
        self.client = client
        self.world = world
        self.ada, self.bob = keys.user_token(world.ada), keys.user_token(world.bob)
        self.eve = keys.user_token(new_id())
        self.service = keys.service_token("rewards")

    async def send(self, minor_units: int = 2_500, *, token: str | None = None, **others: Any) -> dict[str, Any]:
        """Ada sends Bob some money; the member of the result union."""
        fields = {
            "fromWalletId": str(self.world.ada_wallet.id),
            "to": {"walletId": str(self.world.bob_wallet.id)},
            "amount": {"amount": minor_units, "currency": "USD"},
            "idempotencyKey": uuid4().hex,
        }
        data = await self.client.data(TRANSFER, {"input": {**fields, **others}}, token=token or self.ada)
        return cast(dict[str, Any], data["transfer"])

    async def refund(self, transfer_id: str, minor_units: int | None = None, **others: Any) -> dict[str, Any]:
        """Bob gives money back; the member of the result union."""
        amount = {} if minor_units is None else {"amount": {"amount": minor_units, "currency": "USD"}}
        token = others.pop("token", self.bob)
        fields = {"transferId": transfer_id, **amount, "idempotencyKey": uuid4().hex, **others}
        return cast(dict[str, Any], (await self.client.data(REFUND, {"input": fields}, token=token))["refundTransfer"])

    async def ask(self, minor_units: int = 2_500, **others: Any) -> dict[str, Any]:
        """Bob asks Ada for money; the member of the result union."""
        amount = {"amount": minor_units, "currency": "USD"}
        token = others.pop("token", self.bob)
        fields = {"payerHandle": "ada", "amount": amount, "idempotencyKey": uuid4().hex, **others}
        return cast(dict[str, Any], (await self.client.data(ASK, {"input": fields}, token=token))["requestPayment"])

    async def pay(self, request_id: str, **others: Any) -> dict[str, Any]:
        """Ada pays what she was asked for; the member of the result union."""
        token = others.pop("token", self.ada)
        wallet = str(self.world.ada_wallet.id)
        fields = {"id": request_id, "fromWalletId": wallet, "idempotencyKey": uuid4().hex, **others}
        return cast(dict[str, Any], (await self.client.data(PAY, {"input": fields}, token=token))["payRequest"])

    async def decline(self, request_id: str, *, token: str | None = None) -> dict[str, Any]:
        """Ada declines; the member of the result union."""
        variables = {"id": request_id, "decline": True}
        return cast(
            dict[str, Any], (await self.client.data(CLOSE, variables, token=token or self.ada))["declineRequest"]
        )

    async def cancel(self, request_id: str, *, token: str | None = None) -> dict[str, Any]:
        """Bob asks no more; the member of the result union."""
        variables = {"id": request_id, "decline": False}
        return cast(
            dict[str, Any], (await self.client.data(CLOSE, variables, token=token or self.bob))["cancelRequest"]
        )

    async def entity(self, transfer_id: str, token: str | None) -> Any:
        query = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Transfer { id note } } }"
        variables = {"r": [{"__typename": "Transfer", "id": transfer_id}]}
        return (await self.client.data(query, variables, token=token))["_entities"][0]

    async def mine(self, token: str, **variables: Any) -> dict[str, Any]:
        """Ada's transfers as somebody sees them."""
        data = await self.client.data(MINE, {"user": str(self.world.ada), "first": 20, **variables}, token=token)
        return cast(dict[str, Any], data["_entities"][0]["transfers"])


@asynccontextmanager
async def staged(settings: Settings, keys: Keys, *, hints: MemoryHints | None) -> AsyncIterator[Stage]:
    async with make_world(settings.database_url("transactions")) as world:
        app = create_app(settings, hints=hints, timing=QUICK, users=world.users, wallets=world.network)
        async with running(app) as client:
            yield Stage(client, world, keys)
