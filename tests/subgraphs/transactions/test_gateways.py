"""The contract of the gateways, held by the fakes and by the clients of the real services alike."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4

import pytest

from payflow.client import users as users_api
from payflow.client import wallet as wallet_api
from payflow.client.errors import OutcomeUnknown
from payflow.kernel.db import Database
from payflow.kernel.errors import InvalidInput
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.transactions.errors import (
    CurrencyMismatch,
    HoldCancelled,
    HoldCaptured,
    HoldExpired,
    HoldReleased,
    InsufficientFunds,
    PayeeClosed,
    SameWallet,
    WalletClosed,
    WalletFrozen,
    WalletNotFound,
)
from subgraphs.transactions.fake_gateways import FakeUsers, FakeWallets
from subgraphs.transactions.gateways import (
    HoldOrder,
    ImpossibleAnswer,
    Purpose,
    UserDirectory,
    Wallet,
    WalletGateway,
)
from subgraphs.transactions.users_gateway import ClientUsers
from subgraphs.transactions.wallet_gateway import ClientWallets
from subgraphs.users.app import create_app as create_users_app
from subgraphs.wallet.app import create_app as create_wallet_app
from subgraphs.wallet.commands import ChangeStatus, WalletStatus
from subgraphs.wallet.ledger import Ledger
from subgraphs.wallet.service import change_status
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.harness import Client, Keys, running

DAY = timedelta(days=1)


class Bank(Protocol):
    """A wallet service seen from both sides: through the gateway, and as its customers see it."""

    @property
    def gateway(self) -> WalletGateway: ...

    async def open(self, owner_id: UUID, currency: str, balance: int = 0) -> Wallet: ...

    async def available(self, wallet: Wallet) -> int: ...

    async def freeze(self, wallet: Wallet) -> None: ...

    async def close(self, wallet: Wallet) -> None: ...


@dataclass
class FakeBank:
    gateway: FakeWallets

    async def freeze(self, wallet: Wallet) -> None:
        self.gateway.frozen.add(wallet.id)

    async def close(self, wallet: Wallet) -> None:
        self.gateway.closed.add(wallet.id)

    async def open(self, owner_id: UUID, currency: str, balance: int = 0) -> Wallet:
        return self.gateway.open(owner_id, currency, balance=balance)

    async def available(self, wallet: Wallet) -> int:
        return self.gateway.available[wallet.id]


@dataclass
class RealBank:
    gateway: ClientWallets
    http: Client
    keys: Keys
    database_url: str = ""

    async def freeze(self, wallet: Wallet) -> None:
        """As an operator does."""
        database = Database(self.database_url)
        ledger = Ledger(database)
        await change_status(
            ChangeStatus(wallet_id=wallet.id, to=WalletStatus.FROZEN, actor="Grace", reason="a test"), ledger
        )
        await ledger.close()
        await database.close()

    async def close(self, wallet: Wallet) -> None:
        """As its owner does."""
        mutation = "mutation ($id: ID!) { closeWallet(id: $id) { __typename } }"
        closed = await self.http.data(mutation, {"id": str(wallet.id)}, token=self.keys.user_token(wallet.owner_id))
        assert closed["closeWallet"]["__typename"] == "Wallet"

    async def open(self, owner_id: UUID, currency: str, balance: int = 0) -> Wallet:
        token = self.keys.user_token(owner_id)
        mutation = "mutation ($currency: CurrencyCode!) { openWallet(currency: $currency) { ... on Wallet { id } } }"
        opened = await self.http.data(mutation, {"currency": currency}, token=token)
        wallet = Wallet(UUID(opened["openWallet"]["id"]), owner_id, currency)
        if balance:
            deposit = {
                "walletId": str(wallet.id),
                "amount": {"amount": balance, "currency": currency},
                "idempotencyKey": uuid4().hex,
            }
            mutation = "mutation ($input: DepositInput!) { deposit(input: $input) { __typename } }"
            answer = await self.http.data(mutation, {"input": deposit}, token=token)
            assert answer["deposit"]["__typename"] == "Entry"
        return wallet

    async def available(self, wallet: Wallet) -> int:
        query = "query ($id: ID!) { wallet(id: $id) { balance { available { amount } } } }"
        answer = await self.http.data(query, {"id": str(wallet.id)}, token=self.keys.user_token(wallet.owner_id))
        return int(answer["wallet"]["balance"]["available"]["amount"])


@pytest.fixture(params=["fake", "real"])
async def bank(request: pytest.FixtureRequest, make_settings: MakeSettings, keys: Keys) -> AsyncIterator[Bank]:
    if request.param == "fake":
        yield FakeBank(FakeWallets())
        return
    async with AsyncExitStack() as stack:
        settings = await make_settings("wallet")
        http = await stack.enter_async_context(running(create_wallet_app(settings)))
        client = wallet_api.Client(f"{http.url}/graphql", token=lambda: keys.service_token("transactions"))
        gateway = ClientWallets(await stack.enter_async_context(client))
        yield RealBank(gateway, http, keys, settings.owner_database_url("wallet"))


@dataclass(frozen=True)
class Pair:
    """Two wallets, and an order of 25.00 of the payer's 100.00 USD."""

    payer: Wallet
    payee: Wallet
    order: HoldOrder


