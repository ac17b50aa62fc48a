"""A consumer as a process of its own: started, asked for its health, stopped; and told wrong things."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from payflow.dev.testing import free_port
from payflow.events.catalogue import TOPICS
from payflow.events.kafka import KafkaPublisher
from payflow.kernel.db import Database
from payflow.kernel.settings import Settings
from subgraphs.notifications.tables import notifications
from tests.consumers.world import completed, count, eventually, record_of
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.harness import Keys

REPOSITORY = Path(__file__).parents[2]


def environment(**settings: object) -> dict[str, str]:
    told = {f"PAYFLOW_{name}".upper(): str(value) for name, value in settings.items()}
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**inherited, "PYTHONUNBUFFERED": "1", **told}


@asynccontextmanager
async def process(name: str, env: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "consumers",
        name,
        env=env,
        cwd=REPOSITORY,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


async def status(port: int) -> int | None:
    """What /health answers, None where nobody does."""
    try:
        async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/health") as response:
            return response.status
    except aiohttp.ClientError:
        return None


async def is_exposed(port: int, line: str) -> bool:
    """Whether /metrics has a line like this."""
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/metrics") as response:
        return re.search(line, await response.text(), re.MULTILINE) is not None


@pytest.fixture
async def settings(make_settings: MakeSettings) -> Settings:
    return await make_settings("notifications")


def notifications_environment(settings: Settings, port: int, broker: str) -> dict[str, str]:
    return environment(
        notifications_database_url=settings.database_url("notifications"),
        notifications_consumer_port=port,
        kafka_bootstrap_servers=broker,
        kafka_session_timeout_ms=1500,
        redis_url="redis://127.0.0.1:9/0",
    )


async def test_it_consumes_until_it_is_told_to_stop(settings: Settings, kafka_bootstrap: str) -> None:
    """Healthy once it polls, it handles what comes, shows its metrics, and ends by SIGTERM in time."""
    port, database = free_port(), Database(settings.database_url("notifications"))
    publisher = KafkaPublisher(bootstrap_servers=kafka_bootstrap, enable_idempotence=False, topics=TOPICS)
    async with process("notifications", notifications_environment(settings, port, kafka_bootstrap)) as consumer:

        async def healthy() -> bool:
            return await status(port) == 200

        async def told() -> bool:
            return await count(database, notifications) >= 2

        await eventually(healthy, within_s=40)
        await publisher.publish([record_of(completed())])
        await eventually(told)
        for series in (
            'events_handled_total{consumer="notifications",outcome="handled"}',  # counted behind the commit
            'events_step_seconds_count{consumer="notifications",step="handle"}',
            'events_rebalance_seconds_count{group="payflow-notifications"}',
        ):
            await eventually(partial(is_exposed, port, rf"^payflow_{re.escape(series)} [1-9]"))
        lag = 'events_lag_seconds{consumer="notifications",topic="transfers.v1"}'
        assert await is_exposed(port, f"^payflow_{re.escape(lag)} ")

        consumer.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            await consumer.wait()
    await publisher.close()
    await database.close()


async def test_without_a_broker_it_waits_and_says_so(settings: Settings) -> None:
    """It starts, answers that it is not well, logs why, and goes on trying."""
    port = free_port()
    async with process("notifications", notifications_environment(settings, port, "127.0.0.1:9")) as consumer:

        async def waiting() -> bool:
            return await status(port) == 503

        await eventually(waiting, within_s=40)
        assert consumer.stdout is not None
        async with asyncio.timeout(20):
            while b"consumer waits for the broker" not in (line := await consumer.stdout.readline()):
                assert line, "it ended"
        assert b'"service":"notifications-consumer"' in line


@pytest.mark.parametrize(
    ("name", "change", "sentence"),
    [
        ("notifications", {}, "PAYFLOW_NOTIFICATIONS_DATABASE_URL is not set"),
        ("rewards", {"rewards_database_url": "postgresql://a:b@localhost/c"}, "PAYFLOW_SERVICE_KEY_FILE is not set"),
        ("rewards", {"rewards_databas_url": "x"}, "did you mean PAYFLOW_REWARDS_DATABASE_URL?"),
        ("notifications", {"notifications_database_url": "nonsense"}, "A database URL is not valid"),
    ],
)
async def test_a_wrong_setting_is_one_sentence(keys: Keys, name: str, change: dict[str, str], sentence: str) -> None:
    """What is missing or wrong is named, with exit code 1 and no stack trace."""
    async with process(name, environment(**change)) as consumer:
        async with asyncio.timeout(40):
            output, _ = await consumer.communicate()

        assert consumer.returncode == 1
        assert sentence in output.decode()
        assert len(output.decode().splitlines()) == 1
