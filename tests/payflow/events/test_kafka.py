"""Publishing over the Kafka protocol: what the contract of both brokers does not cover."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.conn import AIOKafkaConnection
from aiokafka.consumer.group_coordinator import NoGroupCoordinator
from aiokafka.errors import UnknownTopicOrPartitionError
from aiokafka.structs import TopicPartition

from payflow.dev.testing import free_port
from payflow.events import kafka
from payflow.events.kafka import PARTITIONS, UNINTERRUPTED_S, KafkaPublisher, ensure_topics
from payflow.kernel.errors import DependencyUnavailable
from payflow.kernel.publisher import Record
from tests.kafka.brokers import Broker


def publisher(servers: str, topic: str, *, idempotent: bool = False) -> KafkaPublisher:
    return KafkaPublisher(bootstrap_servers=servers, enable_idempotence=idempotent, topics=[topic])


async def test_topics_are_made_once_and_wide(kafka_bootstrap: str) -> None:
    """Asking again, also at the same time, is harmless; a new topic has all its partitions and is empty."""
    topic = f"made-{uuid4().hex}"
    await asyncio.gather(*(ensure_topics(kafka_bootstrap, [topic]) for _ in range(3)))
    await ensure_topics(kafka_bootstrap, [topic])

    assert await publisher(kafka_bootstrap, topic).end_offsets(topic) == dict.fromkeys(range(PARTITIONS), 0)


@pytest.mark.parametrize("sizes", [(1,), (3,), (1, 4), (7, 1), (50, 2, 3)])
async def test_ends_count_records_and_not_batches(
    kafka_bootstrap: str, kafka_idempotence: bool, sizes: tuple[int, ...]
) -> None:
    """However records were batched, the end is one behind the last of them: by it the relay tells a lost log."""
    topic = f"ends-{uuid4().hex}"
    broker = publisher(kafka_bootstrap, topic, idempotent=kafka_idempotence)
    for size in sizes:
        positions = await broker.publish([Record(topic, "same", {"number": number}) for number in range(size)])

    ends = await broker.end_offsets(topic)

    assert ends[positions[-1].partition] == positions[-1].offset + 1 == sum(sizes)
    await broker.close()


class Expired:
    """An aiokafka consumer of a topic whose last record went with the broker's retention: it begins where it ends, and has nothing."""

    def __init__(self, **_: object) -> None:
        self.assigned: set[TopicPartition] = set()

    async def start(self) -> None:
        """Connect."""

    async def stop(self) -> None:
        """Disconnect."""

    async def beginning_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 5)

    end_offsets = beginning_offsets

    def assign(self, partitions: set[TopicPartition]) -> None:
        self.assigned = set(partitions)

    def seek(self, at: TopicPartition, offset: int) -> None:
        raise AssertionError(f"there is nothing at {at}, {offset}")


