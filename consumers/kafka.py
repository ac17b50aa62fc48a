"""Consuming over the Kafka protocol (aiokafka): manual commits, from the earliest record, made anew after any failure.

When the group deals its partitions out anew, each member gives all of its own back first: what was polled is finished and committed
in REVOCATION_WAIT_S, or else dropped, since whoever has its partition next is given it again.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka.errors import (
    CommitFailedError,
    IllegalGenerationError,
    IllegalStateError,
    KafkaError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from aiokafka.structs import TopicPartition

from consumers.broker import Message, next_offsets
from payflow.events.kafka import ensure_topics, raise_if_cancelled
from payflow.kernel import metrics
from payflow.kernel.errors import DependencyUnavailable, one_line

JOIN_TIMEOUT_S = 30.0  # longer than the group waits for a member that was killed (the session timeout)
REQUEST_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 3.0
PROBE_S = 3.0  # how often an idle consumer asks whether the broker and its topics are still there
SESSION_TIMEOUT_MS = 6_000  # the least that Apache Kafka allows by default
HEARTBEATS_PER_SESSION = 3
REBALANCE_TIMEOUT_MS = 30_000  # how long a member may take to finish a poll's messages before it is left behind
REVOCATION_WAIT_S = 10.0  # for what is being delivered; the group waits three times as long
POLL_INTERVAL_MAX_MS = 5 * 60_000  # a member that polls less often than this is stuck, and its partitions go to another
FETCH_WAIT_MS = 100  # how long a fetch waits at the broker; some look for new records only at its end

# The partition is another member's by now: it is theirs to commit.
_LOST_TO_ANOTHER = (
    CommitFailedError,
    IllegalGenerationError,
    IllegalStateError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)

log = structlog.get_logger(__name__)


class KafkaConsumer:
    """A member of a consumer group, by the protocol of `consumers.broker`."""

    def __init__(
        self,
        *,
        bootstrap_servers: str,
        group: str,
        topics: Sequence[str],
        session_timeout_ms: int = SESSION_TIMEOUT_MS,
        instance_id: str | None = None,
    ) -> None:
        self._session_timeout_ms = session_timeout_ms
        self._instance_id = instance_id
        self._bootstrap_servers = bootstrap_servers
        self._group = group
        self._topics = tuple(topics)
        self._consumer: AIOKafkaConsumer | None = None
        self._probed_at = 0.0
        self._assignments = _Assignments(group)
        self._polled_under = 0
        self._next: dict[TopicPartition, int] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    async def poll(self, *, most: int, wait_s: float) -> list[Message]:
        self._assignments.settle()
        try:
            consumer = self._consumer or await self._join()
            async with asyncio.timeout(wait_s + REQUEST_TIMEOUT_S):
                found = await consumer.getmany(timeout_ms=int(wait_s * 1000), max_records=most)
                if self._polled_under != self._assignments.number:
                    self._polled_under = self._assignments.number
                    self._next.clear()
                await self._probe(consumer, idle=not found)
                await self._note(consumer, found)
        except (KafkaError, OSError, TimeoutError, asyncio.CancelledError) as error:
            raise_if_cancelled(error)
            await self.close()
            raise DependencyUnavailable(f"The broker does not answer: {one_line(error)}") from error
        messages = [_message(record) for records in found.values() for record in records]
        if messages and self.holds():
            self._assignments.begin()
        return messages

    async def commit(self, messages: Sequence[Message]) -> None:
        if self._consumer is None or not messages:
            return  # left meanwhile: the messages come again
        try:
            await self._commit({TopicPartition(*at): offset for at, offset in next_offsets(messages).items()})
        finally:
            self._assignments.settle()

    def holds(self) -> bool:
        return self._consumer is not None and self._polled_under == self._assignments.number

    async def rewind(self, topic: str, *, since: datetime | None, but: Collection[int]) -> set[int]:
        consumer = self._consumer
        if consumer is None or not self.holds():
            return set()
        mine = [at for at in consumer.assignment() if at.topic == topic and at.partition not in but]
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT_S):
                back = {
                    at: start
                    for at, start in (await _starts(consumer, mine, since)).items()
                    if start < await consumer.position(at)
                }
        except (KafkaError, OSError, TimeoutError, asyncio.CancelledError) as error:
            raise_if_cancelled(error)
            await self.close()
            raise DependencyUnavailable(f"The broker does not tell offsets: {one_line(error)}") from error
        if not self.holds() or (back and not await self._commit(back)):
            return set()
        for at, start in back.items():
            consumer.seek(at, start)
        self._next.update(back)
        return {at.partition for at in mine}

    def partitions(self, topic: str) -> set[int]:
        return set() if self._consumer is None else set(self._consumer.partitions_for_topic(topic) or ())

    def lag(self) -> Mapping[str, int]:
        behind = dict.fromkeys(self._topics, 0)
        if self._consumer is not None:
            for at, position in self._next.items():
                if self._consumer.assignment() and at in self._consumer.assignment():
                    behind[at.topic] += max(0, (self._consumer.highwater(at) or 0) - position)
        return behind

    async def _commit(self, offsets: Mapping[TopicPartition, int]) -> bool:
        """False where the partitions are another member's by now."""
        if self._consumer is None or not self.holds():
            log.info("offsets of an earlier assignment not committed; the messages come again")
            return False
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT_S):
                await self._consumer.commit(dict(offsets))
        except _LOST_TO_ANOTHER as error:
            log.info("offsets not committed; the messages come again", reason=one_line(error))
            self._assignments.lose()
            return False
        except (KafkaError, OSError, TimeoutError, asyncio.CancelledError) as error:
            raise_if_cancelled(error)
            await self.close()
            raise DependencyUnavailable(f"The broker does not take offsets: {one_line(error)}") from error
        return True

    async def close(self) -> None:
        self._assignments.settle()
        # anew, so that one that is slow to leave changes no later one
        self._assignments = _Assignments(self._group, self._assignments.number + 1)
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await self._leave(consumer)

    async def _leave(self, consumer: AIOKafkaConsumer) -> None:
        """Stop it, for CLOSE_TIMEOUT_S at most.

        No `wait_for`: that waits for what it has cancelled, and aiokafka loses a cancellation where it ends tasks of its own.
        """
        leaving = asyncio.create_task(consumer.stop())
        self._leaving.add(leaving)
        leaving.add_done_callback(functools.partial(self._left, consumer))
        try:
            await asyncio.wait({leaving}, timeout=CLOSE_TIMEOUT_S)
        finally:
            leaving.cancel()

    def _left(self, consumer: AIOKafkaConsumer, leaving: asyncio.Task[None]) -> None:
        """However that ended, the broker will notice that this member is gone, and no connection of it stays open."""
        self._leaving.discard(leaving)
        if not leaving.cancelled():
            leaving.exception()
        for connection in tuple(consumer._client._conns.values()):  # there is no public way; closing twice is harmless
            connection.close()

    async def _join(self) -> AIOKafkaConsumer:
        async with asyncio.timeout(JOIN_TIMEOUT_S):
            await ensure_topics(self._bootstrap_servers, self._topics)
            self._consumer = AIOKafkaConsumer(
                bootstrap_servers=self._bootstrap_servers,
                group_id=self._group,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                session_timeout_ms=self._session_timeout_ms,
                heartbeat_interval_ms=self._session_timeout_ms // HEARTBEATS_PER_SESSION,
                rebalance_timeout_ms=REBALANCE_TIMEOUT_MS,
                max_poll_interval_ms=POLL_INTERVAL_MAX_MS,
                group_instance_id=self._instance_id,
                fetch_max_wait_ms=FETCH_WAIT_MS,
            )
            self._consumer.subscribe(self._topics, listener=self._assignments)
            await self._consumer.start()
        self._probed_at = asyncio.get_running_loop().time()
        return self._consumer

    async def _note(self, consumer: AIOKafkaConsumer, found: Mapping[TopicPartition, Sequence[Any]]) -> None:
        """Note how far each partition was read, and say aloud where it did not go on behind what was read or committed before."""
        for at, records in found.items():
            expected = self._next[at] if at in self._next else await consumer.committed(at)
            if expected is not None and records[0].offset != expected:
                metrics.EVENTS_JUMPS.labels(self._group, at.topic).inc()
                log.error(
                    "partition does not go on where it was left",
                    topic=at.topic,
                    partition=at.partition,
                    expected=expected,
                    found=records[0].offset,
                    meaning="the broker lost its log" if records[0].offset < expected else "records are gone unread",
                )
            self._next[at] = records[-1].offset + 1

    async def _probe(self, consumer: AIOKafkaConsumer, *, idle: bool) -> None:
        """Raise where the broker is away, which an empty poll does not show, or has come back without its topics.

        Or had come back without them when this member last looked: it deals out nothing of a topic that it does not know, and looks
        again after minutes only.
        """
        now = asyncio.get_running_loop().time()
        if now - self._probed_at < PROBE_S:
            return
        self._probed_at = now
        if idle and (missing := set(self._topics) - set(await consumer.topics())):
            raise KafkaError(f"it has no {', '.join(sorted(missing))} any more")
        if unknown := [topic for topic in self._topics if not consumer.partitions_for_topic(topic)]:
            raise KafkaError(f"it had no {', '.join(unknown)} when this member last looked")


