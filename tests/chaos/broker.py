"""What the broker has: the ids of all events in its logs, read from the first record to the last."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Set

import orjson
from aiokafka import AIOKafkaConsumer

from payflow.events.kafka import partitions_of

POLL_MS = 300
SILENCE_S = 1.0  # nothing more comes: the logs were read to their ends (Tansu does not tell the true ones)
SILENCE_MAX_S = 10.0  # … unless something is missing: a machine that is busy starting parts again takes its time
READ_TIMEOUT_S = 60.0


async def events_at_broker(port: int, topics: Collection[str], *, published: Set[str] = frozenset()) -> frozenset[str]:
    """What is looked for longest is what was `published`. Raises KafkaError, OSError or TimeoutError where it does not answer."""
    servers = f"127.0.0.1:{port}"
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, enable_auto_commit=False, auto_offset_reset="earliest")
    async with asyncio.timeout(READ_TIMEOUT_S):
        await consumer.start()
        try:
            consumer.assign([at for topic in topics for at in await partitions_of(servers, topic)])
            return frozenset(await _read_to_the_end(consumer, published))
        finally:
            await consumer.stop()


async def _read_to_the_end(consumer: AIOKafkaConsumer, published: Set[str]) -> set[str]:
    clock = asyncio.get_running_loop().time
    found: set[str] = set()
    heard_at = clock()
    while clock() - heard_at < (SILENCE_S if found >= published else SILENCE_MAX_S) and consumer.assignment():
        for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
            found.update(orjson.loads(record.value)["id"] for record in records)
            heard_at = clock()
    return found
