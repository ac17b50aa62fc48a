"""What the databases need before services start: roles and databases on the embedded server, every migration, money to reward with."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from payflow.dev.databases import Role, close_system_databases, ensure_database
from payflow.dev.errors import CannotStart
from payflow.dev.logs import Logs
from payflow.dev.parts import inherited_environment
from payflow.dev.passwords import Passwords
from payflow.dev.postgres import PostgresServer
from payflow.dev.roles import OWNED_APART, database_name, owner_role, serving_role

MIGRATIONS_TIMEOUT_S = 120.0
_REVISIONS = (
    "subgraphs/*/migrations/**/*.py",
    "subgraphs/*/migrations/**/*.sql",
    "payflow/kernel/migrations/*",
    "payflow/kernel/migrate.py",
    "payflow/dev/roles.py",  # migrations grant rights to the roles
)


async def make_databases(server: PostgresServer, passwords: Passwords, *, services: Iterable[str]) -> None:
    """Make database and roles for each of the services. Raises CannotStart where we cannot log in."""
    import asyncpg

    try:
        await close_system_databases(server.url())
        for service in services:
            await _make_database(server, passwords, service)
    except asyncpg.InvalidPasswordError:
        raise CannotStart(
            f"The passwords kept beside {server.data} are not those of its PostgreSQL; "
            "restore secrets.json, or start over with `payflow up --reset`"
        ) from None


async def _make_database(server: PostgresServer, passwords: Passwords, service: str) -> None:
    serving = Role(serving_role(service), passwords.databases[service])
    name = database_name(service)
    if service in OWNED_APART:
        owner = Role(owner_role(service), passwords.owners[service])
        await ensure_database(server.url(), name=name, owner=owner, serving=serving)
    else:
        await ensure_database(server.url(), name=name, owner=serving)


async def run_migrations(environment: Mapping[str, str], logs: Logs, *, project: Path, marker: Path | None) -> None:
    """Bring every database that the environment names to its newest schema, as the checkout `project` has it, and fund the campaign.

    `marker` is a file that lives and dies with the databases: it remembers which revisions they have, and saves the
    next start the second that asking Alembic takes. None: always ask. Raises CannotStart where a migration fails.
    """
    wanted = await asyncio.to_thread(revisions_fingerprint, project)
    if _remembered(marker) == wanted:
        return
    if await _migrate(environment, logs, project) != 0:
        raise CannotStart(
            f"The databases could not be migrated: {logs.last_words('migrate')} (see {logs.path('migrate')})"
        )
    _remember(marker, wanted)


def revisions_fingerprint(project: Path) -> str:
    """A digest of everything that decides what a migrated database looks like."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _REVISIONS for path in project.glob(pattern) if path.is_file()):
        digest.update(f"{path.relative_to(project)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


async def _migrate(environment: Mapping[str, str], logs: Logs, project: Path) -> int:
    with logs.open("migrate") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "subgraphs", "migrate", "--fund-default-campaign"),
            cwd=project,
            env={**inherited_environment(), **environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        return await asyncio.wait_for(process.wait(), MIGRATIONS_TIMEOUT_S)
    except TimeoutError:
        raise CannotStart(
            f"The migrations took longer than {MIGRATIONS_TIMEOUT_S:.0f} s (see {logs.path('migrate')})"
        ) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _remembered(marker: Path | None) -> str | None:
    return marker.read_text() if marker is not None and marker.exists() else None


def _remember(marker: Path | None, fingerprint: str) -> None:
    if marker is not None:
        marker.write_text(fingerprint)
