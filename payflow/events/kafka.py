"""Publishing over the Kafka protocol (aiokafka).

A broker that has come back without its topics must not be given records before they are made again: Tansu takes them all the same, and
starts counting anew, over them, when the topic is made. So no producer outlives a restart of its broker: one that was not acknowledged
just now looks first whether its topics are there, and what was under way meanwhile fails, to be sent by another one.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import time
from collections.abc import Mapping, Sequence
from typing import Any

import aiokafka.client
import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, NoError, TopicAlreadyExistsError, for_code
from aiokafka.protocol.metadata import MetadataRequest
from aiokafka.structs import RecordMetadata, TopicPartition

from payflow.events.bootstrapping import close_what_bootstraps_open
from payflow.kernel.errors import DependencyUnavailable
from payflow.kernel.publisher import NotAllAcknowledged, Partition, Position, Record

PARTITIONS = 12  # the most consumers of one group that can share the work; raising it later moves keys
REPLICAS_MAX = 3  # copies of each partition, where there are that many brokers
REQUEST_TIMEOUT_S = 10.0  # a batch that is not acknowledged by then counts as failed and is sent again
READ_TIMEOUT_S = 2.0
CLOSE_TIMEOUT_S = 2.0
TOPICS_POLL_S = 0.05  # how often a broker that has just made its topics is asked whether it tells of them
# Sooner than this no broker is back that was started anew: the supervisor waits longer before it starts one.
UNINTERRUPTED_S = 0.3
LINGER_MS = 2
FETCH_WAIT_MS = 100
BATCH_BYTES_MAX = 128 * 1024

# aiokafka has a broker make whatever topic it asks for, with as few partitions as the broker likes; so a client that is connected again to
# a broker which has lost its topics would be faster than `ensure_topics`. It has no setting for that.
aiokafka.client.MetadataRequest = functools.partial(MetadataRequest, allow_auto_topic_creation=False)
close_what_bootstraps_open()


class KafkaPublisher:
    """One producer, made on first use and made anew after any failure."""

    def __init__(self, *, bootstrap_servers: str, enable_idempotence: bool, topics: Sequence[str]) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._enable_idempotence = enable_idempotence
        self._topics = topics
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()  # two who publish at once share one producer
        self._acknowledged_at = 0.0

    async def publish(self, records: Sequence[Record]) -> list[Position]:
        """Send all, then wait for all acknowledgements.

        Raises NotAllAcknowledged with those of the first records, down to none; what was sent may be sent again.
        """
        sent: list[asyncio.Future[RecordMetadata]] = []
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT_S):
                async with self._starting:
                    producer = await self._started()
                for record in records:
                    value, key = orjson.dumps(record.value), record.key.encode()
                    sent.append(await producer.send(record.topic, value, key, headers=_headers(record)))
                await asyncio.gather(*sent)
                self._acknowledged_at = time.monotonic()
        except (KafkaError, OSError, TimeoutError, asyncio.CancelledError) as error:
            raise_if_cancelled(error)
            await self._drop()
            reason = f"The broker does not acknowledge: {type(error).__name__} {error}"
            raise NotAllAcknowledged(reason, _acknowledged_first(sent)) from error
        return _acknowledged_first(sent)

    async def end_offsets(self, topic: str) -> dict[int, int]:
        """For each partition the offset that its next record will get. Raises DependencyUnavailable."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap_servers, enable_auto_commit=False, fetch_max_wait_ms=FETCH_WAIT_MS
        )
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT_S):
                await ensure_topics(self._bootstrap_servers, self._topics)
                await consumer.start()
                partitions = await partitions_of(self._bootstrap_servers, topic)
                begins, ends = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
                return {at.partition: end for at, end in (await _read_to_the_end(consumer, begins, ends)).items()}
        except (KafkaError, OSError, TimeoutError, asyncio.CancelledError) as error:
            raise_if_cancelled(error)
            raise DependencyUnavailable(f"The broker does not answer: {type(error).__name__} {error}") from error
        finally:
            await _stop(consumer)

    async def values_at(self, offsets: Mapping[Partition, int]) -> dict[Partition, dict[str, Any] | None]:
        """What stands at one offset of each partition; None where the broker says that its log begins behind it.

        Where nothing can be read the partition is left out. Raises DependencyUnavailable.
        """
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap_servers,
            enable_auto_commit=False,
            fetch_max_wait_ms=FETCH_WAIT_MS,
            max_partition_fetch_bytes=BATCH_BYTES_MAX,
        )
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT_S):
                await consumer.start()
                wanted = {TopicPartition(*at): offset for at, offset in offsets.items()}
                begins = await consumer.beginning_offsets(list(wanted))
                kept = {at: offset for at, offset in wanted.items() if begins[at] <= offset}
                found = await _read_one_each(consumer, kept)
                gone = dict.fromkeys((at.topic, at.partition) for at in wanted.keys() - kept.keys())
                return gone | {(at.topic, at.partition): orjson.loads(value) for at, value in found.items()}
        except (KafkaError, OSError, TimeoutError, asyncio.CancelledError) as error:
            raise_if_cancelled(error)
            raise DependencyUnavailable(f"The broker does not answer: {type(error).__name__} {error}") from error
        finally:
            await _stop(consumer)

    async def close(self) -> None:
        """Send what is under way, for CLOSE_TIMEOUT_S at most."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await _stop(producer)

    async def _drop(self) -> None:
        """End the producer with what it has under way: that will be sent anew, and must not reach a broker whose topics are gone."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await _drop(producer)

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is not None and not await self._knows_us(self._producer):
            await self._drop()
        if self._producer is None:
            await ensure_topics(self._bootstrap_servers, self._topics)
            self._producer = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap_servers,
                acks="all",
                enable_idempotence=self._enable_idempotence,
                linger_ms=LINGER_MS,
                max_batch_size=BATCH_BYTES_MAX,
            )
            await self._producer.start()
            await _hear_of(self._producer, self._topics)
            if not self._enable_idempotence:
                _send_once(self._producer)
        return self._producer

    async def _knows_us(self, producer: AIOKafkaProducer) -> bool:
        """Whether the broker still is the one that has our topics. Raises KafkaError."""
        if time.monotonic() - self._acknowledged_at < UNINTERRUPTED_S:
            return True
        known: set[str] = (await producer.client.fetch_all_metadata()).topics()
        return known.issuperset(self._topics)


