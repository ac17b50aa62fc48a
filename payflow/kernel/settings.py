"""Every setting of the platform, read from PAYFLOW_* environment variables; one class, so that an unknown one can be refused."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from payflow.kernel.errors import SettingsError

PREFIX = "PAYFLOW_"
SERVICES = ("users", "wallet", "transactions", "rewards", "notifications")
ACCESS_TOKEN_SECONDS_MAX = (
    3600  # a token counts without a look into a database: a longer life is a long time to be wrong
)


class Settings(BaseSettings):
    """What a process may be told. Each process reads only what it needs; secrets arrive as files or URLs, never as flags."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    host: str = Field("127.0.0.1", description="Address that servers bind.")
    port: int = Field(4000, description="Port of the router.")
    data_dir: Path = Field(Path(".payflow"), description="Where the embedded servers keep their state.")

    users_port: int = 4101
    wallet_port: int = 4102
    transactions_port: int = 4103
    rewards_port: int = 4104
    notifications_port: int = 4105
    rewards_consumer_port: int = Field(4114, description="Health and metrics of the rewards consumer.")
    notifications_consumer_port: int = Field(4115, description="Health and metrics of the notifications consumer.")

    users_url: str = "http://127.0.0.1:4101/graphql"
    wallet_url: str = "http://127.0.0.1:4102/graphql"
    transactions_url: str = "http://127.0.0.1:4103/graphql"
    rewards_url: str = "http://127.0.0.1:4104/graphql"
    notifications_url: str = "http://127.0.0.1:4105/graphql"

    users_database_url: str | None = None
    wallet_database_url: str | None = None
    transactions_database_url: str | None = None
    rewards_database_url: str | None = None
    notifications_database_url: str | None = None

    # The same databases for the roles that own and migrate them, where those are not the roles that serve.
    users_owner_database_url: str | None = None
    wallet_owner_database_url: str | None = None
    transactions_owner_database_url: str | None = None
    rewards_owner_database_url: str | None = None
    notifications_owner_database_url: str | None = None
    wallet_owner_may_serve: bool = Field(
        False, description="Let the wallet serve as a role that may rewrite the books. For a developer's database only."
    )

    redis_url: str = "redis://127.0.0.1:6379/0"
    kafka_bootstrap_servers: str = "127.0.0.1:9092"
    kafka_enable_idempotence: bool = Field(True, description="Off only for brokers without InitProducerId.")
    event_log_days: int = Field(
        30,
        ge=7,
        le=40,
        description="How long a service keeps what it has told, to tell a broker again that lost it. Consumers know an event by its"
        " id for 45 days, and what is parked may be three days old by then.",
    )
    kafka_session_timeout_ms: int = Field(
        6000, ge=1000, description="A consumer silent for this long is left behind. The broker sets bounds to it."
    )
    kafka_group_instance_id: str | None = Field(
        None,
        description="A name for this consumer process that outlives it, unique in its group: a restart within the session timeout"
        " then moves no partitions.",
    )

    jwt_issuer: str = Field("payflow", description="`iss` of the access tokens that users are given.")
    jwt_audience: str = Field("payflow-api", description="`aud` of those tokens.")
    jwks_url: str = "http://127.0.0.1:4101/.well-known/jwks.json"
    access_token_seconds: int = Field(600, ge=30, le=ACCESS_TOKEN_SECONDS_MAX)
    signing_key_file: Path | None = Field(
        None,
        description="What signs access tokens: a key ring (JSON) as `payflow keys rotate` keeps it, or one Ed25519 private key (PEM);"
        " users only.",
    )
    router_networks: str = Field(
        "127.0.0.0/8,::1/128",
        description="Where routers call users from: they are believed about a client's address (x-client-address), nobody else is.",
    )
    registrations_per_hour: int = Field(
        100,
        ge=1,
        description="Accounts that may be made within an hour from one network (an address of IPv4, a /64 of IPv6) without waiting.",
    )
    service_key_file: Path | None = Field(None, description="Ed25519 private key (PEM) of a service that calls others.")
    service_jwks_file: Path | None = Field(None, description="Public keys of the services that may call (JWKS).")

    transfer_limits: str = Field(
        "*=1000000000",
        description="The most that one transfer may move, in minor units: CURRENCY=AMOUNT,…, * for any other.",
    )
    daily_limits: str = Field(
        "*=5000000000", description="The most that one person may send within 24 hours, per currency; written likewise."
    )

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] = "json"
    otlp_endpoint: str = Field(
        "", description="Collector that traces are sent to, e.g. http://127.0.0.1:4318/v1/traces. Empty: none are made."
    )
    trace_ratio: float = Field(1.0, ge=0, le=1, description="Share of the traces begun here that is kept.")
    failpoints: str = Field("", description="Places to crash at on purpose; tests only. See payflow.kernel.failpoints.")

    def service_port(self, service: str) -> int:
        """The port that the service's subgraph listens on."""
        return int(getattr(self, f"{service}_port"))

    def service_url(self, service: str) -> str:
        """Where the service's subgraph answers GraphQL."""
        return str(getattr(self, f"{service}_url"))

    def database_url(self, service: str) -> str:
        """The service's own database. Raises SettingsError where the environment does not name one."""
        url = getattr(self, f"{service}_database_url")
        if url is None:
            raise SettingsError(
                f"{PREFIX}{service.upper()}_DATABASE_URL is not set; give it as postgresql://role:password@host/database"
            )
        return str(url)

    def owner_database_url(self, service: str) -> str:
        """The same database for the role that owns it; by default the role that serves does. Raises SettingsError."""
        return str(getattr(self, f"{service}_owner_database_url") or self.database_url(service))


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the environment. Raises SettingsError, in one sentence, on the first unknown or malformed variable."""
    check_environment(os.environ if environ is None else environ)
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"{PREFIX}{'_'.join(str(part) for part in first['loc'])}".upper()
        raise SettingsError(f"{name} is not valid: {first['msg'].lower()} (got {first['input']!r})") from None


def check_environment(environ: Mapping[str, str]) -> None:
    """Refuse a PAYFLOW_* variable that nothing reads: it is a typing error, and silence would hide it."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    for name in sorted(environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            nearest = difflib.get_close_matches(name.upper(), sorted(known), n=1)
            hint = f"; did you mean {nearest[0]}?" if nearest else f"; the known ones are in {__name__}"
            raise SettingsError(f"{name} is not a setting of PayFlow{hint}")
