"""What the Kafka consumer makes of aiokafka's own failures."""

from __future__ import annotations

import asyncio

import pytest

from consumers import kafka
from consumers.kafka import KafkaConsumer
from payflow.kernel.errors import DependencyUnavailable


class Crumbling:
    """An aiokafka consumer whose own waits are cancelled because its broker is gone."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def subscribe(self, *_: object, **__: object) -> None:
        """Choose topics."""

    async def start(self) -> None:
        """Join."""

    async def getmany(self, **_: object) -> None:
        """Wait for what aiokafka itself gives up."""
        gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        gone.cancel()
        await gone

    async def stop(self) -> None:
        """The same."""
        await self.getmany()


@pytest.fixture
def consumer(monkeypatch: pytest.MonkeyPatch) -> KafkaConsumer:
    async def ensured(*_: object) -> None:
        pass

    monkeypatch.setattr(kafka, "AIOKafkaConsumer", Crumbling)
    monkeypatch.setattr(kafka, "ensure_topics", ensured)
    return KafkaConsumer(bootstrap_servers="nowhere:1", group="g", topics=("transfers.v1",))


async def test_a_cancellation_from_within_is_a_failure_of_the_broker(consumer: KafkaConsumer) -> None:
    """It must not end the consumer's task: the next poll joins again."""
    for _ in range(2):
        with pytest.raises(DependencyUnavailable, match="does not answer"):
            await consumer.poll(most=1, wait_s=0.1)


async def test_a_cancellation_from_outside_goes_on(consumer: KafkaConsumer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is told to stop stops, also in the middle of a poll."""

    async def wait(_: Crumbling, **__: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(Crumbling, "getmany", wait)
    polling = asyncio.create_task(consumer.poll(most=1, wait_s=0.1))
    await asyncio.sleep(0.01)
    polling.cancel()

    with pytest.raises(asyncio.CancelledError):
        await polling