@pytest.fixture
async def pair(bank: Bank) -> Pair:
    payer, payee = await bank.open(new_id(), "USD", 10_000), await bank.open(new_id(), "USD")
    return Pair(payer, payee, HoldOrder(uuid4(), uuid4(), payer.owner_id, payer.id, payee.id, Money(2_500, "USD"), DAY))


async def test_wallets_are_found_by_id_and_by_owner(bank: Bank, pair: Pair) -> None:
    """Anybody's wallet can be looked up; what does not exist is None."""
    both = {wallet.id: wallet for wallet in (pair.payer, pair.payee)}
    assert await bank.gateway.wallets(list(both)) == both
    assert await bank.gateway.wallets([pair.payee.id]) == {pair.payee.id: pair.payee}
    assert await bank.gateway.wallets([uuid4(), pair.payee.id]) == {pair.payee.id: pair.payee}
    assert await bank.gateway.wallet_of(pair.payee.owner_id, "USD") == pair.payee
    assert await bank.gateway.wallets([uuid4()]) == {}
    assert await bank.gateway.wallet_of(pair.payee.owner_id, "EUR") is None
    assert await bank.gateway.wallet_of(uuid4(), "USD") is None


async def test_hold_then_capture(bank: Bank, pair: Pair) -> None:
    """A hold takes from the payer, its capture gives to the payee; repeats of either change nothing."""
    for _ in range(2):
        await bank.gateway.place_hold(pair.order)
    assert (await bank.available(pair.payer), await bank.available(pair.payee)) == (7_500, 0)

    for _ in range(2):
        await bank.gateway.capture_hold(pair.order.hold_id)
    await bank.gateway.place_hold(pair.order)

    assert (await bank.available(pair.payer), await bank.available(pair.payee)) == (7_500, 2_500)
    with pytest.raises(HoldCaptured):
        await bank.gateway.release_hold(pair.order.hold_id)


async def test_hold_then_release(bank: Bank, pair: Pair) -> None:
    """A released hold is the payer's again and can no more be captured; repeats change nothing."""
    await bank.gateway.place_hold(pair.order)
    for _ in range(2):
        await bank.gateway.release_hold(pair.order.hold_id)
    await bank.gateway.place_hold(pair.order)

    assert (await bank.available(pair.payer), await bank.available(pair.payee)) == (10_000, 0)
    with pytest.raises(HoldReleased):
        await bank.gateway.capture_hold(pair.order.hold_id)


async def test_a_release_that_overtakes_its_hold(bank: Bank, pair: Pair) -> None:
    """A hold that was released before it arrived is never placed."""
    await bank.gateway.release_hold(pair.order.hold_id)

    for _ in range(2):
        with pytest.raises(HoldCancelled):
            await bank.gateway.place_hold(pair.order)
    await bank.gateway.release_hold(pair.order.hold_id)
    assert await bank.available(pair.payer) == 10_000


