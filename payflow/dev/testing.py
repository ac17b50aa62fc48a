"""The embedded servers for tests: one of each for a whole run, on private folders and free ports, gone with the run.

`tests/conftest.py` turns these into fixtures. Several test processes may run at once; they share nothing.
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import asyncpg

from payflow.dev.databases import Role, ensure_database, restrict_logins
from payflow.dev.guardian import Guardian
from payflow.dev.parts import FirstWord, Part, first_word, spawn
from payflow.dev.postgres import SUPERUSER, PostgresServer, postgres_part, prepare_postgres
from payflow.dev.processes import ProcessId, end
from payflow.dev.roles import OWNED_APART, owner_role, serving_role
from payflow.dev.valkey import DATABASES, ValkeyServer, prepare_valkey, valkey_part

START_TIMEOUT_S = 30.0
COPY_ATTEMPTS_MAX = 20  # a template that somebody is still leaving cannot be copied for a moment
COPY_PAUSE_S = 0.1

# Speed over safety: the data of a test run may be lost.
THROWAWAY_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "300"}
# Copies of a template belong to the template's role, whose name is not theirs; REVOKE CONNECT still keeps roles apart.
TEST_LOGIN_RULES = f"local all {SUPERUSER} scram-sha-256\nlocal all all scram-sha-256\n"

# Below those that a system gives to connections and to whoever asks for any (Linux: 32 768 and up), and below those where tests start
# whole platforms; in an order of each process's own, and none twice for long.
_PORTS_MAX = 10_000
_PORTS = itertools.cycle(secrets.SystemRandom().sample(range(10_000, 10_000 + _PORTS_MAX), k=_PORTS_MAX))

Prepare = Callable[[str], Awaitable[object]]
"""Fills a new database, e.g. runs its migrations, given its owner's URL; leaves no connection open."""


class MakeDatabase(Protocol):
    """The type of the fixture `make_database`."""

    async def __call__(self, name: str = "test", *, prepare: Prepare | None = None) -> str: ...


@dataclass(slots=True)
class DatabaseFactory:
    """Makes databases on one server. With `prepare`, the first becomes a template and the others are copies of it."""

    server: PostgresServer
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _passwords: dict[str, str] = field(default_factory=dict)
    _templates: dict[tuple[str, Prepare], str] = field(default_factory=dict)

    async def make(self, name: str = "test", *, prepare: Prepare | None = None) -> str:
        """The URL, for the role `payflow_<name>`, of a fresh database that nobody else uses.

        The role owns it, unless the platform has an owner apart for the service of this name: then see `owner_url`.
        """
        database = f"{name}_{next(self._numbers)}"
        if prepare is None:
            await self._create(database, name)
        else:
            await self._copy(await self._template(name, prepare), database, name)
        return self.server.url(database, role=serving_role(name), password=self._password(serving_role(name)))

    def owner_url(self, url: str) -> str:
        """The owner's URL of a database that `make` made; the same one where the serving role owns it."""
        database = _database(url)
        role = owner_role(database.rpartition("_")[0])
        return self.server.url(database, role=role, password=self._password(role))

    async def drop(self, url: str) -> None:
        """Remove a database that `make` made, whoever is still connected."""
        await self._as_superuser(f"DROP DATABASE IF EXISTS {_database(url)} WITH (FORCE)")

    async def _template(self, name: str, prepare: Prepare) -> str:
        key = (name, prepare)
        if key not in self._templates:
            database = f"{name}_template_{next(self._numbers)}"
            await self._create(database, name)
            await prepare(self.server.url(database, role=owner_role(name), password=self._password(owner_role(name))))
            self._templates[key] = database
        return self._templates[key]

    async def _create(self, database: str, name: str) -> None:
        await ensure_database(self.server.url(), name=database, owner=self._owner(name), serving=self._serving(name))

    async def _copy(self, template: str, database: str, name: str) -> None:
        for attempt in range(COPY_ATTEMPTS_MAX):
            try:
                await self._as_superuser(f"CREATE DATABASE {database} TEMPLATE {template} OWNER {owner_role(name)}")
            except asyncpg.ObjectInUseError:
                if attempt == COPY_ATTEMPTS_MAX - 1:
                    raise
                await asyncio.sleep(COPY_PAUSE_S)
            else:
                break
        admin = await asyncpg.connect(self.server.url())
        try:
            await restrict_logins(admin, database, serving=self._serving(name))
        finally:
            await admin.close()

    async def _as_superuser(self, statement: str) -> None:
        admin = await asyncpg.connect(self.server.url())
        try:
            await admin.execute(statement)
        finally:
            await admin.close()

    def _owner(self, name: str) -> Role:
        return Role(owner_role(name), self._password(owner_role(name)))

    def _serving(self, name: str) -> Role | None:
        return Role(serving_role(name), self._password(serving_role(name))) if name in OWNED_APART else None

    def _password(self, role: str) -> str:
        return self._passwords.setdefault(role, secrets.token_hex(16))


@dataclass(slots=True)
class TestValkey:
    """A running Valkey. Numbered databases are handed out in turn, each one empty."""

    __test__ = False

    server: ValkeyServer
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.cycle(range(1, DATABASES)))

    @property
    def url(self) -> str:
        """Database 0, shared by all who ask for this URL."""
        return self.server.url()

    def next_url(self) -> str:
        """The URL of the next numbered database; `DATABASES - 1` of them are in use at a time."""
        return self.server.url(next(self._numbers))


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL on a folder of its own, without regard for safety."""
    with private_temporary_folder() as folder:
        server = PostgresServer(folder / "postgres", folder / "run", password=secrets.token_hex(16))
        prepare_postgres(server, login_rules=TEST_LOGIN_RULES, sync=False)
        with running(postgres_part(server, settings=THROWAWAY_SETTINGS), logs=folder):
            yield server


@contextmanager
def running_valkey() -> Iterator[TestValkey]:
    """A Valkey on a folder of its own."""
    with private_temporary_folder() as folder:
        server = ValkeyServer(folder / "valkey", folder / "run", password=secrets.token_hex(16))
        prepare_valkey(server)
        with running(valkey_part(server), logs=folder):
            yield TestValkey(server)


@contextmanager
def running(part: Part, *, logs: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start the part, wait until it answers, and end it with all it started; also if this process is killed meanwhile."""
    with ExitStack() as stack:
        log = stack.enter_context((logs / f"{part.name}.log").open("ab"))
        guardian = stack.enter_context(Guardian())
        process = spawn(part, log)
        guardian.watch(process.pid, part.stop_signal)
        leader = ProcessId.of(process.pid)
        assert leader is not None, part.name
        try:
            if asyncio.run(first_word(part, process, timeout_s=START_TIMEOUT_S)) is not FirstWord.ANSWERS:
                raise RuntimeError(f"{part.name} does not answer: {(logs / f'{part.name}.log').read_text()[-2000:]}")
            yield process
        finally:
            end([(leader, part.stop_signal)])
            process.wait()
            guardian.forget(process.pid)


@contextmanager
def private_temporary_folder() -> Iterator[Path]:
    """A folder with a short path (sockets!) that other accounts may pass through, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="payflow-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now, and that nobody is given who asks for any: it stays free until it is used."""
    for port in itertools.islice(_PORTS, _PORTS_MAX):
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("Somebody listens on each port from 10000 to 19999 of 127.0.0.1; free some")


def _database(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]
