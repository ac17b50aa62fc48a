"""What wallet writes is read back equal, in batches."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import select

from payflow.kernel.db import Database, counting_statements
from subgraphs.wallet import store
from subgraphs.wallet.commands import WalletStatus
from subgraphs.wallet.errors import WalletNotFound
from subgraphs.wallet.store import Funds, OwnerCurrency
from subgraphs.wallet.tables import account, metadata
from tests.subgraphs.wallet.world import World


async def test_wallets_by_each_key(world: World) -> None:
    """Each batch answers those that exist, under the key they were asked by."""
    owner = uuid4()
    dollars, euros = await world.open("USD", owner_id=owner), await world.open("EUR", owner_id=owner)
    other = await world.open("USD")

    async with world.database.read() as connection:
        by_ids = await store.by_ids(connection, [other.id, uuid4(), dollars.id])
        by_owners = await store.by_owners(connection, [owner, uuid4()])
        keys = [OwnerCurrency(owner, "EUR"), OwnerCurrency(owner, "JPY"), OwnerCurrency(other.owner_id, "USD")]
        by_both = await store.by_owners_and_currencies(connection, keys)

    assert by_ids == {dollars.id: dollars, other.id: other}
    assert by_owners == {owner: [dollars, euros]}
    assert by_both == {keys[0]: euros, keys[2]: other}


async def test_an_owner_s_wallets_are_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who closes wallets by the hundred sees the open ones and the newest of the closed, WALLETS_MAX in all."""
    monkeypatch.setattr(store, "WALLETS_MAX", 2)
    euros = await world.open("EUR")
    for _ in range(2):
        newest = await world.become(await world.open("USD", owner_id=euros.owner_id), WalletStatus.CLOSED)

    async with world.database.read() as connection:
        found = await store.by_owners(connection, [euros.owner_id])

    assert [wallet.id for wallet in found[euros.owner_id]] == [euros.id, newest.id]


async def test_a_system_account_is_no_wallet(world: World) -> None:
    """The counterpart of deposits is found by nobody, not even by its id, and nothing can be paid into it."""
    wallet = await world.open(holding=100)
    async with world.database.read() as connection:
        query = select(account.c.id).where(account.c.kind == "EXTERNAL", account.c.currency == "USD")
        external = (await connection.execute(query.limit(1))).scalar_one()

        assert await store.by_ids(connection, [external]) == {}

    assert isinstance(await world.credit(replace(wallet, id=external), 5), WalletNotFound)


async def test_funds(world: World) -> None:
    """Each wallet with its open holds, newest first, by one statement; captured and released ones are no more among them."""
    ada, bob = await world.open(holding=100), await world.open(holding=100)
    first, second, captured, released = [await world.placed(ada, bob, 10) for _ in range(4)]
    back = await world.placed(bob, ada, 5)
    await world.capture(captured.id)
    await world.release(released.id)

    async with counting_statements(world.database.engine) as executed, world.database.read() as connection:
        found = await store.funds(connection, [ada.id, bob.id, uuid4()])

    assert found == {
        ada.id: Funds(await world.now(ada), [second, first]),
        bob.id: Funds(await world.now(bob), [back]),
    }
    assert found[ada.id].wallet.held == 20
    assert len(executed) == 1


async def test_open_holds_are_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """No wallet answers more than OPEN_HOLDS_MAX, the newest."""
    monkeypatch.setattr(store, "OPEN_HOLDS_MAX", 2)
    ada, bob = await world.open(holding=100), await world.open()
    holds = [await world.placed(ada, bob, 10) for _ in range(3)]

    async with world.database.read() as connection:
        found = await store.funds(connection, [ada.id])

    assert found[ada.id].holds == [holds[2], holds[1]]


async def test_overdue_holds(own_world: World) -> None:
    """Those past their time that still hold something, the oldest first and as many as asked for."""
    ada, bob = await own_world.open(holding=100), await own_world.open()
    second, first, third, settled, _ = [await own_world.placed(ada, bob, 10) for _ in range(5)]
    await own_world.release(settled.id)
    ages = {first.id: 50, second.id: 40, third.id: 30, settled.id: 60}
    for hold_id, age in ages.items():
        await own_world.tamper(f"UPDATE hold SET expires_at = now() - interval '{age} s' WHERE id = :id", id=hold_id)

    async with own_world.database.read() as connection:
        found = await store.overdue_holds(connection, most=2)

    assert found.ids == [first.id, second.id]
    assert 50 <= found.oldest_s < 60


async def test_migrations_match_the_tables(owner_database: Database) -> None:
    """What Alembic made is what tables.py declares."""
    async with owner_database.engine.connect() as connection:
        difference = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), metadata)
        )

    assert difference == []


async def test_checks_match_the_tables(owner_database: Database) -> None:
    """Alembic does not compare CHECK constraints, so their names and sense are compared here: by making both and asking PostgreSQL.

    Those of tables, and those of the types that values have.
    """
    from sqlalchemy import MetaData, text
    from sqlalchemy.dialects import postgresql

    columns = (column for table in metadata.tables.values() for column in table.columns)
    types = [column.type.dialect_impl(owner_database.engine.dialect) for column in columns]
    domains = {domain.name: domain for domain in types if isinstance(domain, postgresql.DOMAIN)}
    asking = text(
        "SELECT coalesce(nullif(conrelid, 0)::regclass::text, contypid::regtype::text) AS of, conname,"
        " pg_get_constraintdef(oid) AS rule FROM pg_constraint"
        " WHERE connamespace = CAST(:schema AS regnamespace) AND contype = 'c'"
    )
    async with owner_database.engine.connect() as connection:
        await connection.execute(text("CREATE SCHEMA declared"))
        for name, domain in domains.items():
            rule = f"CONSTRAINT {domain.constraint_name} CHECK ({domain.check})"
            await connection.execute(text(f"CREATE DOMAIN declared.{name} AS text {rule}"))
        declared = MetaData(schema="declared")
        for table in metadata.sorted_tables:
            table.to_metadata(declared, schema="declared")
        await connection.run_sync(declared.create_all)
        migrated, meant = [
            {
                (row.of.removeprefix("declared."), row.conname, row.rule)
                for row in await connection.execute(asking, {"schema": schema})
            }
            for schema in ("public", "declared")
        ]

    assert migrated == meant
    assert len(meant) > 15
