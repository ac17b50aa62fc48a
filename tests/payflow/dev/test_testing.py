"""The fixtures that every other test stands on."""

from __future__ import annotations

import aiokafka
import asyncpg
import pytest
import redis.asyncio

from payflow.dev.testing import DatabaseFactory, MakeDatabase, TestValkey
from payflow.events.kafka import ensure_topics


async def make_table(url: str) -> None:
    """A small migration."""
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE coin (id int PRIMARY KEY)")
    await connection.close()


async def fetch(url: str, query: str) -> object:
    """One value from a database."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_a_database_is_owned_by_the_role_in_its_url(database_url: str) -> None:
    """The URL gives full rights to its own database, and none beyond."""
    row = await fetch(
        database_url,
        "SELECT current_user || ' ' || pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()",
    )

    assert row == "payflow_test payflow_test"


async def test_copies_of_a_prepared_database_are_independent(make_database: MakeDatabase) -> None:
    """Each copy has what the preparation made, and nothing that another copy holds."""
    first = await make_database("coins", prepare=make_table)
    second = await make_database("coins", prepare=make_table)
    connection = await asyncpg.connect(first)
    await connection.execute(
        "INSERT INTO coin VALUES (1); DROP TABLE coin; CREATE TABLE coin (id int); INSERT INTO coin VALUES (7)"
    )
    await connection.close()

    assert await fetch(first, "SELECT sum(id) FROM coin") == 7
    assert await fetch(second, "SELECT count(*) FROM coin") == 0


async def test_preparation_runs_once(make_database: MakeDatabase) -> None:
    """The template is filled once, however many databases are made from it."""
    calls: list[str] = []

    async def prepare(url: str) -> None:
        calls.append(url)

    for _ in range(3):
        await make_database("once", prepare=prepare)

    assert len(calls) == 1


async def test_a_role_cannot_log_in_to_the_database_of_another(make_database: MakeDatabase) -> None:
    """CONNECT is revoked from everybody but the owner, on copies too."""
    mine = await make_database("mine", prepare=make_table)
    other = await make_database("other", prepare=make_table)
    database = other.partition("?")[0].rpartition("/")[2]

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(mine, database=database)


async def test_databases_are_dropped(database_factory: DatabaseFactory) -> None:
    """Dropping works with somebody still connected."""
    url = await database_factory.make("gone")
    connection = await asyncpg.connect(url)

    await database_factory.drop(url)

    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(url)
    connection.terminate()


async def test_redis_urls_of_a_run_do_not_share_keys(redis_url: str, valkey_server: TestValkey) -> None:
    """What a test writes is not in the database of the next."""
    async with redis.asyncio.from_url(redis_url) as mine, redis.asyncio.from_url(valkey_server.next_url()) as other:
        await mine.set("key", "value")

        assert await mine.get("key") == b"value"
        assert await other.get("key") is None


async def test_the_broker_carries_a_message(kafka_bootstrap: str) -> None:
    """A producer's message reaches a consumer."""
    await ensure_topics(kafka_bootstrap, ["fixture.v1"])
    producer = aiokafka.AIOKafkaProducer(bootstrap_servers=kafka_bootstrap)
    await producer.start()
    await producer.send_and_wait("fixture.v1", b"hello")
    await producer.stop()
    consumer = aiokafka.AIOKafkaConsumer("fixture.v1", bootstrap_servers=kafka_bootstrap, auto_offset_reset="earliest")
    await consumer.start()

    message = await consumer.getone()

    await consumer.stop()
    assert message.value == b"hello"


async def test_a_fresh_broker_is_empty(fresh_kafka_bootstrap: str, kafka_bootstrap: str) -> None:
    """It is another broker than the shared one, and has no topics."""
    consumer = aiokafka.AIOKafkaConsumer(bootstrap_servers=fresh_kafka_bootstrap)
    await consumer.start()

    topics = await consumer.topics()

    await consumer.stop()
    assert topics == set()
    assert fresh_kafka_bootstrap != kafka_bootstrap
