"""What rewards writes is read back equal, and what it should not write is refused."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from payflow.kernel.db import Database
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.rewards import campaigns_store, store
from subgraphs.rewards.domain import Period
from tests.subgraphs.rewards.world import DEFAULT_CAMPAIGN, NOW, World, issued, pending, terms


async def test_the_default_campaign(world: World) -> None:
    """A fresh database offers one per cent on dollars, for as long as it likes; rewards derive their ids from its id."""
    async with world.database.read() as connection:
        (life,) = await campaigns_store.every(connection)
    campaign = life.at(NOW)

    assert campaign is not None
    assert (campaign.id, campaign.version) == (DEFAULT_CAMPAIGN, 1)
    assert UUID("01935000-0000-7000-8000-000000000001") == DEFAULT_CAMPAIGN
    assert (campaign.name, campaign.rate, campaign.currency) == ("Welcome cashback", 100, "USD")
    assert (campaign.cap, campaign.minimum, campaign.ends_at, campaign.budget) == (None, None, None, None)


async def test_a_campaign_with_everything(world: World) -> None:
    """All terms are read back as they were written, the versions in their order."""
    full = {
        "name": "Yen week",
        "rate": 500,
        "cap": 1000,
        "minimum": 100,
        "user_cap": 5000,
        "period": Period.WEEK,
        "budget": 90_000,
        "starts_at": NOW,
        "ends_at": NOW + timedelta(days=7),
    }
    made = await world.campaign(currency="JPY", **full)
    await world.change(made, NOW + timedelta(days=1), **{**full, "rate": 600})

    life = await world.life(made.id)
    assert [version.terms for version in life.versions] == [terms(**full), terms(**{**full, "rate": 600})]
    assert life.current.user_cap == Money(5000, "JPY")


async def test_rewards_are_read_by_id_and_by_transfer(database: Database) -> None:
    """Batch reads answer those that exist, under the key they were asked by."""
    one, two = await pending(database), await issued(database)

    async with database.read() as connection:
        assert await store.by_ids(connection, [one.id, new_id(), two.id]) == {one.id: one, two.id: two}
        assert await store.by_transfers(connection, [one.transfer_id, new_id()]) == {one.transfer_id: one}


async def test_issued_once(database: Database) -> None:
    """Only the first of two writers issues a reward."""
    reward = await pending(database)

    async with database.unit_of_work() as work:
        assert await store.mark_issued(work, [reward.id], now=NOW)
        assert not await store.mark_issued(work, [reward.id], now=NOW + timedelta(days=1))
        assert (await store.by_ids(work.connection, [reward.id]))[reward.id].issued_at == NOW


async def test_pages_are_of_one_person_and_the_latest_first(database: Database) -> None:
    """Pages follow each other without gap or overlap."""
    ada, bob = new_id(), new_id()
    mine = sorted([(await pending(database, ada)).id for _ in range(5)], reverse=True)
    await pending(database, bob)

    async with database.read() as connection:
        first = await store.page(connection, ada, before=None, most=3)
        second = await store.page(connection, ada, before=first[-1].id, most=3)

    assert [reward.id for reward in [*first, *second]] == mine


async def test_earned_counts_what_was_issued(database: Database) -> None:
    """Pending money has not been earned yet."""
    ada = new_id()
    await issued(database, ada, 2500)
    await issued(database, ada, 5000)
    await pending(database, ada, 90_000)

    async with database.read() as connection:
        assert await store.earned(connection, [ada, new_id()]) == {ada: [Money(75, "USD")]}


@pytest.mark.parametrize(
    "change",
    [
        "amount = 0",
        "status = 'CLAWED'",
        "status = 'ISSUED'",
        "status = 'REJECTED'",
        "status = 'CLAWED_BACK', issued_at = now()",
        "issued_at = now()",
        "currency = 'usd'",
        "clawed_back = 1",
        "reclaimed = 26",
        "version = 2",
        "source = 'PETTY_CASH'",
    ],
)
async def test_the_database_refuses_what_the_code_should_not_send(database: Database, change: str) -> None:
    """What a reward is made of agrees with itself, and with the terms that it names."""
    reward = await pending(database)

    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as work:
            await work.connection.execute(text(f"UPDATE rewards SET {change} WHERE id = :id"), {"id": reward.id})


async def test_migrations_match_the_tables(database: Database) -> None:
    """What Alembic made is what tables.py declares."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from subgraphs.rewards.tables import metadata

    async with database.engine.connect() as connection:
        difference = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), metadata)
        )

    assert difference == []
