"""Somebody who looks on: at the broker's log, for when each event was sent, and at Redis, for when a reader's stream was hinted at."""

from __future__ import annotations

import asyncio
import bisect
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import orjson
from aiokafka import AIOKafkaConsumer
from redis import asyncio as redis

from benchmarks.transfers.platform import Platform
from payflow.dev.passwords import load_or_make_passwords
from payflow.dev.ports import ports_from
from payflow.dev.valkey import ValkeyServer
from payflow.events.kafka import partitions_of
from payflow.kernel.background import running
from payflow.kernel.hints import CHANNEL

POLL_MS = 200


class Bystander:
    """What has been seen, in seconds since 1970."""

    def __init__(self) -> None:
        self._sent_at: dict[tuple[str, str], float] = {}
        self._hinted_at: dict[str, list[float]] = defaultdict(list)

    def sent_at(self, event_type: str, subject: str) -> float | None:
        """When the relay gave the event to its producer, to the millisecond: the record's timestamp."""
        return self._sent_at.get((event_type, subject))

    def hinted_at(self, subject: str, *, since: float) -> float | None:
        """The first hint at the subject since then: what has been committed in between can be read from it on."""
        times = self._hinted_at.get(subject, [])
        at = bisect.bisect_left(times, since)
        return times[at] if at < len(times) else None

    def note_hint(self, subject: str, at: float) -> None:
        """To be called in the order of the hints."""
        self._hinted_at[subject].append(at)

    async def read_the_log(self, consumer: AIOKafkaConsumer) -> None:
        while True:
            for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                for record in records:
                    event = orjson.loads(record.value)
                    self._sent_at.setdefault((event["type"], event["subject"]), record.timestamp / 1000)

    async def hear_hints(self, pubsub: redis.client.PubSub) -> None:
        async for message in pubsub.listen():
            now = time.time()
            for subject in message["data"].decode().split("\n") if message["type"] == "message" else ():
                self.note_hint(subject, now)


@asynccontextmanager
async def looking_on(platform: Platform, topics: Sequence[str]) -> AsyncIterator[Bystander]:
    """See what comes into these topics, and every hint, while the block runs."""
    bystander, folders = Bystander(), platform.folders
    servers = f"127.0.0.1:{ports_from(platform.port)['broker']}"
    valkey = ValkeyServer(
        folders.valkey, folders.socket_folder("valkey"), load_or_make_passwords(folders.secrets).valkey
    )
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, enable_auto_commit=False)
    await consumer.start()
    try:
        partitions = [at for topic in topics for at in await partitions_of(servers, topic)]
        consumer.assign(partitions)
        await consumer.seek_to_end(*partitions)
        async with redis.from_url(valkey.url()) as client, client.pubsub() as pubsub:
            await pubsub.subscribe(CHANNEL)
            async with (
                running(bystander.read_the_log(consumer), name="log"),
                running(bystander.hear_hints(pubsub), name="hints"),
            ):
                yield bystander
                await asyncio.sleep(POLL_MS / 1000)
    finally:
        await consumer.stop()
