"""A broker in memory: logs, partitions, consumer groups. It keeps the promises that we rely on, and fails on demand."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from consumers.broker import Lag, Message, next_offsets
from payflow.kernel.errors import DependencyUnavailable
from payflow.kernel.publisher import Position, Record

PARTITIONS = 12

At = tuple[str, int]
"""A topic and the number of one of its partitions."""


class MemoryBroker:
    """The logs and the groups. While `away` is True nobody reaches it; `wipe` forgets everything, as a lost disk does."""

    def __init__(self, *, partitions: int = PARTITIONS) -> None:
        self.away = False
        self._partitions = partitions
        self._logs: dict[At, list[tuple[str, bytes, float]]] = {}
        self._groups: dict[str, _Group] = {}
        self._arrived = asyncio.Event()

    def append(self, topic: str, key: str, value: bytes) -> Position:
        """Put a record at the end of its key's partition."""
        self.check_reachable()
        partition = zlib.crc32(key.encode()) % self._partitions
        records = self._logs.setdefault((topic, partition), [])
        records.append((key, value, time.time()))
        self._arrived.set()
        self._arrived = asyncio.Event()
        return Position(partition, len(records) - 1)

    def read(self, at: At, offset: int, *, most: int) -> list[Message]:
        """Records from an offset on; from the start where the log ends before it."""
        records = self._logs.get(at, [])
        start = offset if offset <= len(records) else 0
        return [
            Message(*at, number, key, value, taken_at)
            for number, (key, value, taken_at) in enumerate(records[start : start + most], start=start)
        ]

    def end_offsets(self, topic: str) -> dict[int, int]:
        self.check_reachable()
        return {number: len(self._logs.get((topic, number), [])) for number in range(self._partitions)}

    def first_since(self, at: At, since: datetime | None) -> int | None:
        """The offset of the first record that was taken then or later; None where there is none."""
        earliest = 0.0 if since is None else since.timestamp()
        records = enumerate(self._logs.get(at, []))
        return next((number for number, (_, _, taken_at) in records if taken_at >= earliest), None)

    def waiting(self, at: At, offset: int) -> int:
        """How many records stand from an offset on."""
        return max(0, len(self._logs.get(at, [])) - offset)

    def partitions(self, topic: str) -> list[At]:
        return [(topic, number) for number in range(self._partitions)]

    def lag(self, group: str, topic: str) -> list[Lag]:
        """How far the group is behind what it has committed."""
        found = []
        for at in self.partitions(topic):
            waiting = self._logs.get(at, [])[self.group(group).committed.get(at, 0) :]
            found.append(Lag(*at, len(waiting), time.time() - waiting[0][2] if waiting else 0.0))
        return found

    def group(self, name: str) -> _Group:
        return self._groups.setdefault(name, _Group(self._partitions))

    def wipe(self) -> None:
        """Lose every log and every committed offset; members join anew by their next poll."""
        self._logs.clear()
        for group in self._groups.values():
            group.forget()

    def check_reachable(self) -> None:
        if self.away:
            raise DependencyUnavailable("The broker does not answer.")

    async def wait_for_more(self, wait_s: float) -> None:
        arrived = self._arrived
        try:
            await asyncio.wait_for(arrived.wait(), wait_s)
        except TimeoutError:
            return


class _Group:
    """Who shares the partitions, and how far they have come. A new `generation` whenever that is dealt out anew."""

    def __init__(self, partitions: int) -> None:
        self.committed: dict[At, int] = {}
        self.generation = 0
        self._partitions = partitions
        self._members: list[MemoryConsumer] = []

    def join(self, member: MemoryConsumer) -> None:
        if member not in self._members:
            self._members.append(member)
            self.generation += 1

    def leave(self, member: MemoryConsumer) -> None:
        if member in self._members:
            self._members.remove(member)
            self.generation += 1

    def forget(self) -> None:
        self.committed.clear()
        self._members.clear()
        self.generation += 1

    def share(self, member: MemoryConsumer, topics: Sequence[str]) -> list[At]:
        """The member's partitions: dealt out in turn."""
        everything = [(topic, number) for topic in sorted(topics) for number in range(self._partitions)]
        return everything[self._members.index(member) :: len(self._members)]


class MemoryConsumer:
    """A member of a group, by the protocol of `consumers.broker`."""

    def __init__(self, broker: MemoryBroker, *, group: str, topics: Sequence[str]) -> None:
        self._broker = broker
        self._group = broker.group(group)
        self._topics = tuple(topics)
        self._generation = -1
        self._positions: dict[At, int] = {}

    async def poll(self, *, most: int, wait_s: float) -> list[Message]:
        await asyncio.sleep(0)  # as a network would, let the others run
        try:
            found = self._take(most)
            if not found:
                await self._broker.wait_for_more(wait_s)
                found = self._take(most)
        except DependencyUnavailable:
            await self.close()
            raise
        return found

    async def commit(self, messages: Sequence[Message]) -> None:
        self._broker.check_reachable()
        if self._generation == self._group.generation:
            self._group.committed.update(next_offsets(messages))

    def holds(self) -> bool:
        return self._generation == self._group.generation

    async def rewind(self, topic: str, *, since: datetime | None, but: Collection[int]) -> set[int]:
        self._broker.check_reachable()
        if not self.holds():
            return set()
        mine = [at for at in self._positions if at[0] == topic and at[1] not in but]
        for at in mine:
            start = self._broker.first_since(at, since)
            if start is not None and start < self._positions[at]:
                self._positions[at] = self._group.committed[at] = start
        return {number for _, number in mine}

    def partitions(self, topic: str) -> set[int]:
        return {number for _, number in self._broker.partitions(topic)}

    def lag(self) -> Mapping[str, int]:
        behind = dict.fromkeys(self._topics, 0)
        for at, position in self._positions.items():
            behind[at[0]] += self._broker.waiting(at, position)
        return behind

    async def close(self) -> None:
        self._group.leave(self)
        self._generation = -1

    def _take(self, most: int) -> list[Message]:
        self._broker.check_reachable()
        self._group.join(self)
        if self._generation != self._group.generation:
            self._generation = self._group.generation
            shared = self._group.share(self, self._topics)
            self._positions = {at: self._group.committed.get(at, 0) for at in shared}
        found: list[Message] = []
        for at, position in self._positions.items():
            found += self._broker.read(at, position, most=most - len(found))
        self._positions.update(next_offsets(found))
        return found


class MemoryPublisher:
    """Publishes to a MemoryBroker, by the protocol of `payflow.kernel.publisher`."""

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker

    async def publish(self, records: Sequence[Record]) -> list[Position]:
        return [self._broker.append(record.topic, record.key, orjson.dumps(record.value)) for record in records]

    async def end_offsets(self, topic: str) -> dict[int, int]:
        return self._broker.end_offsets(topic)

    async def values_at(self, offsets: Mapping[At, int]) -> dict[At, dict[str, Any] | None]:
        self._broker.check_reachable()
        found = [message for at, offset in offsets.items() for message in self._broker.read(at, offset, most=1)]
        return {
            (message.topic, message.partition): orjson.loads(message.value)
            for message in found
            if message.offset == offsets[message.topic, message.partition]
        }

    async def close(self) -> None:
        """Nothing is held."""
