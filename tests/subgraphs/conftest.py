"""What the tests of all five services share: keys, a JWKS server, settings, a migrated database."""

from __future__ import annotations

import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from payflow.dev.roles import OWNED_APART, serving_role
from payflow.dev.testing import DatabaseFactory, MakeDatabase
from payflow.kernel.db import Database
from payflow.kernel.migrate import migrate
from payflow.kernel.settings import Settings
from payflow.kernel.tokens import SigningKey
from tests.subgraphs.harness import Keys, new_key_pem

REPOSITORY = Path(__file__).parents[2]

MakeSettings = Callable[..., Awaitable[Settings]]


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keys]:
    """The keys of the test platform, and a server that publishes the users' public one."""
    folder = tmp_path_factory.mktemp("keys")
    pems = {name: new_key_pem() for name in ("users-signing", "transactions-service", "rewards-service")}
    for name, pem in pems.items():
        (folder / f"{name}.pem").write_bytes(pem)
    users = SigningKey.from_pem(pems["users-signing"])
    services = {name: SigningKey.from_pem(pems[f"{name}-service"]) for name in ("transactions", "rewards")}
    public = [{**key.public_jwk, "iss": name} for name, key in services.items()]
    (folder / "service-jwks.json").write_text(json.dumps({"keys": public}))
    document = json.dumps({"keys": [dict(users.public_jwk)]}).encode()

    class Jwks(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-length", str(len(document)))
            self.end_headers()
            self.wfile.write(document)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Jwks)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Keys(users, services, folder, f"http://127.0.0.1:{server.server_address[1]}/jwks.json")
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def make_settings(keys: Keys, make_database: MakeDatabase, database_factory: DatabaseFactory) -> MakeSettings:
    """`await make_settings("wallet", redis_url=…)`: settings of a service with a migrated database of its own.

    `settings.owner_database_url(service)` is the way in for a test that tampers.
    """

    async def make(service: str, **others: Any) -> Settings:
        url = await make_database(service, prepare=migration_of(service))
        defaults: dict[str, Any] = {
            f"{service}_database_url": url,
            f"{service}_owner_database_url": database_factory.owner_url(url),
            "jwks_url": keys.jwks_url,
            "signing_key_file": keys.folder / "users-signing.pem",
            "service_jwks_file": keys.folder / "service-jwks.json",
        }
        if service in keys.services:
            defaults["service_key_file"] = keys.folder / f"{service}-service.pem"
        return Settings(**{**defaults, **others})

    return make


@cache
def migration_of(service: str) -> Callable[[str], Awaitable[None]]:
    """Brings a database, by its owner's URL, to the service's newest schema; cached, so that the template is made once."""
    application_role = serving_role(service) if service in OWNED_APART else None

    async def prepare(url: str) -> None:
        database = Database(url)
        try:
            revisions = REPOSITORY / "subgraphs" / service / "migrations"
            await migrate(database, revisions, application_role=application_role)
        finally:
            await database.close()

    return prepare
