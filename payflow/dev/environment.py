"""What each process of the stack is told: its settings as PAYFLOW_* variables, its own secrets and nobody else's."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from payflow.dev.errors import CannotStart
from payflow.dev.keys import CALLERS, SERVICE_JWKS, USERS_KEY_RING, service_key
from payflow.kernel.settings import PREFIX, SERVICES

HOST = "127.0.0.1"
REGISTRATIONS_PER_HOUR = (
    10_000  # tests and loads make accounts by the hundred, all from this machine; PAYFLOW_… says otherwise
)
# Options of `payflow up` itself, and servers that external.py reads.
_READ_ELSEWHERE = frozenset({"PORT", "DATA_DIR", "REDIS_URL", "KAFKA_BOOTSTRAP_SERVERS"}) | {
    f"{service.upper()}_{whose}" for service in SERVICES for whose in ("DATABASE_URL", "OWNER_DATABASE_URL")
}
# These follow from --port and --data-dir.
_OURS_TO_SET = (
    frozenset({"HOST", "JWKS_URL", "SIGNING_KEY_FILE", "SERVICE_KEY_FILE", "SERVICE_JWKS_FILE"})
    | {f"{service.upper()}_{what}" for service in SERVICES for what in ("PORT", "URL")}
    | {"REWARDS_CONSUMER_PORT", "NOTIFICATIONS_CONSUMER_PORT"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StackEnvironment:
    """Everything the processes may be told; each of the methods tells what one of them needs.

    `databases` are the URLs that services serve from, `owners` those of databases that another role owns.
    """

    ports: Mapping[str, int]
    keys: Path
    databases: Mapping[str, str]
    owners: Mapping[str, str] = field(default_factory=dict)
    redis_url: str
    kafka_bootstrap_servers: str
    extra: Mapping[str, str] = field(default_factory=dict)

    def subgraph(self, service: str) -> dict[str, str]:
        """For one subgraph."""
        own = self._service(service) | {"REDIS_URL": self.redis_url, f"{service}_PORT": str(self.ports[service])}
        if service == "users":
            own["SIGNING_KEY_FILE"] = str(self.keys / USERS_KEY_RING)
            own["REGISTRATIONS_PER_HOUR"] = str(REGISTRATIONS_PER_HOUR)
        return self._told(own)

    def consumer(self, service: str) -> dict[str, str]:
        """For the consumer that belongs to one service."""
        port = self.ports[f"{service}-consumer"]
        return self._told(self._service(service) | {"REDIS_URL": self.redis_url, f"{service}_CONSUMER_PORT": str(port)})

    def migrations(self) -> dict[str, str]:
        """For the process that migrates every database; nobody else is told the owners' passwords."""
        serving = {f"{service}_DATABASE_URL": url for service, url in self.databases.items()}
        return self._told(serving | {f"{service}_OWNER_DATABASE_URL": url for service, url in self.owners.items()})

    def router(self) -> dict[str, str]:
        """For the router: where the subgraphs are, and the keys that access tokens are verified with."""
        return self._told({"PORT": str(self.ports["router"]), "REDIS_URL": self.redis_url})

    def _service(self, service: str) -> dict[str, str]:
        own = {
            f"{service}_DATABASE_URL": self.databases[service],
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka_bootstrap_servers,
            "SERVICE_JWKS_FILE": str(self.keys / SERVICE_JWKS),
        }
        if service in CALLERS:
            own["SERVICE_KEY_FILE"] = str(self.keys / service_key(service))
        return own

    def _told(self, own: Mapping[str, str]) -> dict[str, str]:
        settings = {"HOST": HOST, "LOG_FORMAT": "json", "JWKS_URL": self._jwks_url()} | self._urls() | dict(own)
        return {
            "PYTHONUNBUFFERED": "1",
            **{f"{PREFIX}{name}".upper(): value for name, value in settings.items()},
            **self.extra,
        }

    def _urls(self) -> dict[str, str]:
        return {f"{service}_URL": f"http://{HOST}:{self.ports[service]}/graphql" for service in SERVICES}

    def _jwks_url(self) -> str:
        return f"http://{HOST}:{self.ports['users']}/.well-known/jwks.json"


def passed_on(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The settings of ours that every process inherits, e.g. PAYFLOW_LOG_LEVEL.

    Raises CannotStart for one that the stack sets itself: to ignore it would be a surprise.
    """
    passed = {}
    for name, value in sorted((os.environ if environ is None else environ).items()):
        setting = name.upper().removeprefix(PREFIX)
        if not name.upper().startswith(PREFIX) or setting in _READ_ELSEWHERE:
            continue
        if setting in _OURS_TO_SET:
            raise CannotStart(f"{name} is set by `payflow up` itself, from --port and --data-dir; unset it")
        passed[name] = value
    return passed
