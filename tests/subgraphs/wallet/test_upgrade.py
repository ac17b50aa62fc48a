"""A ledger of the first revision is brought to the newest in place: its money, its history and its keys are all still there.

And who serves from it afterwards may read it and post, and do nothing else.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from payflow.dev.databases import Role, ensure_database
from payflow.dev.postgres import PostgresServer
from payflow.kernel.db import Database
from payflow.kernel.migrate import migrate
from payflow.kernel.money import Money
from subgraphs import wallet as package
from subgraphs.wallet import store
from subgraphs.wallet.commands import Deposit
from subgraphs.wallet.domain import Entry, Hold, HoldStatus, Wallet
from tests.subgraphs.wallet.world import World

REVISIONS = Path(str(package.__file__)).parent / "migrations"
ADA, BOB, EXTERNAL = UUID(int=1), UUID(int=2), UUID(int=3)
DEPOSITED, HELD, CAPTURED, HELD_AGAIN = (UUID(int=number) for number in range(11, 15))
DONE, OPEN, CANCELLED = (UUID(int=number) for number in range(21, 24))
KEY = Deposit(ADA, ADA, Money(1000, "USD"), "monday").claim

# A deposit of 1000, a hold of 250 that was captured, one of 100 that is open, one refused for ever; as 0001 wrote them.
SEED = f"""
BEGIN;
INSERT INTO account (id, owner_id, kind, currency, floor) VALUES ('{ADA}', '{ADA}', 'USER', 'USD', 0), ('{BOB}', '{BOB}', 'USER', 'USD', 0);
INSERT INTO account (id, kind, currency) VALUES ('{EXTERNAL}', 'EXTERNAL', 'USD');
INSERT INTO journal (id, kind, transfer_id, currency, amount, at) VALUES
    ('{DEPOSITED}', 'DEPOSIT', NULL, 'USD', 1000, '2026-01-01'), ('{HELD}', 'HOLD', '{DONE}', 'USD', 250, '2026-01-02'),
    ('{CAPTURED}', 'CAPTURE', '{DONE}', 'USD', 250, '2026-01-03'), ('{HELD_AGAIN}', 'HOLD', '{OPEN}', 'USD', 100, '2026-01-04');
INSERT INTO entry VALUES
    ('{EXTERNAL}', 1, '{DEPOSITED}', -1000, 0, -1000, 0, '2026-01-01'), ('{ADA}', 1, '{DEPOSITED}', 1000, 0, 1000, 0, '2026-01-01'),
    ('{ADA}', 2, '{HELD}', 0, 250, 1000, 250, '2026-01-02'),
    ('{ADA}', 3, '{CAPTURED}', -250, -250, 750, 0, '2026-01-03'), ('{BOB}', 1, '{CAPTURED}', 250, 0, 250, 0, '2026-01-03'),
    ('{ADA}', 4, '{HELD_AGAIN}', 0, 100, 750, 100, '2026-01-04');
UPDATE account SET posted = -1000, seq = 1, last_at = '2026-01-01' WHERE id = '{EXTERNAL}';
UPDATE account SET posted = 750, held = 100, seq = 4, last_at = '2026-01-04' WHERE id = '{ADA}';
UPDATE account SET posted = 250, seq = 1, last_at = '2026-01-03' WHERE id = '{BOB}';
INSERT INTO hold (id, account_id, payee_id, transfer_id, amount, captured, expires_at, created_at) VALUES
    ('{DONE}', '{ADA}', '{BOB}', '{DONE}', 250, 250, '2030-01-02', '2026-01-02'),
    ('{OPEN}', '{ADA}', '{BOB}', '{OPEN}', 100, 0, '2099-01-04', '2026-01-04');
INSERT INTO idempotency (scope, key, fingerprint, outcome, ref, result) VALUES
    ('{KEY.scope}', '{KEY.key}', decode('{(KEY.fingerprint or b"").hex()}', 'hex'), 'ACCEPTED', '{DEPOSITED}', NULL),
    ('hold', '{DONE}', '\\x01', 'ACCEPTED', '{DONE}', NULL), ('hold', '{OPEN}', '\\x02', 'ACCEPTED', '{OPEN}', NULL),
    ('hold', '{CANCELLED}', NULL, 'HOLD_CANCELLED', NULL, '{{}}');
