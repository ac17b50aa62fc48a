"""A consumer by itself: from a filled topic through its inbox to its effects, beside a reader that does nothing with what it reads."""

from __future__ import annotations

import asyncio
import time

import asyncpg
import uvloop
from aiokafka import AIOKafkaConsumer

from benchmarks.events.effort import Effort
from benchmarks.events.relaying import Rate
from benchmarks.events.workshop import Workshop
from consumers.runner import POLL_MAX
from payflow.events.kafka import partitions_of
from payflow.events.transfers import TransferCompleted

LOOK_EVERY_S = 0.05
CONSUME_MAX_S = 30.0  # one that has not taken in everything by then has its rate, too


def measure_consumer(name: str, workshop: Workshop, effort: Effort) -> Rate:
    """The consumer's own process, as the platform has it, with a topic in front of it that holds all the events."""
    base = uvloop.run(_bare_reader(workshop, effort.events))
    with workshop.consumer(name):
        ours = uvloop.run(_progress(workshop.database_url(name), effort.events))
    return Rate(ours, base)


async def _progress(database_url: str, events: int) -> float:
    """Events a second that enter the inbox, from the first commit that is seen: joining a group takes seconds by itself."""
    connection = await asyncpg.connect(database_url)
    try:
        while (first := await _handled(connection)) == 0:  # noqa: ASYNC110  another process commits
            await asyncio.sleep(LOOK_EVERY_S)
        start = time.perf_counter()
        handled, seconds = first, 0.0
        while handled < events and seconds < CONSUME_MAX_S:
            await asyncio.sleep(LOOK_EVERY_S)
            handled, seconds = await _handled(connection), time.perf_counter() - start
        return (handled - first) / seconds
    finally:
        await connection.close()


async def _handled(connection: asyncpg.Connection) -> int:
    return int(await connection.fetchval("SELECT count(*) FROM inbox"))


async def _bare_reader(workshop: Workshop, events: int) -> float:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=workshop.servers, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    consumer.assign(await partitions_of(workshop.servers, TransferCompleted.TOPIC))
    start, read = time.perf_counter(), 0
    while read < events:
        found = await consumer.getmany(timeout_ms=1000, max_records=POLL_MAX)
        read += sum(map(len, found.values()))
    seconds = time.perf_counter() - start
    await consumer.stop()
    return read / seconds
