"""The contract of publisher and consumer, held by both brokers: Kafka's protocol over a real server, and memory."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
import pytest

from consumers import lag as lag_module
from consumers.broker import Consumer, Lag, Message
from consumers.kafka import KafkaConsumer
from consumers.lag import group_lag
from consumers.memory import MemoryBroker, MemoryConsumer, MemoryPublisher
from payflow.events import kafka
from payflow.events.kafka import KafkaPublisher
from payflow.kernel.publisher import Publisher, Record

PATIENCE_S = 30.0  # a rebalance takes some seconds


@dataclass
class Platform:
    """One broker with a topic of this test alone."""

    topic: str
    publisher: Publisher
    consumer: Callable[[str], Consumer]
    lag: Callable[[str], Awaitable[list[Lag]]]

    async def publish(self, *pairs: tuple[str, int]) -> list[Any]:
        records = [Record(self.topic, key, {"number": number}) for key, number in pairs]
        return await self.publisher.publish(records)


@pytest.fixture(params=["memory", "kafka"])
def servers(request: pytest.FixtureRequest) -> str | None:
    """The Kafka broker's address, None for the broker in memory. Not async: the server's fixture runs a loop of its own."""
    return None if request.param == "memory" else request.getfixturevalue("kafka_bootstrap")


@pytest.fixture
async def platform(servers: str | None, kafka_idempotence: bool) -> AsyncIterator[Platform]:
    topic = f"contract-{uuid4().hex}"
    async with AsyncExitStack() as closing:
        publisher: Publisher
        if servers is None:
            broker = MemoryBroker()
            publisher = MemoryPublisher(broker)

            def make(group: str) -> Consumer:
                return MemoryConsumer(broker, group=group, topics=[topic])

            async def lag(group: str) -> list[Lag]:
                return broker.lag(group, topic)
        else:
            publisher = KafkaPublisher(bootstrap_servers=servers, enable_idempotence=kafka_idempotence, topics=[topic])

            def make(group: str) -> Consumer:
                return KafkaConsumer(
                    bootstrap_servers=servers,
                    group=f"{topic}-{group}",
                    topics=[topic],
                    session_timeout_ms=1500,
                )

            async def lag(group: str) -> list[Lag]:
                return await group_lag(bootstrap_servers=servers, group=f"{topic}-{group}", topics=[topic])

        def consumer(group: str) -> Consumer:
            made = make(group)
            closing.push_async_callback(made.close)
            return made

        closing.push_async_callback(publisher.close)
        yield Platform(topic, publisher, consumer, lag)


async def take(consumer: Consumer, count: int) -> list[Message]:
    """Poll until there are so many."""
    found: list[Message] = []
    async with asyncio.timeout(PATIENCE_S):
        while len(found) < count:
            found += await consumer.poll(most=100, wait_s=0.2)
    return found


async def take_nothing(consumer: Consumer) -> None:
    for _ in range(3):
        assert await consumer.poll(most=100, wait_s=0.2) == []


def numbers(messages: list[Message]) -> list[int]:
    return [orjson.loads(message.value)["number"] for message in messages]


async def test_what_is_published_arrives_from_the_start(platform: Platform) -> None:
    """A group that has never been there reads the log from its first record, keys and values as they were."""
    positions = await platform.publish(("a", 1), ("b", 2))

    found = await take(platform.consumer("g"), 2)

    assert {(message.key, *numbers([message])) for message in found} == {("a", 1), ("b", 2)}
    assert {(message.partition, message.offset) for message in found} == {
        (position.partition, position.offset) for position in positions
    }


async def test_a_message_tells_when_the_broker_was_given_it(platform: Platform) -> None:
    """In seconds since the epoch, to the millisecond: what lag in seconds is counted from."""
    before = time.time()
    await platform.publish(("a", 1))
    behind = time.time()

    (message,) = await take(platform.consumer("g"), 1)

    assert message.taken_at is not None
    assert before - 0.001 <= message.taken_at <= behind


async def test_order_is_kept_per_key(platform: Platform) -> None:
    """However records of many keys are mixed, those of one key arrive in the order they were published."""
    sent = [(f"key-{number % 7}", number) for number in range(70)]
    await platform.publish(*sent)

    found = await take(platform.consumer("g"), 70)

    for key in {key for key, _ in sent}:
        assert numbers([message for message in found if message.key == key]) == [n for k, n in sent if k == key]


async def test_a_poll_is_bounded(platform: Platform) -> None:
    """A poll takes no more than it is asked to, and the next goes on behind it."""
    await platform.publish(*(("same", number) for number in range(25)))
    consumer = platform.consumer("g")

    first = await take(consumer, 1)
    bounded = await consumer.poll(most=5, wait_s=1)

    assert len(bounded) <= 5
    rest = await take(consumer, 25 - len(first) - len(bounded))
    assert numbers([*first, *bounded, *rest]) == list(range(25))


async def test_a_restart_goes_on_behind_the_commit(platform: Platform) -> None:
    """What was committed is not delivered again; what was polled only, is."""
    consumer = platform.consumer("g")
    await platform.publish(("k", 1), ("k", 2))
    await consumer.commit(await take(consumer, 2))
    await platform.publish(("k", 3))
    assert numbers(await take(consumer, 1)) == [3]

    await consumer.close()

    assert numbers(await take(platform.consumer("g"), 1)) == [3]


async def test_a_consumer_may_come_back(platform: Platform) -> None:
    """After close the next poll joins anew and gets what was not committed."""
    consumer = platform.consumer("g")
    await platform.publish(("k", 1))
    await take(consumer, 1)

    await consumer.close()

    assert numbers(await take(consumer, 1)) == [1]


async def test_groups_do_not_take_from_each_other(platform: Platform) -> None:
    """Each group sees every record."""
    await platform.publish(("a", 1), ("b", 2))

    for group in ("one", "two"):
        consumer = platform.consumer(group)
        found = await take(consumer, 2)
        await consumer.commit(found)
        assert sorted(numbers(found)) == [1, 2]


async def test_members_share_the_partitions(platform: Platform) -> None:
    """Once both members of a group are there, each gets some of the records, and none is missed."""
    members = {"one": platform.consumer("g"), "two": platform.consumer("g")}
    found: dict[str, set[int]] = {"one": set(), "two": set()}
    sent = 0

    async def work(name: str) -> None:
        while len(found["one"] | found["two"]) < sent or not all(found.values()):
            polled = await members[name].poll(most=100, wait_s=0.2)
            found[name].update(numbers(polled))
            await members[name].commit(polled)

    async def publish() -> None:
        nonlocal sent
        while not all(found.values()):
            new = range(sent, sent + 20)
            sent += len(new)  # before anybody can have found them
            await platform.publish(*((f"key-{number}", number) for number in new))
            await asyncio.sleep(0.3)

    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as tasks:
        for each in (work("one"), work("two"), publish()):
            tasks.create_task(each)

    assert found["one"] | found["two"] == set(range(sent))


async def test_a_commit_behind_a_close_does_nothing(platform: Platform) -> None:
    """Who has left commits nothing: its messages go to those who stayed."""
    leaver = platform.consumer("g")
    await platform.publish(("k", 1))
    polled = await take(leaver, 1)

    await leaver.close()
    await leaver.commit(polled)

    assert numbers(await take(platform.consumer("g"), 1)) == [1]


async def test_an_idle_poll_ends(platform: Platform) -> None:
    """With nothing to read a poll answers nothing, in its time."""
    consumer = platform.consumer("g")
    await consumer.poll(most=10, wait_s=0.1)

    started = asyncio.get_running_loop().time()
    await take_nothing(consumer)

    assert asyncio.get_running_loop().time() - started < 10


async def test_end_offsets_are_behind_the_last_acknowledged(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The publisher knows where each log ends: one behind the highest offset that was acknowledged."""
    monkeypatch.setattr(kafka, "READ_TIMEOUT_S", PATIENCE_S)  # past it the broker's own report would stand
    positions = await platform.publish(("a", 1), ("b", 2), ("a", 3))

    ends = await platform.publisher.end_offsets(platform.topic)

    highest: dict[int, int] = {}
    for position in positions:
        highest[position.partition] = max(position.offset, highest.get(position.partition, 0))
    assert {partition: end for partition, end in ends.items() if end} == {at: top + 1 for at, top in highest.items()}