COMMIT;
"""


@pytest.fixture
async def urls(postgres_server: PostgresServer) -> tuple[str, str]:
    """The owner's and the serving role's URL of an empty database."""
    name = f"old_{uuid4().hex}"
    owner, serving = Role(f"{name}_owner", "of-the-owner"), Role(f"{name}_server", "of-the-server")
    await ensure_database(postgres_server.url(), name=name, owner=owner, serving=serving)
    owner_url, url = (postgres_server.url(name, role=role.name, password=role.password) for role in (owner, serving))
    return owner_url, url


@pytest.fixture
async def upgraded(urls: tuple[str, str], tmp_path: Path) -> AsyncIterator[World]:
    """The world of 0001 as the serving role finds it after the upgrade."""
    owner_url, url = urls
    shutil.copy(REVISIONS / "0001_create_ledger.py", tmp_path)
    await migrated(owner_url, tmp_path)
    owner = await asyncpg.connect(owner_url)
    await owner.execute(SEED)
    await owner.close()
    await migrated(owner_url, REVISIONS, application_role=url.split("//")[1].split(":")[0])
    world = World.over(Database(url))
    yield world
    await world.close()


async def migrated(url: str, revisions: Path, *, application_role: str | None = None) -> None:
    database = Database(url)
    assert await migrate(database, revisions, application_role=application_role)
    await database.close()


async def wallets(world: World) -> tuple[Wallet, Wallet]:
    async with world.database.read() as connection:
        found = await store.by_ids(connection, [ADA, BOB])
    return found[ADA], found[BOB]


async def test_money_and_history_are_carried_over(upgraded: World) -> None:
    """Balances are as they were, every entry has its link of the audit chain, and the accounts stand at their ends."""
    ada, bob = await wallets(upgraded)
    assert [(wallet.posted, wallet.held) for wallet in (ada, bob)] == [(750, 100), (250, 0)]

    broken = await upgraded.database.call(
        "SELECT * FROM (SELECT entry.*, lag(chain, 1, ''::bytea) OVER (PARTITION BY account_id ORDER BY seq) AS before FROM entry) AS e"
        " WHERE chain <> entry_chain(before, account_id, seq, journal_id, delta_posted, delta_held, posted_after, held_after, at)"
    )
    assert broken == []
    loose = await upgraded.database.call(
        "SELECT * FROM account JOIN entry ON account_id = account.id AND entry.seq = account.seq WHERE entry.chain <> account.chain"
    )
    assert loose == []


async def test_old_keys_answer_what_they_answered(upgraded: World) -> None:
    """Repeats of old commands move nothing: the deposit, the hold as it was placed, its capture, the hold that will never be."""
    ada, bob = await wallets(upgraded)

    entry = await upgraded.deposit(ada, 1000, key="monday")
    assert isinstance(entry, Entry)
    assert (entry.seq, entry.balance_after) == (1, Money(1000, "USD"))
    hold = await upgraded.hold(ada, bob, 250, id=DONE)
    assert isinstance(hold, Hold)
    assert (hold.status, hold.amount) == (HoldStatus.OPEN, Money(250, "USD"))
    assert (await upgraded.capture(DONE)).status is HoldStatus.CAPTURED
    assert not isinstance(await upgraded.hold(ada, bob, 1, id=CANCELLED), Hold)

    assert await wallets(upgraded) == (ada, bob)


async def test_life_goes_on(upgraded: World) -> None:
    """What was open is captured, and new money moves, by a role that can only call the function."""
    ada, bob = await wallets(upgraded)

    assert (await upgraded.capture(OPEN)).status is HoldStatus.CAPTURED
    await upgraded.deposit(ada, 5)
    new = await upgraded.open(holding=7)

    ada, bob = await wallets(upgraded)
    assert [(wallet.posted, wallet.held) for wallet in (ada, bob, new)] == [(655, 0), (350, 0), (7, 0)]


TABLES = ("account", "journal", "entry", "hold", "idempotency", "account_status_change")
REFUSED = [
    *(f"DELETE FROM {table}" for table in TABLES),
    *(f"TRUNCATE {table} CASCADE" for table in TABLES),
    *(f"INSERT INTO {table} SELECT * FROM {table}" for table in TABLES),
    "UPDATE account SET posted = posted + 1",
    "UPDATE hold SET captured = 0",
    "UPDATE idempotency SET outcome = 'OK'",
    "ALTER TABLE entry DISABLE TRIGGER ALL",
    "DROP TRIGGER entries_follow ON entry",
    "CREATE OR REPLACE FUNCTION balance_max() RETURNS bigint LANGUAGE sql RETURN 1",
    "SELECT new_fund('EXTERNAL', 'USD', 0::smallint)",
    "CREATE TABLE mine (id int)",
]


async def test_the_serving_role_writes_nothing_by_itself(upgraded: World) -> None:
    """It may read every table; whatever else it tries, PostgreSQL refuses."""
    for table in TABLES:
        await upgraded.database.call(f"SELECT * FROM {table} LIMIT 1")
    connection = await asyncpg.connect(
        upgraded.database.engine.url.set(drivername="postgresql").render_as_string(False)
    )
    for statement in REFUSED:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()


async def test_rights_are_said_anew_by_every_migration(urls: tuple[str, str]) -> None:
    """A database that one role migrated and served is served by a second from its next migration on; grants by mistake end there."""
    owner_url, url = urls
    role = url.split("//")[1].split(":")[0]
    await migrated(owner_url, REVISIONS)
    owner, server = await asyncpg.connect(owner_url), await asyncpg.connect(url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await server.execute("SELECT * FROM account")
    await owner.execute(
        f"GRANT UPDATE ON account TO {role}; GRANT CREATE ON SCHEMA public TO {role}, PUBLIC;"
        " CREATE FUNCTION mint() RETURNS int LANGUAGE sql RETURN 1"
    )

    database = Database(owner_url)
    assert not await migrate(database, REVISIONS, application_role=role)
    await database.close()

    assert await server.fetchval("SELECT currency FROM open_wallet($1, $1, 'USD')", ADA) == "USD"
    for statement in ("UPDATE account SET status = 'FROZEN'", "SELECT mint()", "CREATE TABLE mine (id int)"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await server.execute(statement)
    for connection in (owner, server):
        await connection.close()
