"""Those who pay each other: registered, each with a wallet and money in it, through the router like everybody else."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson

from payflow.client.api import Client, DepositInput, MoneyInput, RegisterInput

CURRENCY, FUNDS, AMOUNT = "USD", 100_000_00, 5_00
REGISTERING_MAX = 4  # at a time; each is a password hash of some 30 ms on a core
TIMEOUT_S = 30.0
TRANSFER = (
    "mutation Transfer($input: TransferInput!) { transfer(input: $input)"
    " { __typename ... on Transfer { id status amount { formatted } } ... on Problem { message } } }"
)


@dataclass(frozen=True)
class Person:
    """Somebody with a wallet."""

    token: str
    wallet_id: str


async def make_people(url: str, how_many: int) -> list[Person]:
    """New people with FUNDS each."""
    room = asyncio.Semaphore(REGISTERING_MAX)

    async def one() -> Person:
        async with room:
            return await _person(url)

    return list(await asyncio.gather(*(one() for _ in range(how_many))))


async def _person(url: str) -> Person:
    handle, token = f"p_{secrets.token_hex(8)}", ""
    async with Client(url, token=lambda: token or None, timeout_s=TIMEOUT_S) as client:
        asked = RegisterInput(
            email=f"{handle}@example.com", password=secrets.token_urlsafe(16), handle=handle, display_name="Pat"
        )
        token = (await client.register(asked)).session.access_token  # type: ignore[union-attr]  # nothing refuses a new handle
        wallet_id: str = (await client.open_wallet(CURRENCY)).open_wallet.id  # type: ignore[union-attr]
        funds = MoneyInput(amount=FUNDS, currency=CURRENCY)
        await client.deposit(DepositInput(wallet_id=wallet_id, amount=funds, idempotency_key=handle))
    return Person(token, wallet_id)


def transfers_between(people: Sequence[Person], port: int) -> Callable[[], bytes]:
    """Makes HTTP requests, each for a transfer of AMOUNT between two of the people, under a new key.

    Everybody pays only those after themselves, so no money goes in a circle, and every transfer earns a reward.
    """
    draw = random.Random(7)

    def request() -> bytes:
        payer, payee = (people[place] for place in sorted(draw.sample(range(len(people)), 2)))
        order = {
            "fromWalletId": payer.wallet_id,
            "to": {"walletId": payee.wallet_id},
            "amount": {"amount": AMOUNT, "currency": CURRENCY},
            "idempotencyKey": secrets.token_hex(16),
        }
        body = orjson.dumps({"query": TRANSFER, "variables": {"input": order}})
        return (
            b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:%d\r\ncontent-type: application/json\r\n"
            b"accept: application/json\r\nauthorization: Bearer %b\r\ncontent-length: %d\r\n\r\n%b"
            % (port, payer.token.encode(), len(body), body)
        )

    return request
