"""How far a consumer group is behind, asked from outside of it: what the broker has against what the group has committed."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition

from consumers.broker import Lag
from payflow.events.kafka import KafkaPublisher, raise_if_cancelled
from payflow.kernel.errors import DependencyUnavailable, one_line

TIMEOUT_S = 20.0
READ_TIMEOUT_S = 3.0  # for the next records, whose age is told; where one does not come, its age counts as 0


async def group_lag(*, bootstrap_servers: str, group: str, topics: Sequence[str]) -> list[Lag]:
    """For each partition of the topics. Raises DependencyUnavailable where the broker cannot be reached."""
    reader = AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers, group_id=group, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    try:
        ends = await _ends(bootstrap_servers, topics)
        async with asyncio.timeout(TIMEOUT_S):
            await reader.start()
            reader.assign(list(ends))
            starts = await _starts(reader, ends)
            ages = await _ages(reader, {at: start for at, start in starts.items() if start < ends[at]})
    except (KafkaError, OSError, TimeoutError, asyncio.CancelledError) as error:
        raise_if_cancelled(error)
        raise DependencyUnavailable(f"The broker does not answer: {one_line(error)}") from error
    finally:
        with contextlib.suppress(KafkaError, OSError):
            await reader.stop()
    return [
        Lag(at.topic, at.partition, max(0, ends[at] - starts[at]), ages.get(at, 0.0))
        for at in sorted(ends, key=lambda at: (at.topic, at.partition))
    ]


async def _ends(bootstrap_servers: str, topics: Sequence[str]) -> dict[TopicPartition, int]:
    publisher = KafkaPublisher(bootstrap_servers=bootstrap_servers, enable_idempotence=False, topics=topics)
    ends = {topic: await publisher.end_offsets(topic) for topic in topics}
    return {TopicPartition(topic, number): end for topic, found in ends.items() for number, end in found.items()}


async def _starts(reader: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> dict[TopicPartition, int]:
    """What the group has committed; where that is nothing, where the log begins."""
    committed = {at: await reader.committed(at) for at in ends}
    unread = [at for at, offset in committed.items() if offset is None]
    begins = await reader.beginning_offsets(unread) if unread else {}
    return {at: begins[at] if offset is None else offset for at, offset in committed.items()}


async def _ages(reader: AIOKafkaConsumer, starts: Mapping[TopicPartition, int]) -> dict[TopicPartition, float]:
    """How old the first unread record of each partition is, in seconds."""
    ages: dict[TopicPartition, float] = {}
    if not starts:
        return ages
    reader.assign(list(starts))
    for at, start in starts.items():
        reader.seek(at, start)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(READ_TIMEOUT_S):
            while len(ages) < len(starts):
                for at, records in (await reader.getmany(timeout_ms=100)).items():
                    ages.setdefault(at, max(0.0, time.time() - records[0].timestamp / 1000))
    return ages
