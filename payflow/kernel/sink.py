"""The sink: publishes the event log behind its cursor to the broker, batch by batch, and goes back where the broker lost what it had.

A broker that has lost its log is noticed by what the cursor remembers of each partition: the log ends before that, as seen at the start,
every LOSS_CHECK_S and in each acknowledgement; or another record stands in its place, or none that can be read for SILENCE_S. Then
everything that is retained is published again, since nobody can say what else is gone; who reads it twice knows it by its id.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Sequence
from datetime import timedelta
from typing import TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from payflow.kernel import event_log, failpoints, metrics, sink_cursor
from payflow.kernel.db import Database
from payflow.kernel.errors import DependencyUnavailable, one_line
from payflow.kernel.event_log import PUBLICATION_MAX
from payflow.kernel.failpoints import failpoint
from payflow.kernel.publisher import NotAllAcknowledged, Partition, Position, Publisher, Record
from payflow.kernel.sink_cursor import Cursor

NAME = "kafka"
BATCH_MAX = PUBLICATION_MAX  # events sent in one pipelined batch; bounds memory and what a crash repeats
POLL_S = 1.0  # how long the sink sleeps at most where nobody wakes it
LOSS_CHECK_S = 15.0  # how often the broker's log is held against what it acknowledged
SILENCE_S = 30.0  # how long a record may be unreadable at every look until it counts as lost: a broker that is busy is only slow
BROKER_S = 25.0  # one call to the broker; a publisher gives up by itself before, so past this it hangs, and so would who waits for it
PURGE_EVERY_S = 3600.0  # how often what is older than the retention is deleted, a batch after each that is published until all of it is

Answer = TypeVar("Answer")

log = structlog.get_logger(__name__)


class Sink:
    """Runs beside the sequencer, as long as that leads."""

    def __init__(self, *, service: str, database: Database, publisher: Publisher, retention: timedelta) -> None:
        self._service = service
        self._database = database
        self._publisher = publisher
        self._retention = retention
        self._woken = asyncio.Event()
        self._check_at = self._purge_at = 0.0
        self._silent_since: dict[Partition, float] = {}

    def wake(self) -> None:
        """Say that there may be something behind the cursor."""
        self._woken.set()

    async def run(self) -> None:
        """Publish for ever. Raises DependencyUnavailable where the broker does not answer, Overtaken where somebody else leads."""
        cursor = await self.lead()
        self._check_at = self._purge_at = 0.0
        self._silent_since = {}
        while True:
            self._woken.clear()
            cursor = await self._look_after(cursor)
            before, cursor = cursor, await self.publish_batch(cursor)
            if cursor == before:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL_S):
                        await self._woken.wait()

    async def lead(self) -> Cursor:
        """Take the cursor from whoever had it."""
        async with self._database.unit_of_work() as work:
            return await sink_cursor.lead(work.connection, NAME)

    async def publish_batch(self, cursor: Cursor) -> Cursor:
        """Publish what comes next; answers the cursor behind it, or behind the last that was acknowledged before one that was not.

        Raises DependencyUnavailable where the first was not.
        """
        async with self._database.read() as connection:
            batch = await event_log.records_after(connection, cursor.pos, most=BATCH_MAX)
        if not batch:
            return cursor
        positions = await self._publish([record for _, record in batch])
        published = [
            (pos, (record.topic, at.partition), at.offset)
            for (pos, record), at in zip(batch, positions, strict=False)  # the first of them, where not all are
        ]
        if lost := _overwritten(cursor, published):
            return await self._rewind(cursor, lost)
        await failpoint("relay.marking")
        async with self._database.unit_of_work() as work:
            cursor = await sink_cursor.advance(work.connection, cursor, published)
        await failpoint("relay.marked")
        metrics.OUTBOX_PUBLISHED.labels(self._service).inc(len(published))
        return cursor

    async def check(self, cursor: Cursor) -> Cursor:
        """Hold the broker's log against what the cursor remembers of it; answers the cursor, gone back where something is lost.

        Who finds something lost looks again before he believes it: a broker that is slow to answer is not to be told everything.
        """
        lost = await self._lost(cursor)
        if lost:
            lost &= await self._lost(cursor)
        return await self._rewind(cursor, lost) if lost else cursor

    async def _look_after(self, cursor: Cursor) -> Cursor:
        """What is due by the clock: the check of the broker's log, and the deletion of what is old."""
        now = asyncio.get_running_loop().time()
        if now >= self._check_at:
            cursor = await self.check(cursor)
            self._check_at = now + LOSS_CHECK_S
        if now >= self._purge_at:
            is_all = await self.purge() < event_log.PURGE_BATCH
            self._purge_at = now + PURGE_EVERY_S if is_all else now
        return cursor

    async def purge(self) -> int:
        """Delete some of what is older than the retention; answers how many. Events do not wait for it, nor for its next try."""
        try:
            async with self._database.unit_of_work() as work:
                return await event_log.purge(work.connection, retention=self._retention)
        except (SQLAlchemyError, OSError, DependencyUnavailable) as error:
            log.warning("old events stay for now", reason=one_line(error))
            return 0

    async def _publish(self, records: Sequence[Record]) -> Sequence[Position]:
        """The places of the first records, as many as are acknowledged; at least of one."""
        try:
            with metrics.PRODUCE_SECONDS.labels(self._service).time():
                return await _in_time(
                    failpoints.call(
                        "relay.publish", lambda: self._publisher.publish(records), lost=DependencyUnavailable
                    )
                )
        except NotAllAcknowledged as partly:
            metrics.OUTBOX_FAILURES.labels(self._service).inc()
            if not partly.positions:
                raise
            log.warning("the broker acknowledged a part", events=len(partly.positions), sent=len(records))
            return partly.positions

    async def _lost(self, cursor: Cursor) -> set[Partition]:
        """The partitions of which the broker no longer has the last record that it acknowledged."""
        if not cursor.marks:
            return set()
        ends = {
            topic: await _in_time(self._publisher.end_offsets(topic))
            for topic in sorted({topic for topic, _ in cursor.marks})
        }
        cut = {
            (topic, number)
            for (topic, number), mark in cursor.marks.items()
            if ends[topic].get(number, 0) <= mark.offset
        }
        return cut or await self._replaced(cursor)

    async def _replaced(self, cursor: Cursor) -> set[Partition]:
        """The partitions in which another record stands in the place of ours, or none that can be read for long.

        So it is where a relay filled a new log beyond the old one's end and died before it noted that the old one was gone.
        """
        async with self._database.read() as connection:
            ours = await event_log.values_at(connection, {mark.pos for mark in cursor.marks.values()})
        asked = {at: mark.offset for at, mark in cursor.marks.items() if mark.pos in ours}
        theirs = await _in_time(self._publisher.values_at(asked)) if asked else {}
        told = {at: value for at, value in theirs.items() if value is not None}  # the others have expired
        replaced = {at for at, value in told.items() if value != ours[cursor.marks[at].pos]}
        return replaced | self._silent_for_long(asked.keys() - theirs.keys())

    def _silent_for_long(self, silent: set[Partition]) -> set[Partition]:
        """Those of which nothing could be read at any look of the last SILENCE_S."""
        now = asyncio.get_running_loop().time()
        self._silent_since = {at: self._silent_since.get(at, now) for at in silent}
        return {at for at, since in self._silent_since.items() if now - since >= SILENCE_S}

    async def _rewind(self, cursor: Cursor, lost: set[Partition]) -> Cursor:
        async with self._database.unit_of_work() as work:
            back = await sink_cursor.rewind(work.connection, cursor, lost=lost)
        metrics.OUTBOX_REWINDS.labels(self._service).inc(cursor.pos - back.pos)
        log.warning(
            "broker lost its log; publishing again",
            events=cursor.pos - back.pos,
            partitions=[f"{topic}/{number}" for topic, number in sorted(lost)],
        )
        return back


def _overwritten(cursor: Cursor, published: Sequence[tuple[int, Partition, int]]) -> set[Partition]:
    """The partitions that have acknowledged an offset a second time: their log began anew since the last look."""
    return {
        partition
        for _, partition, offset in published
        if partition in cursor.marks and offset <= cursor.marks[partition].offset
    }


async def _in_time(call: Awaitable[Answer]) -> Answer:
    """Raises DependencyUnavailable past BROKER_S."""
    try:
        async with asyncio.timeout(BROKER_S):
            return await call
    except TimeoutError:
        raise DependencyUnavailable(f"The broker hangs: no answer within {BROKER_S} s") from None