class _Assignments(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka is not typed
    """Counts and times them.

    Offsets of an earlier one may be of a log that the broker has lost since, and would skip records of the new one.
    """

    def __init__(self, group: str, number: int = 0) -> None:
        self.number = number
        self._seconds = metrics.EVENTS_REBALANCE_SECONDS.labels(group)
        self._revoked_at: float | None = None
        self._settled = asyncio.Event()
        self._settled.set()

    def begin(self) -> None:
        """Messages are out, and not committed yet."""
        self._settled.clear()

    def settle(self) -> None:
        """None are any more."""
        self._settled.set()

    def lose(self) -> None:
        """What is out belongs to another member."""
        self.number += 1

    async def on_partitions_revoked(self, revoked: object) -> None:
        """Let what is out be finished and committed, in its time; what is still out then belongs to what ends here."""
        if self._revoked_at is None:
            self._revoked_at = time.monotonic()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(REVOCATION_WAIT_S):
                await self._settled.wait()
        self.number += 1

    def on_partitions_assigned(self, assigned: object) -> None:
        """Reading starts at what the group has committed."""
        if self._revoked_at is not None:
            self._seconds.observe(time.monotonic() - self._revoked_at)
            self._revoked_at = None


async def _starts(
    consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition], since: datetime | None
) -> dict[TopicPartition, int]:
    """Where to read from; a partition that has nothing since then is left out."""
    if not partitions:
        return {}
    if since is None:
        return dict(await consumer.beginning_offsets(partitions))
    found = await consumer.offsets_for_times(dict.fromkeys(partitions, int(since.timestamp() * 1000)))
    return {at: start.offset for at, start in found.items() if start is not None}


def _message(record: Any) -> Message:
    """aiokafka's record, which is not typed, as ours."""
    key, value = record.key or b"", record.value or b""
    where = (record.topic, record.partition, record.offset)
    return Message(*where, key.decode(errors="replace"), value, record.timestamp / 1000)
