"""What cannot be done is told for what it is: each mistake its own problem type or error code, through the router."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.conftest import Platform
from tests.e2e.people import People, Person, key, usd
from tests.subgraphs.harness import Client

MUTATIONS = {
    "deposit": "DepositInput",
    "withdraw": "WithdrawInput",
    "transfer": "TransferInput",
    "refundTransfer": "RefundInput",
    "requestPayment": "RequestPaymentInput",
    "payRequest": "PayRequestInput",
}
CLOSE = "mutation ($id: ID!) { closeWallet(id: $id) { __typename } }"
AMOUNTS: list[tuple[Any, str]] = [
    (usd(0), "InvalidInput"),
    (usd(-1), "InvalidInput"),
    (usd(2**53 - 1), "InvalidInput"),
    (usd(2**53), "BAD_USER_INPUT"),
    ({"amount": 12.5, "currency": "USD"}, "BAD_USER_INPUT"),
    ({"amount": "5", "currency": "USD"}, "BAD_USER_INPUT"),
    ({"amount": 5, "currency": "usd"}, "BAD_USER_INPUT"),
    ({"amount": 5, "currency": "EUR"}, "CurrencyMismatch"),
]


@dataclass(frozen=True)
class Situation:
    """Ada has paid Bob, and is asked by him for money; the commands that would go through, by mutation."""

    ada: Person
    bob: Person
    sent: str
    asked: str

    def good(self, mutation: str) -> tuple[Person, dict[str, Any]]:
        """Who sends it, and what."""
        amount, same = usd(1_00), {"idempotencyKey": key()}
        commands: dict[str, tuple[Person, dict[str, Any]]] = {
            "deposit": (self.ada, {"walletId": self.ada.wallet_id, "amount": amount, **same}),
            "withdraw": (self.ada, {"walletId": self.ada.wallet_id, "amount": amount, **same}),
            "transfer": (
                self.ada,
                {"fromWalletId": self.ada.wallet_id, "to": {"handle": self.bob.handle}, "amount": amount, **same},
            ),
            "refundTransfer": (self.bob, {"transferId": self.sent, "amount": amount, **same}),
            "requestPayment": (self.bob, {"payerHandle": self.ada.handle, "amount": amount, **same}),
            "payRequest": (self.ada, {"id": self.asked, "fromWalletId": self.ada.wallet_id, **same}),
        }
        return commands[mutation]

    async def told(self, mutation: str, *, by: Person | None = None, **change: Any) -> str:
        """What becomes of the good command with this change: the type of the result, or the code of the error."""
        sender, fields = self.good(mutation)
        query = f"mutation ($input: {MUTATIONS[mutation]}!) {{ {mutation}(input: $input) {{ __typename }} }}"
        person = by or sender
        answer = await person.api.execute(query, {"input": {**fields, **change}}, token=person.token)
        if "errors" in answer:
            [error] = answer["errors"]
            assert not (answer.get("data") or {}).get(mutation)
            return str(error["extensions"]["code"])
        return str(answer["data"][mutation]["__typename"])


@pytest.fixture
async def situation(people: People) -> Situation:
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob", balance=1_00)
    sent = (await ada.send(5_00, bob))["id"]
    await ada.waits_for("TRANSFER_SENT", "REWARD_ISSUED")  # so that no balance changes by itself any more
    query = "mutation ($input: RequestPaymentInput!) { requestPayment(input: $input) { ... on PaymentRequest { id } } }"
    fields = {"payerHandle": ada.handle, "amount": usd(2_00), "idempotencyKey": key()}
    asked = (await bob.ask(query, {"input": fields}))["requestPayment"]["id"]
    return Situation(ada, bob, sent, asked)


async def balances(situation: Situation) -> list[tuple[int, int]]:
    return [await situation.ada.balance(), await situation.bob.balance()]


async def test_wrong_amounts(situation: Situation) -> None:
    """Zero, less, more than any JSON reader keeps, a fraction, text, a code that is none, another currency: none moves money."""
    before = await balances(situation)

    for mutation in ("deposit", "withdraw", "transfer", "refundTransfer", "requestPayment"):
        told = [await situation.told(mutation, amount=amount) for amount, _ in AMOUNTS]
        expected = [answer for _, answer in AMOUNTS]
        if mutation == "transfer":
            expected[2] = "LimitExceeded"
        if mutation == "refundTransfer":
            expected[2] = "NotRefundable"
        if mutation == "requestPayment":
            expected[2], expected[-1] = "PaymentRequest", "WalletNotFound"
        assert told == expected, mutation

    assert await balances(situation) == before


async def test_a_currency_that_does_not_exist(situation: Situation) -> None:
    """Three capital letters that are no currency are told apart from a currency that the wallet does not hold."""
    nowhere = {"amount": 5, "currency": "ABC"}

    for mutation in ("transfer", "refundTransfer", "requestPayment"):
        assert await situation.told(mutation, amount=nowhere) == "InvalidInput", mutation
    open_wallet = 'mutation { openWallet(currency: "ABC") { __typename ... on InvalidInput { field } } }'
    assert (await situation.ada.ask(open_wallet))["openWallet"] == {"__typename": "InvalidInput", "field": "currency"}


async def test_wallets_of_others(situation: Situation, people: People) -> None:
    """Nobody pays, withdraws or fills from what is not theirs, and what does not exist is told the same."""
    eve, foreign = await people.person("eve", balance=1_00), situation.ada.wallet_id

    for wallet in (foreign, "01a20000-0000-7000-8000-000000000000", "nonsense"):
        assert await situation.told("deposit", by=eve, walletId=wallet) == "WalletNotFound"
        assert await situation.told("withdraw", by=eve, walletId=wallet) == "WalletNotFound"
        assert await situation.told("transfer", by=eve, fromWalletId=wallet) == "WalletNotFound"
        assert await situation.told("payRequest", fromWalletId=wallet if wallet != foreign else eve.wallet_id) == (
            "WalletNotFound"
        )
    assert await situation.told("payRequest", by=eve, fromWalletId=eve.wallet_id) == "PaymentRequestNotFound"
    assert await situation.told("refundTransfer", by=eve) == "TransferNotFound"
    assert (await eve.ask(CLOSE, {"id": foreign}))["closeWallet"]["__typename"] == "WalletNotFound"
    assert await eve.balance() == (1_00, 0)


async def test_nobody(situation: Situation, api: Client) -> None:
    """Without a token nothing is even asked of a service."""
    for mutation, input_type in MUTATIONS.items():
        query = f"mutation ($input: {input_type}!) {{ {mutation}(input: $input) {{ __typename }} }}"
        answer = await api.execute(query, {"input": situation.good(mutation)[1]})
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHORIZED_FIELD_OR_TYPE"], mutation


async def test_keys(situation: Situation) -> None:
    """A key that was used with another input is a conflict; one of a wrong length is InvalidInput; both in every mutation."""
    for mutation in MUTATIONS:
        same = key()
        assert await situation.told(mutation, idempotencyKey="k" * 65) == "InvalidInput", mutation
        assert await situation.told(mutation, idempotencyKey="") == "InvalidInput", mutation
        assert await situation.told(mutation, idempotencyKey=same) in ("Entry", "Transfer", "PaymentRequest"), mutation
        other = {"fromWalletId": "another"} if mutation == "payRequest" else {"amount": usd(1_01)}
        before = await situation.bob.balance()
        assert await situation.told(mutation, idempotencyKey=same, **other) == "IdempotencyConflict", mutation
        assert await situation.bob.balance() == before


async def test_frozen_wallets(situation: Situation, platform: Platform) -> None:
    """No money leaves a frozen wallet, and it may come in; unfrozen, all is as before."""
    platform.payflow("wallets", "freeze", situation.ada.wallet_id, "--reason", "a stolen phone")

    for mutation in ("withdraw", "transfer", "payRequest"):
        assert await situation.told(mutation) == "WalletFrozen", mutation
    assert await situation.told("deposit") == "Entry"
    assert await situation.told("refundTransfer") == "Transfer"
    platform.payflow("wallets", "freeze", situation.bob.wallet_id, "--reason", "a stolen phone")
    assert await situation.told("refundTransfer") == "WalletFrozen"
    for person in (situation.ada, situation.bob):
        platform.payflow("wallets", "unfreeze", person.wallet_id, "--reason", "found again")
    assert await situation.told("payRequest") == "Transfer"
    assert await situation.told("refundTransfer") == "Transfer"


async def test_closed_wallets(situation: Situation) -> None:
    """An empty wallet can be closed, a full one cannot; then no money goes in or out, from any side."""
    ada, bob = situation.ada, situation.bob
    assert (await bob.ask(CLOSE, {"id": bob.wallet_id}))["closeWallet"]["__typename"] == "WalletNotEmpty"
    assert await situation.told("withdraw", by=bob, walletId=bob.wallet_id, amount=usd(6_00)) == "Entry"
    assert (await bob.ask(CLOSE, {"id": bob.wallet_id}))["closeWallet"]["__typename"] == "Wallet"
    before = await ada.balance()

    assert await situation.told("deposit", by=bob, walletId=bob.wallet_id) == "WalletClosed"
    assert await situation.told("withdraw", by=bob, walletId=bob.wallet_id) == "WalletClosed"
    assert await situation.told("transfer", to={"walletId": bob.wallet_id}) == "WalletClosed"
    assert await situation.told("payRequest") == "WalletClosed"
    assert await situation.told("refundTransfer") == "WalletClosed"
    assert await ada.balance() == before
