"""The stack as a table: what runs, in which order, told what. `payflow up` brings it up, tests read it."""

from __future__ import annotations

import asyncio
import dataclasses
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from payflow.dev.broker import broker_part
from payflow.dev.environment import HOST, StackEnvironment
from payflow.dev.errors import CannotStart
from payflow.dev.external import ExternalServers
from payflow.dev.folders import Folders
from payflow.dev.keys import generate_keys
from payflow.dev.logs import Logs
from payflow.dev.parts import Part
from payflow.dev.passwords import Passwords, load_or_make_passwords
from payflow.dev.postgres import PostgresServer, database_url, postgres_part, prepare_postgres
from payflow.dev.probes import http_ok
from payflow.dev.provision import make_databases, run_migrations
from payflow.dev.roles import OWNED_APART, database_name, owner_role, serving_role
from payflow.dev.supervisor import Step
from payflow.dev.valkey import ValkeyServer, prepare_valkey, valkey_part
from payflow.kernel.settings import SERVICES

PROJECT = Path(__file__).resolve().parents[2]
SUPERGRAPH = Path("schema", "supergraph.graphql")
ROUTER_CONFIG = Path("router.yaml")
CONSUMERS = ("rewards", "notifications")
NEEDED_BY_SERVICES = ("migrations", "valkey", "broker")
PART_NAMES = ("postgres", "valkey", "broker", *SERVICES, *(f"{name}-consumer" for name in CONSUMERS), "router")


# Stopped from the last to the first: nobody new comes in, then what runs is finished, then the servers go.
_SERVERS, SERVICES_LAYER, CONSUMERS_LAYER, EDGE = range(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A stack to be run from one data directory. `extra` are settings that every process is told.

    `project` is the checkout whose services, schema and router configuration it runs.
    """

    folders: Folders
    ports: Mapping[str, int]
    external: ExternalServers
    extra: Mapping[str, str] = field(default_factory=dict)
    project: Path = PROJECT

    @property
    def own_ports(self) -> dict[str, int]:
        """The ports that this stack is going to listen on."""
        return {part: port for part, port in self.ports.items() if part not in self.external.replaced}

    def units(self) -> list[Part | Step]:
        """What runs. Makes keys, passwords and folders; raises CannotStart where the machine does not allow it."""
        for path in (SUPERGRAPH, ROUTER_CONFIG):
            if not (self.project / path).exists():
                raise CannotStart(f"{self.project / path} is missing; run PayFlow from a checkout of its repository")
        generate_keys(self.folders.keys)
        passwords = load_or_make_passwords(self.folders.secrets)
        return [*self._postgres(passwords), *self._valkey(passwords), *self._broker(), *self._platform(passwords)]

    # The servers -------------------------------------------------------------------------------------------------

    def _postgres(self, passwords: Passwords) -> Iterator[Part | Step]:
        if "postgres" in self.external.replaced:
            return
        server = self._postgres_server(passwords)

        async def prepare() -> None:
            await asyncio.to_thread(prepare_postgres, server)

        async def databases() -> None:
            await make_databases(server, passwords, services=self._embedded_services)

        yield Step(name="cluster", doing="Preparing PostgreSQL", run=prepare)
        yield dataclasses.replace(postgres_part(server), after=("cluster",))
        yield Step(name="databases", doing="Preparing databases", run=databases, after=("postgres",))

    def _valkey(self, passwords: Passwords) -> Iterator[Part]:
        if "valkey" not in self.external.replaced:
            server = self._valkey_server(passwords)
            prepare_valkey(server)
            yield valkey_part(server)

    def _broker(self) -> Iterator[Part]:
        if "broker" not in self.external.replaced:
            yield broker_part(self.ports["broker"])

    # The platform ------------------------------------------------------------------------------------------------

    def _platform(self, passwords: Passwords) -> Iterator[Part | Step]:
        environment = self._environment(passwords)
        logs = Logs(self.folders.logs)
        marker = None if self.external.databases else self.folders.migrated

        async def migrate() -> None:
            await run_migrations(environment.migrations(), logs, project=self.project, marker=marker)

        yield Step(name="migrations", doing="Migrating databases", run=migrate, after=("databases",))
        yield from (
            dataclasses.replace(part, directory=self.project)
            for part in (
                *(_subgraph(service, environment) for service in SERVICES),
                *(_consumer(service, environment) for service in CONSUMERS),
                _router(environment),
            )
        )

    def _environment(self, passwords: Passwords) -> StackEnvironment:
        broker = f"127.0.0.1:{self.ports['broker']}"
        # Tansu has no InitProducerId, which an idempotent producer needs; and a join takes it as long as a session may last.
        kafka = {"PAYFLOW_KAFKA_ENABLE_IDEMPOTENCE": "false", "PAYFLOW_KAFKA_SESSION_TIMEOUT_MS": "1500"}
        return StackEnvironment(
            ports=self.ports,
            keys=self.folders.keys,
            databases=self._database_urls(passwords),
            owners=self._owner_urls(passwords),
            redis_url=self.external.redis or self._valkey_server(passwords).url(),
            kafka_bootstrap_servers=self.external.kafka or broker,
            extra={**self.extra, **({} if self.external.kafka else kafka)},
        )

    def _database_urls(self, passwords: Passwords) -> dict[str, str]:
        sockets = self.folders.socket_folder("postgres")
        embedded = {
            service: database_url(
                sockets, database_name(service), role=serving_role(service), password=passwords.databases[service]
            )
            for service in self._embedded_services
        }
        return {**embedded, **self.external.databases}

    def _owner_urls(self, passwords: Passwords) -> dict[str, str]:
        sockets = self.folders.socket_folder("postgres")
        embedded = {
            service: database_url(
                sockets, database_name(service), role=owner_role(service), password=passwords.owners[service]
            )
            for service in self._embedded_services
            if service in OWNED_APART
        }
        return {**embedded, **self.external.owners}

    @property
    def _embedded_services(self) -> list[str]:
        return [service for service in SERVICES if service not in self.external.databases]

    def _postgres_server(self, passwords: Passwords) -> PostgresServer:
        return PostgresServer(self.folders.postgres, self.folders.socket_folder("postgres"), passwords.postgres)

    def _valkey_server(self, passwords: Passwords) -> ValkeyServer:
        return ValkeyServer(self.folders.valkey, self.folders.socket_folder("valkey"), passwords.valkey)


def _router(environment: StackEnvironment) -> Part:
    port = environment.ports["router"]
    files = ("--supergraph", str(SUPERGRAPH), "--config", str(ROUTER_CONFIG))
    return Part(
        name="router",
        command=(sys.executable, "-m", "router", "serve", *files, "--host", HOST, "--port", str(port)),
        environment=environment.router(),
        port=port,
        answers=lambda: http_ok(port, "/ready"),
        layer=EDGE,
    )


def _subgraph(service: str, environment: StackEnvironment) -> Part:
    port = environment.ports[service]
    return Part(
        name=service,
        command=(sys.executable, "-m", "subgraphs", "serve", service),
        environment=environment.subgraph(service),
        port=port,
        answers=lambda: http_ok(port),
        after=NEEDED_BY_SERVICES,
        layer=SERVICES_LAYER,
    )


def _consumer(service: str, environment: StackEnvironment) -> Part:
    port = environment.ports[f"{service}-consumer"]
    return Part(
        name=f"{service}-consumer",
        command=(sys.executable, "-m", "consumers", service),
        environment=environment.consumer(service),
        port=port,
        answers=lambda: http_ok(port),
        after=NEEDED_BY_SERVICES,
        layer=CONSUMERS_LAYER,
    )
