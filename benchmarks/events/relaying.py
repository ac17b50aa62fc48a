"""A relay by itself: from a filled outbox to a broker, beside a producer that is handed the same records and knows of no outbox."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import jwt
import orjson
from aiokafka import AIOKafkaProducer

from benchmarks.events.effort import Effort
from benchmarks.events.workshop import Workshop
from benchmarks.transfers.people import CURRENCY, Person
from payflow.events.catalogue import TOPICS
from payflow.events.envelope import to_record
from payflow.events.kafka import BATCH_BYTES_MAX, LINGER_MS, KafkaPublisher, ensure_topics
from payflow.events.transfers import TransferCompleted
from payflow.kernel.background import running
from payflow.kernel.db import Database
from payflow.kernel.ids import new_id
from payflow.kernel.outbox import Outbox
from payflow.kernel.publisher import Partition, Position, Record
from payflow.kernel.relay import Relay
from subgraphs.transactions import tables

PLAIN_TOPIC = "plain.v1"  # of the producer beside it: consumers read the relay's
FILLED_AT_ONCE = 500
AMOUNT = 5_00


@dataclass(frozen=True)
class Rate:
    """Records a second, and those of the least that would do in its place."""

    ours: float
    base: float

    @property
    def ratio(self) -> float:
        return self.ours / self.base


class Counted:
    """A publisher that counts what was acknowledged, and tells when it is all."""

    def __init__(self, publisher: KafkaPublisher, *, expected: int) -> None:
        self._publisher = publisher
        self._left = expected
        self.done = asyncio.Event()

    async def publish(self, records: Sequence[Record]) -> list[Position]:
        positions = await self._publisher.publish(records)
        self._left -= len(records)
        if self._left <= 0:
            self.done.set()
        return positions

    async def end_offsets(self, topic: str) -> dict[int, int]:
        return await self._publisher.end_offsets(topic)

    async def values_at(self, offsets: Mapping[Partition, int]) -> dict[Partition, dict[str, Any] | None]:
        return await self._publisher.values_at(offsets)

    async def close(self) -> None:
        await self._publisher.close()


async def measure_relay(workshop: Workshop, people: Sequence[Person], effort: Effort) -> Rate:
    """Leaves the events in the broker, for the consumers."""
    records = list(_transfers(people, effort.events))
    await ensure_topics(workshop.servers, [*TOPICS, PLAIN_TOPIC])
    base = await _plain_producer(workshop, records)
    return Rate(await _relay(workshop, records), base)


async def _relay(workshop: Workshop, records: Sequence[Record]) -> float:
    database, outbox = Database(workshop.database_url("transactions")), Outbox(tables.outbox)
    for at in range(0, len(records), FILLED_AT_ONCE):
        some = records[at : at + FILLED_AT_ONCE]
        async with database.unit_of_work() as work:
            await outbox.add_all(work, [(UUID(record.value["id"]), record) for record in some])
    publisher = Counted(
        KafkaPublisher(bootstrap_servers=workshop.servers, enable_idempotence=False, topics=TOPICS),
        expected=len(records),
    )
    relay = Relay(service="measured", database=database, outbox=outbox, publisher=publisher)
    start = time.perf_counter()
    async with running(relay.run(), name="relay"):
        await publisher.done.wait()
        seconds = time.perf_counter() - start
    await publisher.close()
    await database.close()
    return len(records) / seconds


async def _plain_producer(workshop: Workshop, records: Sequence[Record]) -> float:
    """aiokafka with the relay's settings; what is done per record is to encode it and to send it."""
    producer = AIOKafkaProducer(
        bootstrap_servers=workshop.servers, acks="all", linger_ms=LINGER_MS, max_batch_size=BATCH_BYTES_MAX
    )
    await producer.start()
    start = time.perf_counter()
    sent = [await producer.send(PLAIN_TOPIC, orjson.dumps(one.value), one.key.encode()) for one in records]
    await asyncio.gather(*sent)
    seconds = time.perf_counter() - start
    await producer.stop()
    return len(records) / seconds


def _transfers(people: Sequence[Person], number: int) -> Iterator[Record]:
    """Completed transfers between the people, each of whom has a wallet that a reward can be paid into."""
    draw, ids = random.Random(7), {person.wallet_id: user_id(person) for person in people}
    for _ in range(number):
        payer, payee = draw.sample(people, 2)
        transfer_id, now = new_id(), datetime.now(UTC)
        event = TransferCompleted(
            transfer_id=transfer_id,
            payer_id=ids[payer.wallet_id],
            payee_id=ids[payee.wallet_id],
            from_wallet_id=UUID(payer.wallet_id),
            to_wallet_id=UUID(payee.wallet_id),
            amount=AMOUNT,
            currency=CURRENCY,
            completed_at=now,
        )
        yield to_record(event, event_id=new_id(), time=now)


def user_id(person: Person) -> UUID:
    """As the token says."""
    return UUID(jwt.decode(person.token, options={"verify_signature": False})["sub"])
