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
from payflow.dev.campaign_desk import move
from payflow.kernel.db import Database
from payflow.kernel.errors import DependencyUnavailable
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from payflow.kernel.tokens import ServiceTokens
from subgraphs.rewards.errors import FundEmpty, WalletRefused
from subgraphs.rewards.wallet import Credit, Debit, MemoryWallet, Wallet
from subgraphs.rewards.wallet_gateway import ClientWallet
from subgraphs.wallet.store import in_funds
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.harness import Client, Keys, running
from tests.subgraphs.rewards.world import OPERATOR


@dataclass
class Bank:
    """One wallet service: who opens wallets and funds there, and who looks into them."""

    wallet: Wallet
    open: Callable[[], Awaitable[UUID]]
    balance: Callable[[UUID], Awaitable[int]]
    fund: Callable[[int], Awaitable[UUID]]
    in_fund: Callable[[UUID], Awaitable[int]]


@pytest.fixture(params=["memory", "service"])
async def bank(request: pytest.FixtureRequest, make_settings: MakeSettings, keys: Keys) -> AsyncIterator[Bank]:
    if request.param == "memory":
        yield _memory_bank()
        return
    from subgraphs.wallet.app import create_app

    settings = await make_settings("wallet")
    async with AsyncExitStack() as closing:
        service = await closing.enter_async_context(running(create_app(settings)))
        token = ServiceTokens(service="rewards", key=keys.services["rewards"]).current
        client = await closing.enter_async_context(api.Client(f"{service.url}/graphql", token=token))
        database = Database(settings.database_url("wallet"))
        closing.push_async_callback(database.close)
        yield _service_bank(service, ClientWallet(client), keys, database)


def _memory_bank() -> Bank:
    memory = MemoryWallet()

    async def open_wallet() -> UUID:
        wallet_id = new_id()
        memory.balances[wallet_id] = Money(0, "USD")
        return wallet_id

    async def balance(wallet_id: UUID) -> int:
        return memory.balances[wallet_id].amount

    async def fund(amount: int) -> UUID:
        campaign_id = new_id()
        memory.funds[campaign_id] = amount
        return campaign_id

    async def in_fund(campaign_id: UUID) -> int:
        return memory.funds[campaign_id]

    return Bank(memory, open_wallet, balance, fund, in_fund)


def _service_bank(service: Client, wallet: Wallet, keys: Keys, database: Database) -> Bank:
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

    async def fund(amount: int) -> UUID:
        campaign_id = new_id()
        await move(database, campaign_id, Money(amount, "USD"), by=OPERATOR, key=str(new_id()))
        return campaign_id

    async def in_fund(campaign_id: UUID) -> int:
        async with database.read() as connection:
            return (await in_funds(connection, [campaign_id]))[campaign_id].amount

    return Bank(wallet, open_wallet, balance, fund, in_fund)


def credit(wallet_id: UUID, campaign_id: UUID | None = None) -> Credit:
    return Credit(
        key=new_id(), wallet_id=wallet_id, amount=Money(25, "USD"), transfer_id=new_id(), campaign_id=campaign_id
    )


def debit(wallet_id: UUID, campaign_id: UUID | None, amount: int) -> Debit:
    return Debit(
        key=new_id(), wallet_id=wallet_id, amount=Money(amount, "USD"), transfer_id=new_id(), campaign_id=campaign_id
    )


async def test_a_credit_arrives_once_per_key(bank: Bank) -> None:
    """A repeat pays nothing; another key pays again. With a fund or, as it was done before there were funds, without."""
    for campaign_id in (None, await bank.fund(1000)):
        wallet_id = await bank.open()
        command = credit(wallet_id, campaign_id)

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
        with pytest.raises(WalletRefused) as refusal:
            await bank.wallet.credit(refused)
        assert refusal.value.code == code
    assert await bank.balance(wallet_id) == 25


async def test_an_empty_fund_refuses_and_its_key_remembers_that(bank: Bank) -> None:
    """The key that met it never pays, another does once there is money."""
    campaign_id, wallet_id = await bank.fund(40), await bank.open()
    await bank.wallet.credit(credit(wallet_id, campaign_id))
    refused = credit(wallet_id, campaign_id)
    with pytest.raises(FundEmpty):
        await bank.wallet.credit(refused)
    await bank.wallet.debit(debit(wallet_id, campaign_id, 10))

    with pytest.raises(FundEmpty):
        await bank.wallet.credit(refused)
    await bank.wallet.credit(replace(refused, key=new_id()))

    assert (await bank.balance(wallet_id), await bank.in_fund(campaign_id)) == (40, 0)


async def test_a_debit_takes_what_is_there_once_per_key(bank: Bank) -> None:
    """All of it, a part, nothing; a repeat says what the first did, whatever is there by then."""
    campaign_id, wallet_id = await bank.fund(100), await bank.open()
    await bank.wallet.credit(credit(wallet_id, campaign_id))

    commands = [debit(wallet_id, campaign_id, amount) for amount in (10, 20, 5)]
    taken = [(await bank.wallet.debit(command)).amount for command in commands]
    await bank.wallet.credit(credit(wallet_id, campaign_id))
    again = [(await bank.wallet.debit(command)).amount for command in commands]

    assert taken == again == [10, 15, 0]
    assert (await bank.balance(wallet_id), await bank.in_fund(campaign_id)) == (25, 75)
    with pytest.raises(WalletRefused, match="WALLET_NOT_FOUND"):
        await bank.wallet.debit(debit(new_id(), campaign_id, 5))


async def test_a_service_that_is_away_is_unavailable() -> None:
    """Nobody there: whether it was paid is not known, and the command is to be sent again."""
    async with api.Client("http://127.0.0.1:9/graphql") as client:
        with pytest.raises(DependencyUnavailable):
            await ClientWallet(client).credit(credit(new_id()))
        with pytest.raises(DependencyUnavailable):
            await ClientWallet(client).debit(debit(new_id(), None, 5))


async def test_a_refused_token_is_no_refusal_of_the_reward(make_settings: MakeSettings) -> None:
    """A wallet service that does not know us leaves the reward to be paid later."""
    from subgraphs.wallet.app import create_app

    async with (
        running(create_app(await make_settings("wallet"))) as service,
        api.Client(f"{service.url}/graphql", token=lambda: "nonsense") as client,
    ):
        with pytest.raises(OutcomeUnknown):
            await ClientWallet(client).credit(credit(new_id()))
