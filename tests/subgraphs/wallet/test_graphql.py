"""What people do with their wallets, through the real application."""

from __future__ import annotations

from uuid import uuid4

import pytest

from subgraphs.wallet.ledger import Ledger
from tests.subgraphs.harness import Client
from tests.subgraphs.wallet.people import DEPOSIT, People


async def test_open_deposit_and_look(people: People) -> None:
    """A new wallet is empty; a deposit shows in its balance and as its entry."""
    ada = uuid4()
    wallet = await people.open(ada)
    assert (wallet["__typename"], wallet["currency"], wallet["owner"]) == ("Wallet", "USD", {"id": str(ada)})

    entry = await people.deposit(ada, wallet["id"], 1250)

    assert entry["amount"] == {"amount": 1250, "currency": "USD", "formatted": "$12.50"} == entry["balanceAfter"]
    assert (entry["kind"], entry["transfer"]) == ("DEPOSIT", None)
    assert entry["createdAt"].endswith("Z")
    query = "query ($id: ID!) { wallet(id: $id) { balance { total { amount } } entries { edges { node { id } } } } }"
    seen = (await people.client.data(query, {"id": wallet["id"]}, token=people.token(ada)))["wallet"]
    assert seen["balance"]["total"]["amount"] == 1250
    assert seen["entries"]["edges"] == [{"node": {"id": entry["id"]}}]


async def test_a_second_wallet_of_a_currency(people: People) -> None:
    """WalletExists shows the wallet that there is."""
    ada, wallet = await people.funded(5)

    again = await people.open(ada)

    assert again["__typename"] == "WalletExists"
    assert again["wallet"] == {"id": wallet, "balance": {"total": {"amount": 5}}}


async def test_refusals_of_deposit_arrive_as_union_members(people: People) -> None:
    """Every refusal is data, with a sentence; malformed input names its field."""
    ada, wallet = await people.funded()
    stranger = uuid4()

    assert (await people.deposit(ada, wallet, 5, currency="EUR"))["__typename"] == "CurrencyMismatch"
    assert (await people.deposit(stranger, wallet, 5))["__typename"] == "WalletNotFound"
    assert (await people.deposit(ada, str(uuid4()), 5))["__typename"] == "WalletNotFound"
    assert (await people.deposit(ada, "no uuid", 5))["__typename"] == "WalletNotFound"
    assert (await people.deposit(ada, wallet, 5, idempotencyKey="k"))["__typename"] == "Entry"
    assert (await people.deposit(ada, wallet, 6, idempotencyKey="k"))["__typename"] == "IdempotencyConflict"
    for refused, field in (
        (await people.deposit(ada, wallet, 0), "amount"),
        (await people.deposit(ada, wallet, 10**15 + 1), "amount"),
        (await people.deposit(ada, wallet, 5, currency="ZZZ"), "amount"),
        (await people.deposit(ada, wallet, 5, idempotencyKey=""), "idempotencyKey"),
        (await people.deposit(ada, wallet, 5, idempotencyKey="k" * 65), "idempotencyKey"),
        (await people.deposit(ada, wallet, 5, idempotencyKey="nul\x00"), "idempotencyKey"),
    ):
        assert (refused["__typename"], refused["field"]) == ("InvalidInput", field)
    unknown = await people.open(ada, "ZZZ")
    assert (unknown["__typename"], unknown["field"]) == ("InvalidInput", "currency")


async def test_a_repeat_is_equal_to_the_letter(people: People) -> None:
    """Accepted or refused, the same key and input get the same answer."""
    ada, wallet = await people.funded()
    for currency in ("USD", "EUR"):
        key = uuid4().hex
        first = await people.deposit(ada, wallet, 5, currency=currency, idempotencyKey=key)
        assert await people.deposit(ada, wallet, 5, currency=currency, idempotencyKey=key) == first


async def test_statements_have_pages(people: People) -> None:
    """Walking the cursors shows every entry once, newest first; bad arguments are told so."""
    ada, wallet = await people.funded(0)
    for amount in range(1, 6):
        await people.deposit(ada, wallet, amount)
    query = """query ($id: ID!, $first: Int, $after: String) { wallet(id: $id) { entries(first: $first, after: $after) {
        edges { node { amount { amount } } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }"""

    seen, after, pages = [], None, 0
    while True:
        variables = {"id": wallet, "first": 2, "after": after}
        page = (await people.client.data(query, variables, token=people.token(ada)))["wallet"]["entries"]
        seen += [edge["node"]["amount"]["amount"] for edge in page["edges"]]
        pages += 1
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert (seen, pages) == ([5, 4, 3, 2, 1], 3)

    for arguments in ({"first": 0}, {"first": 101}, {"first": 2, "after": "?"}, {"first": 2, "after": "eA"}):
        answer = await people.client.execute(query, {"id": wallet, **arguments}, token=people.token(ada))
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]
        assert answer["data"]["wallet"]["entries"] is None


async def test_faults_are_masked(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault reaches the client as one sentence with a code, and the same command then succeeds."""

    async def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    ada, wallet = await people.funded(0)
    money = {"amount": 5, "currency": "USD"}
    variables = {"input": {"walletId": wallet, "amount": money, "idempotencyKey": "k"}}
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "post", broken)
        answer = await people.client.execute(DEPOSIT, variables, token=people.token(ada))

    assert "secret" not in str(answer)
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert (await people.deposit(ada, wallet, 5, idempotencyKey="k"))["__typename"] == "Entry"


async def test_health(client: Client) -> None:
    """Liveness and readiness answer 200 while the database does."""
    assert (await client.get("/health"))[0] == 200
    assert (await client.get("/ready"))[0] == 200
