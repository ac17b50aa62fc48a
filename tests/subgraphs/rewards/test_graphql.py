"""The rewards service through its real application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from payflow.kernel.clock import SystemClock
from payflow.kernel.db import Database, counting_statements
from payflow.kernel.ids import new_id
from payflow.kernel.tokens import Principal
from subgraphs.rewards import campaigns_store
from subgraphs.rewards.app import create_app
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.harness import Client, Keys, running
from tests.subgraphs.rewards.world import NOW, World, issued, pending, refund, transfer

ENTITIES = "query ($r: [_Any!]!) { _entities(representations: $r) { %s } }"
REWARDS = """
... on User {
  rewards(first: 2, after: $after) { edges { cursor node { id amount { formatted } status } } pageInfo { hasNextPage endCursor } }
  rewardsEarned { amount currency formatted }
}
"""


@pytest.fixture
async def platform(make_settings: MakeSettings) -> AsyncIterator[tuple[Client, Database]]:
    settings = await make_settings("rewards")
    database = Database(settings.database_url("rewards"))
    async with running(create_app(settings)) as client:
        yield client, database
    await database.close()


async def user(client: Client, user_id: UUID, *, token: str | None, after: str | None = None) -> dict[str, Any]:
    data = await client.data(
        ENTITIES.replace("($r", "($after: String, $r") % REWARDS,
        {"r": [{"__typename": "User", "id": str(user_id)}], "after": after},
        token=token,
    )
    found: dict[str, Any] = data["_entities"][0]
    return found


async def test_campaigns_are_for_anybody(platform: tuple[Client, Database]) -> None:
    """Without a token one sees what is offered."""
    data = await platform[0].data(
        "{ campaigns { id version name rate cap { amount } minimum { amount } userCap { amount } period budget { amount }"
        " budgetLeft { amount } currency startsAt endsAt } }"
    )

    assert data["campaigns"] == [
        {
            "id": "01935000-0000-7000-8000-000000000001",
            "version": 1,
            "name": "Welcome cashback",
            "rate": 100,
            "cap": None,
            "minimum": None,
            "userCap": None,
            "period": "CAMPAIGN",
            "budget": None,
            "budgetLeft": None,
            "currency": "USD",
            "startsAt": "2026-01-01T00:00:00.000000Z",
            "endsAt": None,
        }
    ]


async def test_only_open_campaigns_are_listed(platform: tuple[Client, Database]) -> None:
    """Not those to come, those that are over and those that are paused; and of the others what is left of the budget."""
    client, database = platform
    world, now = World(database), datetime.now(UTC)
    world.clock.advance(now - NOW)
    opened = await world.campaign(name="Open", starts_at=now - timedelta(days=1), budget=100_00)
    await world.campaign(name="To come", starts_at=now + timedelta(days=1))
    await world.campaign(name="Over", starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))
    paused = await world.campaign(name="Paused", currency="JPY", starts_at=now - timedelta(days=1))
    async with database.unit_of_work() as work:
        await campaigns_store.pause(work, paused.id, asked_at=now, now=now - timedelta(minutes=1))
    await world.assess(transfer(100_00, "EUR", completed_at=now))

    data = await client.data("{ campaigns { id name budgetLeft { formatted } } }")

    assert [campaign["name"] for campaign in data["campaigns"]] == ["Welcome cashback", "Open"]
    assert data["campaigns"][1] == {"id": str(opened.id), "name": "Open", "budgetLeft": {"formatted": "€90.00"}}


async def test_what_went_back_is_shown_and_not_counted(platform: tuple[Client, Database], keys: Keys) -> None:
    """Of a reward, and in the sum of all; one that has gone back as a whole is still its transfer's."""
    client, database = platform
    world, ada = World(database), new_id()
    part, whole = (world.transfer(payer_id=ada) for _ in range(2))
    await world.completes(part, whole)
    await world.goes_back(refund(part, 1000), refund(whole, 2500))
    references = [{"__typename": "Transfer", "id": str(one.id)} for one in (part, whole)]

    data = await client.data(
        ENTITIES % "... on Transfer { reward { status amount { amount } clawedBack { amount } clamped } }",
        {"r": references},
        token=keys.user_token(ada),
    )
    found = await user(client, ada, token=keys.user_token(ada))

    assert [entity["reward"] for entity in data["_entities"]] == [
        {"status": "ISSUED", "amount": {"amount": 25}, "clawedBack": {"amount": 10}, "clamped": False},
        {"status": "CLAWED_BACK", "amount": {"amount": 25}, "clawedBack": {"amount": 25}, "clamped": False},
    ]
    assert found["rewardsEarned"] == [{"amount": 15, "currency": "USD", "formatted": "$0.15"}]


async def test_ones_own_rewards_by_pages(platform: tuple[Client, Database], keys: Keys) -> None:
    """The latest first, page by page, and what they add up to."""
    client, database = platform
    ada = new_id()
    mine = sorted([str((await issued(database, ada)).id) for _ in range(3)], reverse=True)
    await issued(database)

    first = await user(client, ada, token=keys.user_token(ada))
    second = await user(client, ada, token=keys.user_token(ada), after=first["rewards"]["pageInfo"]["endCursor"])

    assert [edge["node"]["id"] for page in (first, second) for edge in page["rewards"]["edges"]] == mine
    assert [page["rewards"]["pageInfo"]["hasNextPage"] for page in (first, second)] == [True, False]
    assert first["rewards"]["edges"][0]["node"]["amount"]["formatted"] == "$0.25"
    assert first["rewardsEarned"] == [{"amount": 75, "currency": "USD", "formatted": "$0.75"}]


