"""What an amount may be: whole minor units of any currency of ISO 4217, and an own answer to each thing that is none."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from payflow.kernel.money import MINOR_UNITS_MAX
from tests.subgraphs.wallet.people import DEPOSIT, People


@pytest.mark.parametrize(
    ("currency", "formatted"),
    [
        ("USD", "$123.45"),
        ("JPY", "¥12,345"),
        ("KWD", "KWD12.345"),
        ("CLF", "CLF1.2345"),
        ("XOF", "F\u202fCFA12,345"),  # of several lands
        ("XAD", "XAD123.45"),  # of no land
        ("IQD", "IQD12.345"),  # whose price tags show no digits
    ],
)
async def test_any_currency_has_its_own_digits(people: People, currency: str, formatted: str) -> None:
    """A wallet opens in it, and 12345 of its minor units read as people write them."""
    ada = uuid4()
    wallet = await people.open(ada, currency)

    entry = await people.deposit(ada, wallet["id"], 12_345, currency=currency)

    assert entry["balanceAfter"] == {"amount": 12_345, "currency": currency, "formatted": formatted}


@pytest.mark.parametrize("amount", [0, -1, -(2**53 - 1), 10**15 + 1, MINOR_UNITS_MAX])
async def test_an_amount_that_nobody_may_move(people: People, amount: int) -> None:
    """A whole number that is no amount is InvalidInput, which says the bounds."""
    ada, wallet = await people.funded(0)

    refused = await people.deposit(ada, wallet, amount)

    assert (refused["__typename"], refused["field"]) == ("InvalidInput", "amount")
    assert refused["message"] == f"amount must be between 1 and {10**15} minor units, got {amount}"


@pytest.mark.parametrize(
    ("amount", "rule"),
    [
        (1.5, "MinorUnits must be a whole number"),
        (1.0, "MinorUnits must be a whole number"),
        (2**53, "within ±(2^53-1)"),
        (-(2**53), "within ±(2^53-1)"),
        (10**30, "within ±(2^53-1)"),
        ("5", "MinorUnits must be a whole number"),
        (True, "MinorUnits must be a whole number"),
    ],
)
@pytest.mark.parametrize("literal", [False, True])
async def test_a_value_that_is_no_number_of_minor_units(
    people: People, amount: object, rule: str, *, literal: bool
) -> None:
    """It never reaches the ledger, in a variable or written out: an error that names the rule, with the code BAD_USER_INPUT."""
    ada, wallet = await people.funded(0)

    answer = await deposited(people, ada, wallet, amount, "USD", literal=literal)

    assert_told(answer, rule)


@pytest.mark.parametrize("currency", ["usd", "US", "USDX", "U$D", "", "ＵＳＤ", 840])
@pytest.mark.parametrize("literal", [False, True])
async def test_a_value_that_is_no_currency_code(people: People, currency: object, *, literal: bool) -> None:
    """It is told what a code looks like."""
    ada, wallet = await people.funded(0)

    answer = await deposited(people, ada, wallet, 5, currency, literal=literal)

    assert_told(answer, "CurrencyCode must be three upper-case letters, e.g. USD")


@pytest.mark.parametrize("currency", ["ZZZ", "DEM", "XAU", "XTS"])
async def test_a_code_that_is_no_money(people: People, currency: str) -> None:
    """Unknown, retired, metal, test: InvalidInput, where a wallet is opened and where money is moved."""
    ada, wallet = await people.funded(0)

    opened, moved = await people.open(ada, currency), await people.deposit(ada, wallet, 5, currency=currency)

    assert (opened["__typename"], opened["field"]) == ("InvalidInput", "currency")
    assert (moved["__typename"], moved["field"]) == ("InvalidInput", "amount")
    assert currency in opened["message"]
    assert currency in moved["message"]


async def test_another_currency_than_the_wallets(people: People) -> None:
    """Money is not converted: CurrencyMismatch names both."""
    ada, wallet = await people.funded(0)

    refused = await people.deposit(ada, wallet, 5, currency="EUR")

    assert refused["__typename"] == "CurrencyMismatch"
    assert refused["message"] == "The wallet holds USD and the amount is in EUR; money is not converted."


@pytest.mark.parametrize("instant", ["yesterday", "2026-01-01T00:00:00", "0001-01-01T00:00:00+10:00", 5])
async def test_a_value_that_is_no_instant(people: People, instant: object) -> None:
    """It is told what one looks like."""
    ada, wallet = await people.funded(0)
    query = "query ($id: ID!, $at: DateTime) { wallet(id: $id) { balance(at: $at) { total { amount } } } }"

    answer = await people.client.execute(query, {"id": wallet, "at": instant}, token=people.token(ada))

    assert_told(answer, "e.g. 2026-11-22T13:05:00Z")


async def deposited(
    people: People, user: Any, wallet: str, amount: object, currency: object, *, literal: bool
) -> dict[str, Any]:
    """The whole answer to a deposit of this, sent as a variable or written into the operation."""
    if not literal:
        money = {"amount": amount, "currency": currency}
        variables = {"input": {"walletId": wallet, "amount": money, "idempotencyKey": "k"}}
        return await people.client.execute(DEPOSIT, variables, token=people.token(user))
    written = f"{{ amount: {_literal(amount)}, currency: {_literal(currency)} }}"
    mutation = f'mutation {{ deposit(input: {{ walletId: "{wallet}", amount: {written}, idempotencyKey: "k" }}) {{ __typename }} }}'
    return await people.client.execute(mutation, token=people.token(user))


def assert_told(answer: dict[str, Any], rule: str) -> None:
    """Nothing was done, and one error says the rule, with the code of bad input."""
    assert "data" not in answer
    (error,) = answer["errors"]
    assert rule in error["message"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