def _acknowledged_first(sent: Sequence[asyncio.Future[RecordMetadata]]) -> list[Position]:
    """The places of the first records, up to one that failed or that nothing was heard of."""
    heard = itertools.takewhile(lambda one: one.done() and not one.cancelled() and one.exception() is None, sent)
    return [Position(one.result().partition, one.result().offset) for one in heard]


def _headers(record: Record) -> list[tuple[str, bytes]]:
    """The place in a trace once more, where tools look for it that do not open the value."""
    return [(name, record.value[name].encode()) for name in ("traceparent", "tracestate") if name in record.value]


def raise_if_cancelled(error: BaseException) -> None:
    """Tell a cancellation of the running task from one that leaks out of aiokafka.

    It cancels its own waits when a broker goes away, and whoever awaits them would end for good as if it had been told to.
    """
    task = asyncio.current_task()
    if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
        raise error


async def _stop(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    """Stop a client even where its broker does not answer: a producer would else wait for its acknowledgements for ever."""
    try:
        await asyncio.wait_for(client.stop(), CLOSE_TIMEOUT_S)
    except (KafkaError, OSError, TimeoutError, asyncio.CancelledError) as error:
        if isinstance(client, AIOKafkaProducer):
            await _drop(client)
        else:
            await _hang_up(client)
        raise_if_cancelled(error)


async def _hang_up(consumer: AIOKafkaConsumer) -> None:
    """Close its connections. Its own `stop`, cut short, leaves them open."""
    try:
        await asyncio.wait_for(consumer._client.close(), CLOSE_TIMEOUT_S)  # there is no public way
    except (KafkaError, OSError, TimeoutError, asyncio.CancelledError) as error:
        raise_if_cancelled(error)


async def _hear_of(producer: AIOKafkaProducer, topics: Sequence[str]) -> None:
    """Wait until the broker tells of all topics, which takes those that were just made a moment.

    A producer that meets one of which it has not heard asks for that one and forgets the others: what is under way to those then waits
    for a leader for ever.
    """
    await producer.client.set_topics(topics)
    while not producer.client.cluster.topics().issuperset(topics):
        await asyncio.sleep(TOPICS_POLL_S)
        await producer.client.force_metadata_update()


def _send_once(producer: AIOKafkaProducer) -> None:
    """What fails to be sent fails at once. By itself it would try again for long, also at a broker that is back without its topics."""
    producer._message_accumulator._batch_ttl = 0.0  # there is no public way


async def _drop(producer: AIOKafkaProducer) -> None:
    """Have it send nothing any more. Its own `stop` sends all it has first and, cut short, leaves a task that goes on trying."""
    producer._closed = True  # there is no public way
    if (sending := producer._sender.sender_task) is not None:
        sending.cancel()
    try:
        await asyncio.wait_for(producer.client.close(), CLOSE_TIMEOUT_S)
        if sending is not None:
            await asyncio.wait([sending], timeout=CLOSE_TIMEOUT_S)
    except (KafkaError, OSError, TimeoutError, asyncio.CancelledError) as error:
        raise_if_cancelled(error)


async def _read_to_the_end(
    consumer: AIOKafkaConsumer, begins: Mapping[TopicPartition, int], reported: Mapping[TopicPartition, int]
) -> dict[TopicPartition, int]:
    """The true ends. Tansu reports where the last batch *begins*, plus one; so read what stands there and count on from it.

    A broker that reports the true end has one record there, or none where its retention has taken all: of that nobody waits to read.
    Where nothing comes in READ_TIMEOUT_S, the report stands: what cannot be read counts as lost, since to be told twice harms nobody.
    """
    ends = dict(reported)
    unread = {at for at, end in reported.items() if end > begins[at]}
    consumer.assign(unread)
    for at in unread:
        consumer.seek(at, reported[at] - 1)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(READ_TIMEOUT_S):
            while unread:
                for at, records in (await consumer.getmany(timeout_ms=100)).items():
                    ends[at] = max(ends[at], records[-1].offset + 1)
                    unread.discard(at)
    return ends


async def partitions_of(bootstrap_servers: str, topic: str) -> list[TopicPartition]:
    """As the broker itself says: what a consumer knows of topics that it has not subscribed to differs. Raises KafkaError."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        await admin.start()
        [described] = await admin.describe_topics([topic])
        return [TopicPartition(topic, partition["partition"]) for partition in described["partitions"]]
    finally:
        await admin.close()


async def _read_one_each(
    consumer: AIOKafkaConsumer, offsets: Mapping[TopicPartition, int]
) -> dict[TopicPartition, bytes]:
    """The records at these offsets, as far as they come in READ_TIMEOUT_S: where there is none, none will."""
    values: dict[TopicPartition, bytes] = {}
    unread = set(offsets)
    consumer.assign(unread)
    for at, offset in offsets.items():
        consumer.seek(at, offset)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(READ_TIMEOUT_S):
            while unread:
                for at, records in (await consumer.getmany(*unread, timeout_ms=100)).items():
                    unread.discard(at)
                    if records[0].offset == offsets[at]:
                        values[at] = records[0].value
    return values


async def ensure_topics(bootstrap_servers: str, topics: Sequence[str]) -> None:
    """Create the topics that are missing, PARTITIONS wide. Raises KafkaError where the broker cannot be asked or refuses."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        await admin.start()
        missing = sorted(set(topics) - set(await admin.list_topics()))
        if missing:
            copies = min(REPLICAS_MAX, len((await admin.describe_cluster())["brokers"]))
            answer = await admin.create_topics([NewTopic(topic, PARTITIONS, copies) for topic in missing])
            _check_created(answer.topic_errors)
    finally:
        await admin.close()


def _check_created(outcomes: Sequence[Sequence[Any]]) -> None:
    for topic, code, *_ in outcomes:
        error = for_code(code)
        if error not in (NoError, TopicAlreadyExistsError):  # another process may have been faster
            raise error(topic)