async def test_a_frozen_wallet_pays_nothing(bank: Bank, pair: Pair) -> None:
    """Nothing more is held in it, and the same order stays refused; what was held before is still paid, and it can be paid into."""
    await bank.gateway.place_hold(pair.order)
    await bank.freeze(pair.payer)
    another = replace(pair.order, hold_id=uuid4())

    for _ in range(2):
        with pytest.raises(WalletFrozen):
            await bank.gateway.place_hold(another)
    await bank.gateway.capture_hold(pair.order.hold_id)

    assert (await bank.available(pair.payer), await bank.available(pair.payee)) == (7_500, 2_500)


async def test_a_payee_who_has_closed_is_not_paid(bank: Bank, pair: Pair) -> None:
    """A hold for a closed wallet is refused; one placed before cannot be captured, stays held, and can be given back."""
    await bank.gateway.place_hold(pair.order)
    await bank.close(pair.payee)

    for _ in range(2):
        with pytest.raises(PayeeClosed):
            await bank.gateway.capture_hold(pair.order.hold_id)
    assert await bank.available(pair.payer) == 7_500
    await bank.gateway.release_hold(pair.order.hold_id)
    with pytest.raises(WalletClosed):
        await bank.gateway.place_hold(replace(pair.order, hold_id=uuid4()))

    assert await bank.available(pair.payer) == 10_000


async def test_only_its_owner_pays_from_a_wallet(bank: Bank, pair: Pair) -> None:
    """To everybody else the wallet does not exist."""
    with pytest.raises(WalletNotFound):
        await bank.gateway.place_hold(replace(pair.order, payer_id=pair.payee.owner_id))

    assert await bank.available(pair.payer) == 10_000


async def test_a_hold_is_extended_while_it_is_open(bank: Bank, pair: Pair) -> None:
    """An open hold lives on and can be captured; one that was captured or released says so, and an unknown one is impossible."""
    released = replace(pair.order, hold_id=uuid4())
    for order in (pair.order, released):
        await bank.gateway.place_hold(order)
    for _ in range(2):
        await bank.gateway.extend_hold(pair.order.hold_id, DAY * 2)
    await bank.gateway.capture_hold(pair.order.hold_id)
    await bank.gateway.release_hold(released.hold_id)

    with pytest.raises(HoldCaptured):
        await bank.gateway.extend_hold(pair.order.hold_id, DAY)
    with pytest.raises(HoldReleased):
        await bank.gateway.extend_hold(released.hold_id, DAY)
    with pytest.raises(ImpossibleAnswer):
        await bank.gateway.extend_hold(uuid4(), DAY)


async def test_a_refund_is_held_and_captured_likewise(bank: Bank, pair: Pair) -> None:
    """The purpose changes what the books call it, and nothing else."""
    order = replace(pair.order, purpose=Purpose.REFUND)
    await bank.gateway.place_hold(order)
    await bank.gateway.capture_hold(order.hold_id)

    assert (await bank.available(pair.payer), await bank.available(pair.payee)) == (7_500, 2_500)


async def test_refusals_are_definite_and_sticky(bank: Bank, pair: Pair) -> None:
    """Each reason has its type; the same order gets the same refusal, and its release finds nothing to give back."""
    euros = await bank.open(pair.payer.owner_id, "EUR", 10_000)
    refused: dict[type[Exception], dict[str, Any]] = {
        InsufficientFunds: {"amount": Money(10_001, "USD")},
        SameWallet: {"to_wallet_id": pair.payer.id},
        WalletNotFound: {"to_wallet_id": uuid4()},
        CurrencyMismatch: {"from_wallet_id": euros.id},
    }
    for refusal, change in refused.items():
        order = replace(pair.order, hold_id=uuid4(), **change)
        for _ in range(2):
            with pytest.raises(refusal):
                await bank.gateway.place_hold(order)
        await bank.gateway.release_hold(order.hold_id)

    assert await bank.available(pair.payer) == 10_000


async def test_insufficient_funds_say_how_much_there_is(bank: Bank, pair: Pair) -> None:
    """The refusal carries both amounts."""
    with pytest.raises(InsufficientFunds) as refusal:
        await bank.gateway.place_hold(replace(pair.order, amount=Money(10_001, "USD")))

    assert refusal.value.available == Money(10_000, "USD")
    assert refusal.value.requested == Money(10_001, "USD")


