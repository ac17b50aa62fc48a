"""Money moves from one person to another through all five services, over real servers."""

from __future__ import annotations

import asyncio

from tests.e2e.conftest import Platform
from tests.e2e.people import TRANSFER, People, key, usd
from tests.subgraphs.harness import Client

WALK = """
{
  me {
    transfers { edges { node { to { owner { handle } } from { owner { handle } } amount { amount } reward { amount { amount } } } } }
    notifications { edges { node { kind transfer { amount { amount } } } } }
    rewardsEarned { amount currency }
    unreadNotificationCount
  }
}
"""
# From the first on: whoever is slow to subscribe misses nothing.
NOTIFICATIONS = """
subscription { notifications(after: "MA") { kind transfer { amount { amount } to { owner { handle } } } reward { campaign { name } } } }
"""


async def test_what_nobody_needs_a_token_for(api: Client) -> None:
    """Campaigns answer anybody."""
    assert (await api.data("{ campaigns { name rate } }"))["campaigns"][0]["rate"] == 100


async def test_me_needs_a_token(api: Client) -> None:
    """Without one the answer is an error whose code says so, and no data."""
    answer = await api.execute("{ me { id } }")

    assert answer["data"] is None
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHORIZED_FIELD_OR_TYPE"]


async def test_a_transfer_by_handle(people: People) -> None:
    """The payer pays, the payee is paid, the reward and the three notifications follow, and one query walks it all."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")

    transfer = await ada.send(25_00, bob)
    await ada.waits_for("TRANSFER_SENT", "REWARD_ISSUED")
    await bob.waits_for("TRANSFER_RECEIVED")

    assert transfer["status"] == "COMPLETED"
    assert await ada.balance() == (75_25, 0)
    assert await bob.balance() == (25_00, 0)
    me = (await ada.ask(WALK))["me"]
    assert me["transfers"]["edges"] == [
        {
            "node": {
                "to": {"owner": {"handle": bob.handle}},
                "from": {"owner": {"handle": ada.handle}},
                "amount": {"amount": 25_00},
                "reward": {"amount": {"amount": 25}},
            }
        }
    ]
    assert {edge["node"]["kind"]: edge["node"]["transfer"] for edge in me["notifications"]["edges"]} == {
        "TRANSFER_SENT": {"amount": {"amount": 25_00}},
        "REWARD_ISSUED": {"amount": {"amount": 25_00}},
    }
    assert me["rewardsEarned"] == [{"amount": 25, "currency": "USD"}]
    assert me["unreadNotificationCount"] == 2


async def test_notifications_arrive_live(people: People, api: Client) -> None:
    """Both parties' open subscriptions hear of it, each event completed with fields of other subgraphs."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")

    async with (
        api.subscribe(NOTIFICATIONS, token=ada.token) as to_ada,
        api.subscribe(NOTIFICATIONS, token=bob.token) as to_bob,
    ):
        await asyncio.sleep(0.3)
        await ada.send(25_00, bob)
        received = await to_bob.next(within_s=20)
        heard = [await to_ada.next(within_s=20), await to_ada.next(within_s=20)]

    assert received == {
        "data": {
            "notifications": {
                "kind": "TRANSFER_RECEIVED",
                "transfer": {"amount": {"amount": 25_00}, "to": {"owner": {"handle": bob.handle}}},
                "reward": None,
            }
        }
    }
    kinds = {event["data"]["notifications"]["kind"]: event["data"]["notifications"] for event in heard if event}
    assert set(kinds) == {"TRANSFER_SENT", "REWARD_ISSUED"}
    assert kinds["REWARD_ISSUED"]["reward"]["campaign"]["name"]


async def test_a_transfer_can_be_watched(people: People, api: Client) -> None:
    """transferUpdated tells the state as it is and completes with the transfer."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    transfer = await ada.send(25_00, bob)
    query = (
        "subscription ($id: ID!) { transferUpdated(id: $id) { status steps { name status } to { owner { handle } } } }"
    )

    async with api.subscribe(query, {"id": transfer["id"]}, token=bob.token) as updates:
        state = await updates.next()
        end = await updates.next()

    assert state == {
        "data": {
            "transferUpdated": {
                "status": "COMPLETED",
                "steps": [{"name": "HOLD", "status": "DONE"}, {"name": "CAPTURE", "status": "DONE"}],
                "to": {"owner": {"handle": bob.handle}},
            }
        }
    }
    assert end is None


async def test_one_key_moves_money_once(people: People) -> None:
    """The same transfer under one key, twice and at once, is one transfer; with another amount it is a conflict."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    same = key()

    first, second = await asyncio.gather(
        ada.send(25_00, bob, idempotency_key=same), ada.send(25_00, bob, idempotency_key=same)
    )
    other = await ada.send(26_00, bob, idempotency_key=same)

    assert first["id"] == second["id"]
    assert other["__typename"] == "IdempotencyConflict"
    assert await bob.balance() == (25_00, 0)


async def test_refusals(people: People, api: Client) -> None:
    """What cannot be is refused as data: too little money, oneself, nobody, somebody else's wallet, another currency."""
    ada, bob = await people.person("ada", balance=10_00), await people.person("bob")

    poor = await ada.send(25_00, bob)
    assert (poor["__typename"], poor["available"], poor["requested"]) == (
        "InsufficientFunds",
        {"amount": 10_00},
        {"amount": 25_00},
    )
    assert (await ada.send(1_00, ada))["__typename"] == "SameWallet"

    async def send(**change: object) -> str:
        order = {
            "fromWalletId": ada.wallet_id,
            "to": {"walletId": bob.wallet_id},
            "amount": usd(1_00),
            "idempotencyKey": key(),
        }
        data = await ada.ask(TRANSFER, {"input": {**order, **change}})
        return str(data["transfer"]["__typename"])

    assert await send(to={"handle": "nobody_at_all"}) == "RecipientNotFound"
    assert await send(fromWalletId=bob.wallet_id) == "WalletNotFound"
    assert await send(amount={"amount": 1_00, "currency": "EUR"}) == "CurrencyMismatch"
    assert await send(amount=usd(0)) == "InvalidInput"
    assert await ada.balance() == (10_00, 0)


async def test_money_is_private(people: People) -> None:
    """Of somebody else's wallet one learns owner and currency; the balance is null with a FORBIDDEN error at its place."""
    ada, bob = await people.person("ada", balance=10_00), await people.person("bob")
    query = "query ($id: ID!) { wallet(id: $id) { currency owner { handle email } balance { total { amount } } } }"

    answer = await ada.api.execute(query, {"id": bob.wallet_id}, token=ada.token)

    assert answer["data"]["wallet"] == {
        "currency": "USD",
        "owner": {"handle": bob.handle, "email": None},
        "balance": None,
    }
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [
        (["wallet", "balance"], "FORBIDDEN")
    ]


async def test_internal_commands_cannot_be_named(people: People, api: Client) -> None:
    """A client that asks for the wallet's internal commands is told that there is no such field."""
    ada = await people.person("ada")

    answer = await api.execute('mutation { captureHold(id: "x") { __typename } }', token=ada.token)

    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert "placeHold" not in str(answer)


async def test_every_part_is_up(platform: Platform) -> None:
    """status --json lists every part as up."""
    report = platform.status()

    assert report["ready"]
    assert {part["state"] for part in report["parts"]} == {"up"}
    assert len(report["parts"]) == 11
