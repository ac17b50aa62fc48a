"""Databases with an owner that migrates and another role that serves, and the handing over of those that had only one."""

from __future__ import annotations

import asyncpg
import pytest

from payflow.dev.databases import Role, ensure_database
from payflow.dev.postgres import PostgresServer
from payflow.kernel.ids import new_id

OWNERS = """
    SELECT array[pg_get_userbyid(datdba),
                 (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'coin'),
                 (SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE proname = 'mint')]
      FROM pg_database WHERE datname = current_database()
"""


@pytest.fixture
def names() -> tuple[str, Role, Role]:
    """A database, its owner and the role that serves, new to the server."""
    name = f"bank_{new_id().hex}"
    return name, Role(f"{name}_owner", "of-the-owner"), Role(f"{name}_server", "of-the-server")


async def logged_in(server: PostgresServer, name: str, role: Role) -> asyncpg.Connection:
    return await asyncpg.connect(server.url(name, role=role.name, password=role.password))


async def test_the_serving_role_gets_in_and_owns_nothing(
    postgres_server: PostgresServer, names: tuple[str, Role, Role]
) -> None:
    """What it may do beyond logging in, the owner grants."""
    name, owner, serving = names
    await ensure_database(postgres_server.url(), name=name, owner=owner, serving=serving)
    inside = await logged_in(postgres_server, name, owner)
    await inside.execute("CREATE TABLE coin (worth int)")
    await inside.close()

    connection = await logged_in(postgres_server, name, serving)
    for forbidden in ("SELECT * FROM coin", "INSERT INTO coin VALUES (1)", "DROP TABLE coin", "CREATE TABLE mine ()"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(forbidden)
    await connection.close()


async def test_a_database_of_one_role_is_handed_over_whole(
    postgres_server: PostgresServer, names: tuple[str, Role, Role]
) -> None:
    """The database, its tables and functions get the owner, their rows stay, and the former owner may no more write them."""
    name, owner, serving = names
    await ensure_database(postgres_server.url(), name=name, owner=serving)
    before = await logged_in(postgres_server, name, serving)
    await before.execute(
        "CREATE TABLE coin AS SELECT 7 AS worth; CREATE FUNCTION mint() RETURNS int LANGUAGE sql RETURN 1"
    )
    await before.close()

    for _ in range(2):  # the second time there is nothing left to do
        await ensure_database(postgres_server.url(), name=name, owner=owner, serving=serving)

    inside = await logged_in(postgres_server, name, owner)
    assert await inside.fetchval(OWNERS) == [owner.name] * 3
    assert await inside.fetchval("SELECT worth FROM coin") == 7
    await inside.close()
    after = await logged_in(postgres_server, name, serving)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await after.execute("UPDATE coin SET worth = 8")
    await after.close()
