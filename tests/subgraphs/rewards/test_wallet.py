"""The contract of the wallet port, held by the wallet in memory and by the real service over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

from payflow.client import wallet as api
from payflow.client.errors import OutcomeUnknown
from payflow.kernel.errors import DependencyUnavailable
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from payflow.kernel.tokens import ServiceTokens
from subgraphs.rewards.errors import CreditRefused
from subgraphs.rewards.wallet import Credit, MemoryWallet, Wallet
from subgraphs.rewards.wallet_gateway import ClientWallet
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.harness import Client, Keys, running


@dataclass
class Bank:
    """One wallet service: who opens wallets there, and who looks into them."""

    wallet: Wallet
    open: Callable[[], Awaitable[UUID]]
    balance: Callable[[UUID], Awaitable[int]]


@pytest.fixture(params=["memory", "service"])
async def bank(request: pytest.FixtureRequest, make_settings: MakeSettings, keys: Keys) -> AsyncIterator[Bank]:
    if request.param == "memory":
        memory = MemoryWallet()

        async def open_wallet() -> UUID:
            wallet_id = new_id()
            memory.balances[wallet_id] = Money(0, "USD")
            return wallet_id

        async def balance(wallet_id: UUID) -> int:
            return memory.balances[wallet_id].amount

        yield Bank(memory, open_wallet, balance)
        return
    from subgraphs.wallet.app import create_app

    async with AsyncExitStack() as closing:
        service = await closing.enter_async_context(running(create_app(await make_settings("wallet"))))
        token = ServiceTokens(service="rewards", key=keys.services["rewards"]).current
        client = await closing.enter_async_context(api.Client(f"{service.url}/graphql", token=token))
        yield _service_bank(service, ClientWallet(client), keys)


def _service_bank(service: Client, wallet: Wallet, keys: Keys) -> Bank:
    owners: dict[UUID, UUID] = {}

    async def open_wallet() -> UUID:
        owner = new_id()
        data = await service.data(
            'mutation { openWallet(currency: "USD") { ... on Wallet { id } } }', token=keys.user_token(owner)
        )
        wallet_id = UUID(data["openWallet"]["id"])
        owners[wallet_id] = owner
        return wallet_id

    async def balance(wallet_id: UUID) -> int:
        data: Any = await service.data(
            "query ($id: ID!) { wallet(id: $id) { balance { total { amount } } } }",
            {"id": str(wallet_id)},
            token=keys.user_token(owners[wallet_id]),
        )
        return int(data["wallet"]["balance"]["total"]["amount"])

    return Bank(wallet, open_wallet, balance)


def credit(wallet_id: UUID) -> Credit:
    return Credit(key=new_id(), wallet_id=wallet_id, amount=Money(25, "USD"), transfer_id=new_id())


async def test_a_credit_arrives_once_per_key(bank: Bank) -> None:
    """A repeat pays nothing; another key pays again."""
    wallet_id = await bank.open()
    command = credit(wallet_id)

    await bank.wallet.credit(command)
    await bank.wallet.credit(command)
    assert await bank.balance(wallet_id) == 25
    await bank.wallet.credit(replace(command, key=new_id()))

    assert await bank.balance(wallet_id) == 50


async def test_refusals_say_which(bank: Bank) -> None:
    """An unknown wallet, another currency and a key that was used for something else are refused for good."""
    wallet_id = await bank.open()
    command = credit(wallet_id)
    await bank.wallet.credit(command)

    for refused, code in (
        (credit(new_id()), "WALLET_NOT_FOUND"),
        (replace(credit(wallet_id), amount=Money(25, "EUR")), "CURRENCY_MISMATCH"),
        (replace(command, amount=Money(26, "USD")), "IDEMPOTENCY_CONFLICT"),
    ):
        with pytest.raises(CreditRefused) as refusal:
            await bank.wallet.credit(refused)
        assert refusal.value.code == code
    assert await bank.balance(wallet_id) == 25


async def test_a_service_that_is_away_is_unavailable() -> None:
    """Nobody there: whether it was paid is not known, and the command is to be sent again."""
    async with api.Client("http://127.0.0.1:9/graphql") as client:
        with pytest.raises(DependencyUnavailable):
            await ClientWallet(client).credit(credit(new_id()))


async def test_a_refused_token_is_no_refusal_of_the_reward(make_settings: MakeSettings) -> None:
    """A wallet service that does not know us leaves the reward to be paid later."""
    from subgraphs.wallet.app import create_app

    async with (
        running(create_app(await make_settings("wallet"))) as service,
        api.Client(f"{service.url}/graphql", token=lambda: "nonsense") as client,
    ):
        with pytest.raises(OutcomeUnknown):
            await ClientWallet(client).credit(credit(new_id()))