async def test_one_record_is_read_back(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each partition the one at the offset that is asked for, wherever it stands in its batch; behind the end there is none."""
    positions = await platform.publish(*((key, number) for number in range(5) for key in "abc"))
    await platform.publish(("a", 5))
    asked = {(platform.topic, position.partition): position.offset for position in positions[6:9]}

    with monkeypatch.context() as patch:
        patch.setattr(kafka, "READ_TIMEOUT_S", PATIENCE_S)
        assert await platform.publisher.values_at(asked) == {at: {"number": 2} for at in asked}
    assert await platform.publisher.values_at(dict.fromkeys(asked, 1000)) == {}
    assert await platform.publisher.values_at({}) == {}


async def test_a_rebalance_lets_a_polls_messages_be_finished(platform: Platform) -> None:
    """Whoever is delivering when another member joins commits in time: nobody gets those messages again, and none is missed."""
    first, second = platform.consumer("g"), platform.consumer("g")
    await platform.publish(*((f"key-{number}", number) for number in range(40)))
    out = await take(first, 1)
    joining = asyncio.create_task(second.poll(most=100, wait_s=0.2))
    await asyncio.sleep(1.0)
    was_held = first.holds()
    await first.commit(out)
    found = await joining

    async def rest() -> None:
        nonlocal found
        while len({*numbers(out), *numbers(found)}) < 40:
            for member in (first, second):
                polled = await member.poll(most=100, wait_s=0.2)
                found += polled
                await member.commit(polled)

    async with asyncio.timeout(PATIENCE_S):
        await rest()
    if was_held:
        assert not set(numbers(out)) & set(numbers(found))


async def test_who_lost_its_partitions_commits_nothing(platform: Platform) -> None:
    """A member that was left behind in the middle of a poll knows it does not hold the messages, and they come to the other."""
    leaver, stayer = platform.consumer("g"), platform.consumer("g")
    await platform.publish(("k", 1))
    polled = await take(leaver, 1)
    assert leaver.holds()
    await leaver.close()

    assert not leaver.holds()
    await leaver.commit(polled)
    assert numbers(await take(stayer, 1)) == [1]


async def test_a_rewound_topic_is_read_again(platform: Platform) -> None:
    """From its start, or from an instant on at the latest; and the offsets stay so across a restart."""
    consumer = platform.consumer("g")
    await platform.publish(*((f"key-{number}", number) for number in range(10)))
    await consumer.commit(await take(consumer, 10))
    await asyncio.sleep(0.05)
    since = datetime.now(UTC)
    await asyncio.sleep(0.05)
    await platform.publish(*((f"key-{number}", number) for number in range(10, 14)))
    await consumer.commit(await take(consumer, 4))

    everything = await consumer.rewind(platform.topic, since=None, but=())
    assert everything == consumer.partitions(platform.topic)
    again = await take(consumer, 14)
    assert sorted(numbers(again)) == list(range(14))
    await consumer.commit(again)
    await take_nothing(consumer)

    await consumer.rewind(platform.topic, since=since, but=())
    await consumer.close()
    reader = platform.consumer("g")
    found: set[int] = set()
    async with asyncio.timeout(PATIENCE_S):
        while not found >= {10, 11, 12, 13}:
            found |= set(numbers(await reader.poll(most=100, wait_s=0.2)))


async def test_a_rewind_leaves_out_what_has_gone_back(platform: Platform) -> None:
    """Partitions that are named stay where they are; nobody is moved forward."""
    consumer = platform.consumer("g")
    positions = await platform.publish(*((f"key-{number}", number) for number in range(10)))
    await consumer.commit(await take(consumer, 10))
    done = {position.partition for position in positions}

    others = await consumer.rewind(platform.topic, since=None, but=done)

    assert others == consumer.partitions(platform.topic) - done
    await take_nothing(consumer)


async def test_lag_is_what_is_not_committed(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    """In records, and in seconds since the first of them; none where all is committed."""
    monkeypatch.setattr(lag_module, "READ_TIMEOUT_S", PATIENCE_S)  # past it an age counts as none
    consumer = platform.consumer("g")
    await platform.publish(("k", 1), ("k", 2))
    await consumer.commit(await take(consumer, 2))
    await take_nothing(consumer)
    assert [each for each in await platform.lag("g") if each.records] == []
    await platform.publish(("k", 3), ("k", 4), ("k", 5))
    await asyncio.sleep(0.1)

    (behind,) = [each for each in await platform.lag("g") if each.records]

    assert behind.records == 3
    assert 0.1 <= behind.seconds < 60
    await take(consumer, 3)
    assert consumer.lag() == {platform.topic: 0}
