"""Consuming over the Kafka protocol (aiokafka): manual commits, from the earliest record, made anew after any failure."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

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
from payflow.kernel.errors import DependencyUnavailable, one_line

JOIN_TIMEOUT_S = 30.0  # longer than the group waits for a member that was killed (the session timeout)
REQUEST_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 3.0
PROBE_S = 3.0  # how often an idle consumer asks whether the broker and its topics are still there
SESSION_TIMEOUT_MS = 6_000  # the least that Apache Kafka allows by default
HEARTBEATS_PER_SESSION = 3
REBALANCE_TIMEOUT_MS = 30_000  # how long a member may take to finish a poll's messages before it is left behind
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
    ) -> None:
        self._session_timeout_ms = session_timeout_ms
        self._bootstrap_servers = bootstrap_servers
        self._group = group
        self._topics = tuple(topics)
        self._consumer: AIOKafkaConsumer | None = None
        self._probed_at = 0.0
        self._assignments = _Assignments()
        self._polled_under = 0

    async def poll(self, *, most: int, wait_s: float) -> list[Message]:
        try:
            consumer = self._consumer or await self._join()
            async with asyncio.timeout(wait_s + REQUEST_TIMEOUT_S):
                found = await consumer.getmany(timeout_ms=int(wait_s * 1000), max_records=most)
                self._polled_under = self._assignments.number
                if not found:
                    await self._probe(consumer)
        except (KafkaError, OSError, TimeoutError, asyncio.CancelledError) as error:
            raise_if_cancelled(error)
            await self.close()
            raise DependencyUnavailable(f"The broker does not answer: {one_line(error)}") from error
        return [_message(record) for records in found.values() for record in records]

    async def commit(self, messages: Sequence[Message]) -> None:
        if self._consumer is None or not messages:
            return  # left meanwhile: the messages come again
        if self._polled_under != self._assignments.number:
            log.info("offsets of an earlier assignment not committed; the messages come again")
            return
        offsets = {TopicPartition(*at): offset for at, offset in next_offsets(messages).items()}
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT_S):
                await self._consumer.commit(offsets)
        except _LOST_TO_ANOTHER as error:
            log.info("offsets not committed; the messages come again", reason=one_line(error))
        except (KafkaError, OSError, TimeoutError, asyncio.CancelledError) as error:
            raise_if_cancelled(error)
            await self.close()
            raise DependencyUnavailable(f"The broker does not take offsets: {one_line(error)}") from error

    async def close(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            try:
                await asyncio.wait_for(consumer.stop(), CLOSE_TIMEOUT_S)
            except (KafkaError, OSError, TimeoutError, asyncio.CancelledError) as error:
                raise_if_cancelled(error)

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
                fetch_max_wait_ms=FETCH_WAIT_MS,
            )
            self._consumer.subscribe(self._topics, listener=self._assignments)
            await self._consumer.start()
        self._probed_at = asyncio.get_running_loop().time()
        return self._consumer

    async def _probe(self, consumer: AIOKafkaConsumer) -> None:
        """Raise where the broker is away, which an empty poll does not show, or has come back without its topics."""
        now = asyncio.get_running_loop().time()
        if now - self._probed_at < PROBE_S:
            return
        self._probed_at = now
        if missing := set(self._topics) - set(await consumer.topics()):
            raise KafkaError(f"it has no {', '.join(sorted(missing))} any more")


class _Assignments(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka is not typed
    """Counts them. Offsets of an earlier one may be of a log that the broker has lost since, and would skip records of the new one."""

    def __init__(self) -> None:
        self.number = 0

    def on_partitions_revoked(self, revoked: object) -> None:
        """What is read now belongs to what ends here."""
        self.number += 1

    def on_partitions_assigned(self, assigned: object) -> None:
        """Nothing to do: reading starts at what the group has committed."""


def _message(record: object) -> Message:
    """aiokafka's record as ours."""
    key = record.key or b""  # type: ignore[attr-defined]  # aiokafka is not typed
    value = record.value or b""  # type: ignore[attr-defined]
    where = (record.topic, record.partition, record.offset)  # type: ignore[attr-defined]
    return Message(*where, key.decode(errors="replace"), value)
