"""Servers named by the environment: asked before anything starts, refused in one sentence."""

from __future__ import annotations

import re

import pytest

from payflow.dev.errors import Unreachable
from payflow.dev.external import ExternalServers
from payflow.dev.testing import free_port
from payflow.kernel.settings import SERVICES

WRONG = {
    "redis://127.0.0.1:{port}/0": r"PAYFLOW_REDIS_URL: no Redis answers at redis://127\.0\.0\.1:\d+/0: ",
    "redis://:secret@127.0.0.1:{port}": r"PAYFLOW_REDIS_URL: no Redis answers at redis://127\.0\.0\.1:\d+: ",
    "redis://127.0.0.1:port": r"PAYFLOW_REDIS_URL is not a URL; give it as redis://:password@host:6379/0",
    "http://example.org": r"PAYFLOW_REDIS_URL is not a URL; give it as redis://:password@host:6379/0",
    "nonsense": r"PAYFLOW_REDIS_URL is not a URL; give it as redis://:password@host:6379/0",
    "unix:///no/such.sock": r"PAYFLOW_REDIS_URL: no Redis answers at unix:///no/such\.sock: ",
}
WRONG_DATABASES = {
    "postgresql://wallet:secret@127.0.0.1:{port}/ledger": r"PAYFLOW_WALLET_DATABASE_URL: PostgreSQL at 127\.0\.0\.1, database ledger ",
    "mysql://127.0.0.1/wallet": r"PAYFLOW_WALLET_DATABASE_URL does not start with postgresql://; give it as ",
    "postgresql://127.0.0.1:port/wallet": r"PAYFLOW_WALLET_DATABASE_URL is not a URL; give it as ",
    "nonsense": r"PAYFLOW_WALLET_DATABASE_URL is not a URL; give it as ",
}
WRONG_BROKERS = {
    "127.0.0.1:{port}": r"PAYFLOW_KAFKA_BOOTSTRAP_SERVERS: no Kafka broker answers at 127\.0\.0\.1:\d+; ",
    "nonsense": r"PAYFLOW_KAFKA_BOOTSTRAP_SERVERS: 'nonsense' is not host:port; ",
    "127.0.0.1:9092,": r"PAYFLOW_KAFKA_BOOTSTRAP_SERVERS: '' is not host:port; ",
    "127.0.0.1:70000": r"PAYFLOW_KAFKA_BOOTSTRAP_SERVERS: '127\.0\.0\.1:70000' is not host:port; ",
}


async def refusal(servers: ExternalServers) -> str:
    """What the check says."""
    with pytest.raises(Unreachable) as refused:
        await servers.check()
    return str(refused.value)


@pytest.mark.parametrize(("url", "sentence"), WRONG.items())
async def test_a_redis_url_that_is_malformed_or_silent(url: str, sentence: str) -> None:
    """One sentence that names the variable and hides the password."""
    said = await refusal(ExternalServers(redis=url.format(port=free_port())))

    assert_matches(sentence, said)


@pytest.mark.parametrize(("url", "sentence"), WRONG_DATABASES.items())
async def test_a_database_url_that_is_malformed_or_silent(url: str, sentence: str) -> None:
    """One sentence that names the variable and hides the password."""
    said = await refusal(ExternalServers(databases={"wallet": url.format(port=free_port())}))

    assert_matches(sentence, said)


async def test_a_database_that_refuses_the_password(database_url: str) -> None:
    """PostgreSQL's own reason is part of the sentence."""
    wrong = database_url.replace("payflow_test:", "payflow_test:guess")

    said = await refusal(ExternalServers(databases={"rewards": wrong}))

    assert said.startswith("PAYFLOW_REWARDS_DATABASE_URL: PostgreSQL at /")
    assert said.endswith('password authentication failed for user "payflow_test"')


async def test_a_redis_that_refuses_the_password(redis_url: str) -> None:
    """Reached, but not let in."""
    said = await refusal(ExternalServers(redis=redis_url.replace("unix://:", "unix://:guess")))

    assert said.startswith("PAYFLOW_REDIS_URL: no Redis answers at unix:///")
    assert "invalid username-password pair" in said


@pytest.mark.parametrize(("servers", "sentence"), WRONG_BROKERS.items())
async def test_kafka_servers_that_are_malformed_or_silent(servers: str, sentence: str) -> None:
    """One sentence that names the variable."""
    assert_matches(sentence, await refusal(ExternalServers(kafka=servers.format(port=free_port()))))


async def test_one_broker_of_several_is_enough(kafka_bootstrap: str) -> None:
    """Bootstrap servers are alternatives."""
    await ExternalServers(kafka=f"127.0.0.1:{free_port()}, {kafka_bootstrap}").check()


async def test_servers_that_answer_pass(database_url: str, redis_url: str) -> None:
    """Also a database URL in SQLAlchemy's spelling."""
    sqlalchemy_url = database_url.replace("postgresql://", "postgresql+asyncpg://")

    await ExternalServers(databases={"users": database_url, "wallet": sqlalchemy_url}, redis=redis_url).check()


def test_postgres_is_replaced_only_when_every_database_is_elsewhere() -> None:
    """One missing is reason enough to start the embedded server; an empty variable counts as missing."""
    all_named = {f"PAYFLOW_{name.upper()}_DATABASE_URL": "postgresql://x/y" for name in SERVICES}

    assert ExternalServers.named_in(all_named).replaced == ["postgres"]
    assert ExternalServers.named_in({**all_named, "PAYFLOW_REWARDS_DATABASE_URL": ""}).replaced == []
    assert ExternalServers.named_in({"PAYFLOW_REDIS_URL": "redis://x"}).replaced == ["valkey"]
    assert ExternalServers.named_in({"PAYFLOW_KAFKA_BOOTSTRAP_SERVERS": "x:1"}).replaced == ["broker"]


def assert_matches(pattern: str, said: str) -> None:
    """One line, of this form, without the secret."""
    assert re.match(pattern, said), said
    assert "\n" not in said
    assert "secret" not in said
