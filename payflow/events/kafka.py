"""Publishing over the Kafka protocol (aiokafka)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import orjson
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError
from aiokafka.structs import TopicPartition

from payflow.kernel.errors import DependencyUnavailable
from payflow.kernel.outbox import Position, Record

PARTITIONS = 12  # the most consumers of one group that can share the work; raising it later moves keys
REPLICAS_MAX = 3  # copies of each partition, where there are that many brokers
REQUEST_TIMEOUT_S = 10.0  # a batch that is not acknowledged by then counts as failed and is sent again
LINGER_MS = 2
BATCH_BYTES_MAX = 128 * 1024


class KafkaPublisher:
    """One producer, made on first use and made anew after any failure."""

    def __init__(self, *, bootstrap_servers: str, enable_idempotence: bool, topics: Sequence[str]) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._enable_idempotence = enable_idempotence
        self._topics = topics
        self._producer: AIOKafkaProducer | None = None

    async def publish(self, records: Sequence[Record]) -> list[Position]:
        """Send all, then wait for all acknowledgements. Raises DependencyUnavailable; what was sent may be sent again."""
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT_S):
                producer = await self._started()
                sent = [
                    await producer.send(record.topic, orjson.dumps(record.value), record.key.encode())
                    for record in records
                ]
                acknowledged = await asyncio.gather(*sent)
        except (KafkaError, OSError, TimeoutError) as error:
            await self.close()
            raise DependencyUnavailable(f"The broker does not acknowledge: {type(error).__name__} {error}") from error
        return [Position(metadata.partition, metadata.offset) for metadata in acknowledged]

    async def end_offsets(self, topic: str) -> dict[int, int]:
        from aiokafka import AIOKafkaConsumer

        consumer = AIOKafkaConsumer(bootstrap_servers=self._bootstrap_servers)
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT_S):
                await ensure_topics(self._bootstrap_servers, self._topics)
                await consumer.start()
                partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
                return {at.partition: offset for at, offset in (await consumer.end_offsets(partitions)).items()}
        except (KafkaError, OSError, TimeoutError) as error:
            raise DependencyUnavailable(f"The broker does not answer: {type(error).__name__} {error}") from error
        finally:
            await consumer.stop()

    async def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            await ensure_topics(self._bootstrap_servers, self._topics)
            producer = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap_servers,
                acks="all",
                enable_idempotence=self._enable_idempotence,
                linger_ms=LINGER_MS,
                max_batch_size=BATCH_BYTES_MAX,
            )
            await producer.start()
            self._producer = producer
        return self._producer


async def ensure_topics(bootstrap_servers: str, topics: Sequence[str]) -> None:
    """Create the topics that are missing, PARTITIONS wide. Raises KafkaError where the broker cannot be asked."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        missing = sorted(set(topics) - set(await admin.list_topics()))
        if missing:
            brokers = len((await admin.describe_cluster())["brokers"])
            copies = min(REPLICAS_MAX, brokers)
            await admin.create_topics([NewTopic(topic, PARTITIONS, copies) for topic in missing])
    except TopicAlreadyExistsError:
        pass  # another process was faster
    finally:
        await admin.close()
