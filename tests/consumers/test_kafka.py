"""What the Kafka consumer makes of aiokafka's own failures."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any
from uuid import uuid4

import pytest
from aiokafka.errors import KafkaError
from prometheus_client import REGISTRY

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

    async def getmany(self, **_: object) -> Any:
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


class Unknowing(Crumbling):
    """Has met a broker that came back without its topics, and has not looked since they are there again."""

    known: frozenset[str] = frozenset()

    async def getmany(self, **_: object) -> Any:
        return {}

    async def topics(self) -> set[str]:
        return {"transfers.v1"}

    def partitions_for_topic(self, topic: str) -> set[int] | None:
        return {0} if topic in self.known else None

    async def stop(self) -> None:
        """Leave."""


async def test_a_member_that_does_not_know_a_topic_joins_anew(
    consumer: KafkaConsumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would deal out none of its partitions, to nobody, for as long as what it knows is fresh enough: minutes."""
    monkeypatch.setattr(kafka, "AIOKafkaConsumer", Unknowing)
    monkeypatch.setattr(kafka, "PROBE_S", 0.0)

    with pytest.raises(DependencyUnavailable, match="when this member last looked"):
        await consumer.poll(most=1, wait_s=0.1)

    monkeypatch.setattr(Unknowing, "known", frozenset({"transfers.v1"}))
    assert await consumer.poll(most=1, wait_s=0.1) == []


async def test_a_rebalance_is_timed_from_losing_partitions_to_having_them() -> None:
    """What is being delivered is waited for in that time; partitions that nobody took away before are no rebalance."""

    group = f"timed-{uuid4()}"

    def said(what: str) -> float:
        return REGISTRY.get_sample_value(f"payflow_events_rebalance_seconds_{what}", {"group": group}) or 0.0

    assignments = kafka._Assignments(group)
    assignments.on_partitions_assigned(())
    assert said("count") == 0

    assignments.begin()
    revoking = asyncio.create_task(assignments.on_partitions_revoked(()))
    await asyncio.sleep(0)  # it has begun
    began = time.monotonic()
    await asyncio.sleep(0.05)
    assignments.settle()
    await revoking
    assert said("count") == 0
    took = time.monotonic() - began
    assignments.on_partitions_assigned(())

    assert said("count") == 1
    assert 0.04 < took <= said("sum") < took + 5


class Stubborn(Crumbling):
    """Takes its time to stop, and does not heed that it is told to give up."""

    last: Stubborn
    listener: Any

    def __init__(self, *_: object, **__: object) -> None:
        self.may_end = asyncio.Event()
        Stubborn.last = self

    def subscribe(self, *_: object, **named: object) -> None:
        self.listener = named["listener"]

    async def getmany(self, **_: object) -> None:
        raise KafkaError("gone")

    async def stop(self) -> None:
        while not self.may_end.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await self.may_end.wait()


async def test_who_is_slow_to_leave_is_not_waited_for(consumer: KafkaConsumer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A member that does not come to its end costs its time and no more, and what it still says of partitions is not heard."""
    monkeypatch.setattr(kafka, "AIOKafkaConsumer", Stubborn)
    monkeypatch.setattr(kafka, "CLOSE_TIMEOUT_S", 0.05)
    with pytest.raises(DependencyUnavailable, match="gone"):
        await asyncio.wait_for(asyncio.shield(asyncio.create_task(consumer.poll(most=1, wait_s=0.1))), 5)
    number = consumer._assignments.number

    await Stubborn.last.listener.on_partitions_revoked(())
    assert consumer._assignments.number == number

    Stubborn.last.may_end.set()
    async with asyncio.timeout(5):
        while consumer._leaving:
            await asyncio.sleep(0)