async def test_impossible_answers_are_no_answers(bank: Bank, pair: Pair) -> None:
    """Another order under a used id, or a hold nobody placed, is nothing to conclude anything from."""
    await bank.gateway.place_hold(pair.order)

    with pytest.raises(ImpossibleAnswer):
        await bank.gateway.place_hold(replace(pair.order, amount=Money(1, "USD")))
    with pytest.raises(ImpossibleAnswer):
        await bank.gateway.capture_hold(uuid4())


async def test_what_only_the_real_wallet_can_show(
    make_settings: MakeSettings, keys: Keys, subtests: pytest.Subtests
) -> None:
    """A refused token and a closed port are unknown outcomes; a field the wallet refuses is a refusal; a hold expires."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(running(create_wallet_app(await make_settings("wallet"))))
        url = f"{http.url}/graphql"
        client = wallet_api.Client(url, token=lambda: keys.service_token("transactions"))
        bank = RealBank(ClientWallets(await stack.enter_async_context(client)), http, keys)
        payer, payee = await bank.open(new_id(), "USD", 10_000), await bank.open(new_id(), "USD")
        order = HoldOrder(uuid4(), uuid4(), payer.owner_id, payer.id, payee.id, Money(2_500, "USD"), DAY)

        with subtests.test("nobody"):
            stranger = ClientWallets(await stack.enter_async_context(wallet_api.Client(url)))
            with pytest.raises(OutcomeUnknown):
                await stranger.place_hold(order)
        with subtests.test("closed port"):
            nobody = ClientWallets(await stack.enter_async_context(wallet_api.Client("http://127.0.0.1:1/graphql")))
            with pytest.raises(OutcomeUnknown):
                await nobody.place_hold(order)
        with subtests.test("no GraphQL"):
            health = ClientWallets(await stack.enter_async_context(wallet_api.Client(f"{http.url}/health")))
            with pytest.raises(OutcomeUnknown):
                await health.release_hold(order.hold_id)
        with subtests.test("refused field"), pytest.raises(InvalidInput):
            await bank.gateway.place_hold(replace(order, lifetime=timedelta(days=1_000)))
        with subtests.test("expiry"):
            await bank.gateway.place_hold(replace(order, lifetime=timedelta(seconds=1)))
            await asyncio.sleep(1.2)
            with pytest.raises(HoldExpired):
                await bank.gateway.capture_hold(order.hold_id)
            await bank.gateway.release_hold(order.hold_id)
            assert await bank.available(payer) == 10_000


@pytest.fixture(params=["fake", "real"])
async def directory(
    request: pytest.FixtureRequest, make_settings: MakeSettings, keys: Keys
) -> AsyncIterator[tuple[UserDirectory, UUID]]:
    """The users service, and the id of Ada, whom it knows."""
    if request.param == "fake":
        ada = new_id()
        yield FakeUsers({"ada": ada}), ada
        return
    async with running(create_users_app(await make_settings("users"))) as http:
        fields = 'email: "ada@example.com", password: "correct horse battery", handle: "ada", displayName: "Ada"'
        answer = await http.data(
            f"mutation {{ register(input: {{{fields}}}) {{ ... on Session {{ user {{ id }} }} }} }}"
        )
        client = users_api.Client(f"{http.url}/graphql", token=lambda: keys.service_token("transactions"))
        async with client:
            yield ClientUsers(client), UUID(answer["register"]["user"]["id"])


async def test_people_are_found_by_handle(directory: tuple[UserDirectory, UUID]) -> None:
    """Whatever the letter case and with or without @; nobody is None."""
    users, ada = directory

    assert [await users.user_by_handle(handle) for handle in ("ada", "@Ada", "nobody")] == [ada, ada, None]


async def test_silent_users_are_an_unknown_outcome() -> None:
    """A users service that does not answer says nothing about who exists."""
    async with users_api.Client("http://127.0.0.1:1/graphql") as client:
        with pytest.raises(OutcomeUnknown):
            await ClientUsers(client).user_by_handle("ada")