async def test_of_what_has_expired_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for the end of a log that is empty by now has it at once: the relay publishes nothing while it waits."""

    async def partitions_of(_: str, topic: str) -> list[TopicPartition]:
        return [TopicPartition(topic, 0), TopicPartition(topic, 1)]

    async def nothing_missing(*_: object) -> None:
        """All topics are there."""

    monkeypatch.setattr(kafka, "AIOKafkaConsumer", Expired)
    monkeypatch.setattr(kafka, "partitions_of", partitions_of)
    monkeypatch.setattr(kafka, "ensure_topics", nothing_missing)

    assert await publisher("nowhere:1", "quiet").end_offsets("quiet") == {0: 5, 1: 5}


async def test_asking_makes_no_topic(kafka_bootstrap: str) -> None:
    """A client that asks for a topic which is not there leaves it so: made in passing it would have too few partitions."""
    topic = f"asked-{uuid4().hex}"
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=kafka_bootstrap, request_timeout_ms=1500)

    with pytest.raises(UnknownTopicOrPartitionError):
        await consumer.start()

    await consumer.stop()
    assert await publisher(kafka_bootstrap, topic).end_offsets(topic) == dict.fromkeys(range(PARTITIONS), 0)


@pytest.mark.parametrize("asks", ["ensure_topics", "end_offsets", "publish"])
async def test_who_is_cut_short_while_connecting_leaves_nothing_open(
    kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch, asks: str
) -> None:
    """A client that waits for its first metadata has a connection of which only it knows: it closes that, too."""
    waiting, connections = asyncio.Event(), []
    send: Callable[..., Awaitable[Any]] = AIOKafkaConnection.send

    async def no_answer() -> None:
        waiting.set()
        await asyncio.sleep(60)

    def hanging(connection: AIOKafkaConnection, request: Any, *options: Any) -> Awaitable[Any]:
        if type(request).__name__.startswith("Metadata"):
            connections.append(connection)
            return no_answer()
        return send(connection, request, *options)

    monkeypatch.setattr(AIOKafkaConnection, "send", hanging)
    broker = publisher(kafka_bootstrap, "cut-short")
    works: dict[str, Callable[[], Coroutine[Any, Any, object]]] = {
        "ensure_topics": lambda: ensure_topics(kafka_bootstrap, ["cut-short"]),
        "end_offsets": lambda: broker.end_offsets("cut-short"),
        "publish": lambda: broker.publish([]),
    }
    working = asyncio.create_task(works[asks]())
    await asyncio.wait_for(waiting.wait(), 20)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working

    assert [connection.connected() for connection in connections] == [False]


async def test_who_is_cut_short_while_leaving_leaves_nothing_open(
    kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that is told to end while it takes leave of its broker hangs up first."""
    leaving, consumers = asyncio.Event(), []

    async def hanging(coordinator: NoGroupCoordinator) -> None:
        consumers.append(coordinator._client)
        leaving.set()
        await asyncio.sleep(60)

    monkeypatch.setattr(NoGroupCoordinator, "close", hanging)
    working = asyncio.create_task(publisher(kafka_bootstrap, "leaving").end_offsets("leaving"))
    await asyncio.wait_for(leaving.wait(), 20)
    [client] = consumers
    connections = list(client._conns.values())
    assert any(connection.connected() for connection in connections)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working

    assert not any(connection.connected() for connection in connections)


async def test_without_a_broker_it_fails_and_recovers() -> None:
    """Nobody there: DependencyUnavailable from both, in bounded time, and nothing left open."""
    topic = f"away-{uuid4().hex}"
    broker = publisher(f"127.0.0.1:{free_port()}", topic)

    async with asyncio.timeout(30):
        with pytest.raises(DependencyUnavailable):
            await broker.publish([Record(topic, "k", {})])
        with pytest.raises(DependencyUnavailable):
            await broker.end_offsets(topic)
        await broker.close()


async def test_a_broker_that_came_back_empty(mortal_broker: Broker) -> None:
    """A producer that lived through its broker's restart makes the topics again before it sends: offsets are counted once."""
    broker = publisher(mortal_broker.servers, "t", idempotent=mortal_broker.idempotent)
    await broker.publish([Record("t", "same", {})])

    await mortal_broker.lose_everything(away_s=UNINTERRUPTED_S)
    positions = [await broker.publish([Record("t", "same", {})]) for _ in range(2)]
    await ensure_topics(mortal_broker.servers, ["t"])
    positions.append(await broker.publish([Record("t", "same", {})]))

    assert [position.offset for [position] in positions] == [0, 1, 2]
    await broker.close()


async def test_what_was_given_up_is_not_sent_behind_ones_back(
    mortal_broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records that a broker did not acknowledge are sent anew by who has them: not by the producer when the broker is back."""
    monkeypatch.setattr(kafka, "REQUEST_TIMEOUT_S", 1.0)
    broker = publisher(mortal_broker.servers, "t", idempotent=mortal_broker.idempotent)
    await broker.publish([Record("t", "same", {"number": 0})])
    await asyncio.to_thread(mortal_broker.kill)
    with pytest.raises(DependencyUnavailable):
        await broker.publish([Record("t", "same", {"number": 1})])

    await asyncio.to_thread(mortal_broker.start)
    await asyncio.sleep(2)

    monkeypatch.undo()
    [position] = await broker.publish([Record("t", "same", {"number": 2})])
    assert position.offset == (1 if mortal_broker.keeps_its_log else 0)
    await broker.close()
