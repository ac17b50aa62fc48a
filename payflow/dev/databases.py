"""Databases and roles on a PostgreSQL server: a role can log in to its own database and to no other."""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg


@dataclass(frozen=True, slots=True)
class Role:
    """A role that can log in. Its name must be a plain identifier."""

    name: str
    password: str


async def ensure_database(admin_url: str, *, name: str, owner: Role, serving: Role | None = None) -> None:
    """Make the database and its roles, or bring those that exist to these passwords and rights.

    `serving` is a second role that may log in and that owns nothing: what it may do, the owner grants. A database
    that was the serving role's until now is handed over with all that is in it. `admin_url` is the superuser's, `name`
    a plain identifier. Raises asyncpg's errors.
    """
    assert name.isidentifier(), name
    admin = await asyncpg.connect(admin_url)
    try:
        for role in filter(None, (owner, serving)):
            await _ensure_role(admin, role)
        if not await _owner_of(admin, name):
            await admin.execute(f"CREATE DATABASE {name} OWNER {owner.name}")
        elif serving is not None and await _owner_of(admin, name) == serving.name:
            await _hand_over(admin_url, name, serving, owner)
        await restrict_logins(admin, name, serving=serving)
    finally:
        await admin.close()


async def restrict_logins(admin: asyncpg.Connection, name: str, *, serving: Role | None = None) -> None:
    """Let the owner log in to the database, the serving role where there is one, and nobody else."""
    await admin.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    if serving is not None:
        await admin.execute(f"GRANT CONNECT ON DATABASE {name} TO {serving.name}")


async def close_system_databases(admin_url: str) -> None:
    """Let nobody but the superuser log in to `postgres` and the templates. Raises asyncpg's errors."""
    admin = await asyncpg.connect(admin_url)
    try:
        for name in ("postgres", "template0", "template1"):
            await restrict_logins(admin, name)
    finally:
        await admin.close()


async def _ensure_role(admin: asyncpg.Connection, role: Role) -> None:
    assert role.name.isidentifier(), role.name
    # CREATE ROLE takes no parameters; format() with %L quotes the password on the server.
    exists = await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role.name)
    verb = "ALTER" if exists else "CREATE"
    statement = await admin.fetchval(
        f"SELECT format('{verb} ROLE {role.name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD %L',"
        " $1::text)",
        role.password,
    )
    await admin.execute(statement)


async def _owner_of(admin: asyncpg.Connection, name: str) -> str | None:
    owner: str | None = await admin.fetchval("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = $1", name)
    return owner


async def _hand_over(admin_url: str, name: str, former: Role, owner: Role) -> None:
    """One statement, so that no crash leaves the database with one owner and its tables with another."""
    inside = await asyncpg.connect(admin_url, database=name)
    try:
        await inside.execute(f"REASSIGN OWNED BY {former.name} TO {owner.name}")
    finally:
        await inside.close()
