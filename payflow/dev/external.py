"""Servers that somebody else runs: which of ours they replace, and whether they answer.

Each is asked once before anything starts, so that a wrong URL is one sentence instead of five failing services.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from payflow.dev.errors import Unreachable
from payflow.kernel.settings import SERVICES

CHECK_TIMEOUT_S = 4.0
REDIS_VARIABLE = "PAYFLOW_REDIS_URL"
KAFKA_VARIABLE = "PAYFLOW_KAFKA_BOOTSTRAP_SERVERS"

_BROKER = re.compile(r"(?P<host>[^\s:,]+|\[[0-9a-fA-F:]+\]):(?P<port>\d{1,5})")


def database_variable(service: str) -> str:
    """The variable that names a service's database."""
    return f"PAYFLOW_{service.upper()}_DATABASE_URL"


def owner_variable(service: str) -> str:
    """The variable that names the same database for the role that owns it, where that is not the one that serves."""
    return f"PAYFLOW_{service.upper()}_OWNER_DATABASE_URL"


@dataclass(frozen=True, slots=True)
class ExternalServers:
    """What the environment names: database URLs by service, a Redis URL, Kafka bootstrap servers."""

    databases: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    redis: str | None = None
    kafka: str | None = None

    @classmethod
    def named_in(cls, environ: Mapping[str, str]) -> ExternalServers:
        """Read the variables; an empty one counts as not set."""
        return cls(
            databases={service: url for service in SERVICES if (url := environ.get(database_variable(service)))},
            owners={service: url for service in SERVICES if (url := environ.get(owner_variable(service)))},
            redis=environ.get(REDIS_VARIABLE) or None,
            kafka=environ.get(KAFKA_VARIABLE) or None,
        )

    @property
    def replaced(self) -> list[str]:
        """The embedded parts that are not started."""
        replaces = {
            "postgres": len(self.databases) == len(SERVICES),
            "valkey": self.redis is not None,
            "broker": self.kafka is not None,
        }
        return [part for part, is_replaced in replaces.items() if is_replaced]

    async def check(self) -> None:
        """Ask every one of them. Raises Unreachable, naming the variable, at the first that is malformed or silent."""
        for service in self.owners.keys() - self.databases.keys():
            raise Unreachable(
                f"{owner_variable(service)} names the owner's way into a database that {database_variable(service)}"
                " does not name; set both, or neither"
            )
        checks = [_check_database(database_variable(service), url) for service, url in self.databases.items()]
        checks += [_check_database(owner_variable(service), url) for service, url in self.owners.items()]
        if self.redis is not None:
            checks.append(_check_redis(self.redis))
        if self.kafka is not None:
            checks.append(_check_kafka(self.kafka))
        for outcome in await asyncio.gather(*checks, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome


async def _check_database(variable: str, url: str) -> None:
    import asyncpg
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    form = "give it as postgresql://role:password@host/database"
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise Unreachable(f"{variable} is not a URL; {form}") from None
    if parsed.get_backend_name() != "postgresql":
        raise Unreachable(f"{variable} does not start with postgresql://; {form}")
    plain = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        connection = await asyncpg.connect(plain, timeout=CHECK_TIMEOUT_S)
        await connection.close()
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        where = f"{parsed.host or parsed.query.get('host', 'localhost')}, database {parsed.database}"
        raise Unreachable(f"{variable}: PostgreSQL at {where} does not let us in: {_reason(error)}") from None


async def _check_redis(url: str) -> None:
    import redis.asyncio

    try:
        client = redis.asyncio.from_url(
            url, socket_connect_timeout=CHECK_TIMEOUT_S, socket_timeout=CHECK_TIMEOUT_S, retry=None
        )
    except ValueError:
        raise Unreachable(f"{REDIS_VARIABLE} is not a URL; give it as redis://:password@host:6379/0") from None
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S), client:
            await client.ping()
    except (redis.RedisError, OSError, TimeoutError, ValueError) as error:
        raise Unreachable(f"{REDIS_VARIABLE}: no Redis answers at {_without_secrets(url)}: {_reason(error)}") from None


async def _check_kafka(servers: str) -> None:
    from payflow.dev.probes import kafka_answers

    addresses = list(_addresses(servers))
    answers = await asyncio.gather(*(kafka_answers(host, port) for host, port in addresses))
    if not any(answers):
        raise Unreachable(f"{KAFKA_VARIABLE}: no Kafka broker answers at {servers}; start it, or correct the variable")


def _addresses(servers: str) -> Iterator[tuple[str, int]]:
    for server in servers.split(","):
        match = _BROKER.fullmatch(server.strip())
        if match is None or not 0 < int(match["port"]) < 65536:
            raise Unreachable(f"{KAFKA_VARIABLE}: {server.strip()!r} is not host:port; give it as host:9092,other:9092")
        yield match["host"].strip("[]"), int(match["port"])


def _without_secrets(url: str) -> str:
    """Scheme, host and path, without who and with which password."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"


def _reason(error: BaseException) -> str:
    """The first line of what the client said; some errors (a timeout) say nothing."""
    text = str(error).strip()
    return text.splitlines()[0].rstrip(".") if text else f"no answer within {CHECK_TIMEOUT_S:g} s"
