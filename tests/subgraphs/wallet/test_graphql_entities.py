"""Wallets and users by reference, as the router asks: in order, and batched."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from payflow.kernel.db import counting_statements
from payflow.kernel.hints import MemoryHints
from payflow.kernel.tokens import Principal
from subgraphs.wallet.context import Context
from subgraphs.wallet.loaders import make_loaders
from subgraphs.wallet.schema import schema
from tests.subgraphs.wallet.people import ENTITIES, People
from tests.subgraphs.wallet.world import World


async def test_entities_by_reference(people: People) -> None:
    """References are answered in their order, and one that names no wallet is null."""
    wallets = [(await people.funded(0))[1] for _ in range(3)]
    ids = [wallets[2], str(uuid4()), wallets[0], "no uuid", wallets[1]]
    references = [{"__typename": "Wallet", "id": wallet_id} for wallet_id in ids]

    answer = await people.client.data(ENTITIES % "... on Wallet { id }", {"r": references}, token=people.service)

    assert answer["_entities"] == [{"id": ids[0]}, None, {"id": ids[2]}, None, {"id": ids[4]}]


@pytest.mark.parametrize(
    ("fields", "statements_expected"),
    [
        ("... on Wallet { currency owner { id } balance { total { amount } } }", 1),
        ("... on Wallet { entries(first: 3) { edges { node { amount { amount } } } } }", 2),
        ("... on Wallet { holds { id } }", 2),
        ("... on Wallet { balance { held { amount } } entries { edges { cursor } } holds { id } owner { id } }", 3),
    ],
)
async def test_many_wallets_cost_one_statement_per_list(world: World, fields: str, statements_expected: int) -> None:
    """However many references: one query for the wallets and their balances, one for their entries, one for their holds."""
    owner = uuid4()
    wallets = [await world.open(currency, owner_id=owner) for currency in ("USD", "EUR", "JPY", "GBP", "CHF")]
    for wallet in wallets:
        await world.deposit(wallet, 100)
    references = [{"__typename": "Wallet", "id": str(wallet.id)} for wallet in wallets]

    entities = await asked(world, owner, ENTITIES % fields, references, statements_expected)

    assert len(entities) == 5
    assert all(entities)


async def test_many_users_cost_one_statement(world: World) -> None:
    """The wallets of a currency of many people are one query, one's own list another, with their balances."""
    people = [await world.open() for _ in range(5)]
    references = [{"__typename": "User", "id": str(wallet.owner_id)} for wallet in people]
    query = ENTITIES % '... on User { wallet(currency: "USD") { id } wallets { id balance { total { amount } } } }'

    entities = await asked(world, people[0].owner_id, query, references, 2)

    assert [entity["wallet"]["id"] for entity in entities] == [str(wallet.id) for wallet in people]
    assert [len(entity["wallets"]) for entity in entities] == [1, 0, 0, 0, 0]


async def asked(
    world: World, user: UUID, query: str, references: list[dict[str, str]], statements_expected: int
) -> list[Any]:
    """Ask as the user, in one request, and check how many statements that took."""
    context = Context(
        principal=Principal("user", str(user)),
        database=world.database,
        ledger=world.ledger,
        hints=MemoryHints(),
        loaders=make_loaders(world.database),
    )
    async with counting_statements(world.database.engine) as statements:
        result = await schema.execute(query, {"r": references}, context_value=context)
    assert result.errors is None
    assert result.data is not None
    assert len(statements) == statements_expected, statements
    entities: list[Any] = result.data["_entities"]
    return entities


async def test_a_users_wallets(people: People) -> None:
    """One's own are listed; of others one may learn the wallet of a currency, to pay into it."""
    ada, wallet = await people.funded()
    euros = (await people.open(ada, "EUR"))["id"]
    stranger = people.token(uuid4())
    fields = (
        '... on User { id wallets { id } dollars: wallet(currency: "USD") { id } yen: wallet(currency: "JPY") { id } }'
    )
    asked = {"r": [{"__typename": "User", "id": str(ada)}, {"__typename": "User", "id": "no uuid"}]}

    own = (await people.client.data(ENTITIES % fields, asked, token=people.token(ada)))["_entities"]
    others = (await people.client.data(ENTITIES % fields, asked, token=stranger))["_entities"]

    assert own[0] == {
        "id": str(ada),
        "wallets": [{"id": wallet}, {"id": euros}],
        "dollars": {"id": wallet},
        "yen": None,
    }
    assert others[0] == {**own[0], "wallets": []}
    assert own[1] == others[1] == {"id": "no uuid", "wallets": [], "dollars": None, "yen": None}