async def test_others_see_nothing(platform: tuple[Client, Database], keys: Keys) -> None:
    """A stranger, a service and nobody at all find a person without rewards, a transfer without, and no reward."""
    client, database = platform
    reward = await issued(database)
    references = [
        {"__typename": "Reward", "id": str(reward.id)},
        {"__typename": "Transfer", "id": str(reward.transfer_id)},
    ]
    query = ENTITIES % "... on Reward { id } ... on Transfer { reward { id } }"

    for token in (None, keys.user_token(new_id()), keys.service_token("transactions")):
        found = await user(client, reward.user_id, token=token)
        assert (found["rewards"]["edges"], found["rewardsEarned"]) == ([], [])
        data = await client.data(query, {"r": references}, token=token)
        assert data["_entities"] == [None, {"reward": None}]


async def test_a_reward_leads_to_its_transfer_and_campaign(platform: tuple[Client, Database], keys: Keys) -> None:
    """The entity answers with the keys that others resolve, and a transfer knows its reward."""
    client, database = platform
    reward = await issued(database)
    references = [
        {"__typename": "Reward", "id": str(reward.id)},
        {"__typename": "Transfer", "id": str(reward.transfer_id)},
    ]
    query = ENTITIES % (
        "... on Reward { user { id } transfer { id } campaign { name } status } ... on Transfer { reward { id } }"
    )

    data = await client.data(query, {"r": references}, token=keys.user_token(reward.user_id))

    assert data["_entities"] == [
        {
            "user": {"id": str(reward.user_id)},
            "transfer": {"id": str(reward.transfer_id)},
            "campaign": {"name": "Welcome cashback"},
            "status": "ISSUED",
        },
        {"reward": {"id": str(reward.id)}},
    ]


async def test_a_pending_reward_is_not_shown_on_its_transfer(platform: tuple[Client, Database], keys: Keys) -> None:
    """Until it is issued, Transfer.reward is null; the list shows it as PENDING and the sum does not count it."""
    client, database = platform
    reward = await pending(database)
    token = keys.user_token(reward.user_id)

    data = await client.data(
        ENTITIES % "... on Transfer { reward { id } }",
        {"r": [{"__typename": "Transfer", "id": str(reward.transfer_id)}]},
        token=token,
    )
    found = await user(client, reward.user_id, token=token)

    assert data["_entities"] == [{"reward": None}]
    assert [edge["node"]["status"] for edge in found["rewards"]["edges"]] == ["PENDING"]
    assert found["rewardsEarned"] == []


@pytest.mark.parametrize("arguments", ["first: 0", "first: 101", 'after: "nonsense"', 'after: "bm90IGFuIGlk"'])
async def test_bad_pages_are_said_to_be_bad(platform: tuple[Client, Database], keys: Keys, arguments: str) -> None:
    """A page of no size, and a cursor that is none of ours, are the client's errors."""
    ada = new_id()
    answer = await platform[0].execute(
        ENTITIES % f"... on User {{ rewards({arguments}) {{ edges {{ cursor }} }} }}",
        {"r": [{"__typename": "User", "id": str(ada)}]},
        token=keys.user_token(ada),
    )

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


async def test_ids_that_are_none_name_nothing(platform: tuple[Client, Database], keys: Keys) -> None:
    """A reference that is no UUID is answered with null, not with a fault."""
    data = await platform[0].data(
        ENTITIES % "... on Reward { id } ... on Transfer { reward { id } }",
        {"r": [{"__typename": "Reward", "id": "x"}, {"__typename": "Transfer", "id": "x"}]},
        token=keys.user_token(new_id()),
    )

    assert data["_entities"] == [None, {"reward": None}]


@pytest.mark.parametrize(
    ("typename", "fields"),
    [
        ("Reward", "... on Reward { id campaign { name } }"),
        ("Transfer", "... on Transfer { reward { id } }"),
        ("User", "... on User { rewards { edges { node { id } } } }"),
        ("User", "... on User { rewardsEarned { amount } }"),
    ],
)
async def test_entities_cost_one_statement(make_settings: MakeSettings, typename: str, fields: str) -> None:
    """However many references, the loader asks the database once."""
    from subgraphs.rewards.context import Context
    from subgraphs.rewards.loaders import make_loaders
    from subgraphs.rewards.schema import schema

    database = Database((await make_settings("rewards")).database_url("rewards"))
    me = str(new_id())
    context = Context(
        principal=Principal("user", me), database=database, loaders=make_loaders(database), clock=SystemClock()
    )
    references = [{"__typename": typename, "id": me if typename == "User" else str(new_id())} for _ in range(50)]

    async with counting_statements(database.engine) as statements:
        result = await schema.execute(ENTITIES % fields, {"r": references}, context_value=context)

    assert not result.errors
    assert len([statement for statement in statements if "FROM rewards" in statement]) == 1
    await database.close()


async def test_health(platform: tuple[Client, Database]) -> None:
    """Liveness and readiness answer 200 while the database does."""
    assert (await platform[0].get("/health"))[0] == 200
    assert (await platform[0].get("/ready"))[0] == 200
