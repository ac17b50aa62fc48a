"""Databases and roles on a PostgreSQL server: each role owns the database of its name and can log in to no other."""

from __future__ import annotations

import asyncpg


async def ensure_database(admin_url: str, *, name: str, role: str, password: str) -> None:
    """Make the role and the database it owns, or bring those that exist to this password and these rights.

    `admin_url` is the superuser's. Names must be plain identifiers. Raises asyncpg's errors.
    """
    assert name.isidentifier(), name
    assert role.isidentifier(), role
    admin = await asyncpg.connect(admin_url)
    try:
        await _ensure_role(admin, role, password)
        if not await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            await admin.execute(f"CREATE DATABASE {name} OWNER {role}")
        await _close_to_others(admin, name)
    finally:
        await admin.close()


async def close_system_databases(admin_url: str) -> None:
    """Let nobody but the superuser log in to `postgres` and the templates. Raises asyncpg's errors."""
    admin = await asyncpg.connect(admin_url)
    try:
        for name in ("postgres", "template0", "template1"):
            await _close_to_others(admin, name)
    finally:
        await admin.close()


async def _ensure_role(admin: asyncpg.Connection, role: str, password: str) -> None:
    # CREATE ROLE takes no parameters; format() with %L quotes the password on the server.
    exists = await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role)
    verb = "ALTER" if exists else "CREATE"
    statement = await admin.fetchval(
        f"SELECT format('{verb} ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD %L', $1::text)",
        password,
    )
    await admin.execute(statement)


async def _close_to_others(admin: asyncpg.Connection, name: str) -> None:
    await admin.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
