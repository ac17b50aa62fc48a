"""What rewards writes is read back equal, and what it should not write is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from payflow.kernel.db import Database
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.rewards import store
from subgraphs.rewards.domain import Campaign
from subgraphs.rewards.tables import campaigns
from tests.subgraphs.rewards.world import NOW, issued, pending


async def test_the_default_campaign(database: Database) -> None:
    """A fresh database offers one per cent on dollars, for as long as it likes."""
    async with database.read() as connection:
        (campaign,) = await store.all_campaigns(connection)

    assert (campaign.name, campaign.rate, campaign.currency) == ("Welcome cashback", 100, "USD")
    assert campaign.runs_at(NOW)
    assert (campaign.cap, campaign.minimum, campaign.ends_at) == (None, None, None)


async def test_a_campaign_with_everything(database: Database) -> None:
    """Cap, minimum and end are read back as money of the campaign's currency and as an instant."""
    full = Campaign(
        id=new_id(),
        name="Yen week",
        rate=500,
        currency="JPY",
        cap=Money(1000, "JPY"),
        minimum=Money(100, "JPY"),
        starts_at=NOW,
        ends_at=NOW + timedelta(days=7),
    )
    async with database.unit_of_work() as work:
        await work.connection.execute(
            insert(campaigns).values(
                id=full.id,
                name=full.name,
                rate=full.rate,
                currency="JPY",
                cap=1000,
                minimum=100,
                starts_at=NOW,
                ends_at=NOW + timedelta(days=7),
            )
        )
        assert await store.campaigns_in(work.connection, ["JPY"]) == [full]
        assert [campaign.currency for campaign in await store.all_campaigns(work.connection)] == ["USD", "JPY"]


async def test_rewards_are_read_by_id_and_by_transfer(database: Database) -> None:
    """Batch reads answer those that exist, under the key they were asked by."""
    one, two = await pending(database), await issued(database)

    async with database.read() as connection:
        assert await store.by_ids(connection, [one.id, new_id(), two.id]) == {one.id: one, two.id: two}
        assert await store.by_transfers(connection, [one.transfer_id, new_id()]) == {one.transfer_id: one}


async def test_a_transfer_earns_once(database: Database) -> None:
    """A second reward for a transfer is not stored, whatever it says; the first stands."""
    first = await pending(database)

    async with database.unit_of_work() as work:
        await store.add_pending(work, [replace(first, id=new_id(), amount=Money(999, "USD"))])
        assert await store.by_transfers(work.connection, [first.transfer_id]) == {first.transfer_id: first}


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
    ["amount = 0", "status = 'CLAWED'", "status = 'ISSUED'", "issued_at = now()", "currency = 'usd'"],
)
async def test_the_database_refuses_what_the_code_should_not_send(database: Database, change: str) -> None:
    """Amount, status, instant and currency of a reward are held by CHECKs."""
    reward = await pending(database)

    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as work:
            await work.connection.execute(text(f"UPDATE rewards SET {change} WHERE id = :id"), {"id": reward.id})


async def test_the_default_campaign_keeps_its_id(database: Database) -> None:
    """Rewards derive their ids from it, so it is the same in every database."""
    async with database.read() as connection:
        assert (await store.all_campaigns(connection))[0].id == UUID("01935000-0000-7000-8000-000000000001")


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
