"""Where relays and consumers are measured alone: databases of their own on the platform's PostgreSQL, and a broker of their own.

The platform stands idle beside it: its PostgreSQL syncs every commit, as always, its wallet pays the rewards, its Valkey carries hints.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.transfers.platform import ROOT, Platform
from payflow.dev.broker import broker_part
from payflow.dev.environment import StackEnvironment
from payflow.dev.parts import Part
from payflow.dev.passwords import load_or_make_passwords
from payflow.dev.ports import ports_from
from payflow.dev.postgres import SUPERUSER
from payflow.dev.probes import http_ok
from payflow.dev.testing import free_port, running
from payflow.dev.valkey import ValkeyServer
from payflow.kernel.db import Database
from payflow.kernel.migrate import migrate

SERVICES = ("transactions", "rewards", "notifications")


@dataclass(frozen=True)
class Workshop:
    """The databases are migrated and empty, the broker too."""

    platform: Platform
    broker_port: int
    logs: Path

    @property
    def servers(self) -> str:
        """Bootstrap servers of the broker."""
        return f"127.0.0.1:{self.broker_port}"

    def database_url(self, service: str) -> str:
        return self.platform.postgres.url(_name(service))

    @contextmanager
    def consumer(self, name: str) -> Iterator[None]:
        """One consumer process, as the platform has it."""
        port = free_port()
        environment = self._environment().consumer(name) | {f"PAYFLOW_{name.upper()}_CONSUMER_PORT": str(port)}
        part = Part(
            name=f"{name}-consumer",
            command=(sys.executable, "-m", "consumers", name),
            environment=environment,
            directory=ROOT,
            answers=lambda: http_ok(port, "/metrics"),
        )
        with running(part, logs=self.logs):
            yield

    def _environment(self) -> StackEnvironment:
        folders = self.platform.folders
        valkey = ValkeyServer(
            folders.valkey, folders.socket_folder("valkey"), load_or_make_passwords(folders.secrets).valkey
        )
        return StackEnvironment(
            ports=ports_from(self.platform.port),
            keys=folders.keys,
            databases={service: self.database_url(service) for service in SERVICES},
            redis_url=valkey.url(),
            kafka_bootstrap_servers=self.servers,
            extra={"PAYFLOW_KAFKA_ENABLE_IDEMPOTENCE": "false", "PAYFLOW_KAFKA_SESSION_TIMEOUT_MS": "1500"},
        )


@contextmanager
def running_workshop(platform: Platform) -> Iterator[Workshop]:
    """One for this block, outside of any event loop."""
    asyncio.run(_make_databases(platform))
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="payflow-bench-") as name, running(broker_part(port), logs=Path(name)):
        yield Workshop(platform, port, Path(name))


async def _make_databases(platform: Platform) -> None:
    superuser = await platform.connect(SUPERUSER)
    try:
        for service in SERVICES:
            await superuser.execute(f"CREATE DATABASE {_name(service)}")
    finally:
        await superuser.close()
    for service in SERVICES:
        database = Database(platform.postgres.url(_name(service)))
        await migrate(database, ROOT / "subgraphs" / service / "migrations")
        await database.close()


def _name(service: str) -> str:
    return f"measured_{service}"
