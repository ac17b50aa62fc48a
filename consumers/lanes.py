"""One by one: the messages of a partition one after the other, so that the order per key is kept; partitions beside each other.

What fails in passing is tried a few times in place, then parked, and what comes later for its key is parked behind it. Nothing is ever
skipped: where too much is parked already, or the database is away that it would be parked in, the log waits.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence

import structlog

from consumers.broker import Message
from consumers.dead_letters import is_permanent
from consumers.delivery import Delivery, Outcome
from payflow.kernel import metrics
from payflow.kernel.backoff import equal_jitter_s
from payflow.kernel.errors import one_line
from payflow.kernel.parking import Key

LANES_MAX = 8  # partitions delivered beside each other; below the connections of the database's pool
IN_PLACE_ATTEMPTS_MAX = 5  # with the pauses between them some two seconds: what takes longer is no hiccup
# All that the tries in place of one poll may take together; behind it what fails is parked at once. With it a poll's messages are done
# well before the group would give their partitions to another member.
PATIENCE_S = 5.0
BACKOFF_BASE_S = 0.1
BACKOFF_MAX_S = 10.0

log = structlog.get_logger(__name__)


class Lanes:
    """Delivers what one poll brought. `blocked` are the keys that have something parked, `holds` asks whether it is still ours."""

    def __init__(self, delivery: Delivery, *, holds: Callable[[], bool], blocked: set[Key]) -> None:
        self._delivery = delivery
        self._holds = holds
        self._blocked = set(blocked)
        self._patient_until = time.monotonic() + PATIENCE_S
        self._room = asyncio.Semaphore(LANES_MAX)

    async def deliver(self, messages: Sequence[Message]) -> None:
        """Have each handled, parked or buried. What meanwhile belongs to another member is dropped: it is delivered there."""
        async with asyncio.TaskGroup() as lanes:
            for lane in _by_partition(messages):
                lanes.create_task(self._deliver_in_turn(lane))

    async def _deliver_in_turn(self, messages: Sequence[Message]) -> None:
        async with self._room:
            for message in messages:
                if not self._holds():
                    return
                structlog.contextvars.clear_contextvars()
                structlog.contextvars.bind_contextvars(
                    topic=message.topic, partition=message.partition, offset=message.offset
                )
                outcome = await self._deliver(message)
                metrics.EVENTS_HANDLED.labels(self._delivery.consumer, outcome).inc()
                log.info("event delivered", outcome=outcome)

    async def _deliver(self, message: Message) -> Outcome:
        """Whatever becomes of it, however long that takes."""
        attempts = 0
        while True:
            try:
                if (outcome := await self._attempt(message, attempts)) is not None:
                    return outcome
            except Exception as error:  # of the database in which it would be parked or buried
                log.warning("event waits", reason=one_line(error), attempts=attempts)
            attempts += 1
            await asyncio.sleep(back_off_s(attempts))

    async def _attempt(self, message: Message, attempts: int) -> Outcome | None:
        """None where it has to be tried again."""
        key = (message.topic, message.key)
        if key in self._blocked and await self._still_blocked(message):
            return await self._queue_up(message)
        try:
            return await self._delivery.deliver(message)
        except Exception as error:
            if is_permanent(error, attempts=attempts + 1):
                log.error("event buried", key=message.key, reason=one_line(error), exc_info=error)
                return await self._delivery.bury(message, error)
            log.warning("event waits", reason=one_line(error), attempts=attempts + 1)
            if attempts + 1 < IN_PLACE_ATTEMPTS_MAX and time.monotonic() < self._patient_until:
                return None
            if not await self._delivery.park(message, error, wait_s=BACKOFF_MAX_S / 10):
                return None
            self._blocked.add(key)
            return "parked"

    async def _queue_up(self, message: Message) -> Outcome | None:
        try:
            return "parked" if await self._delivery.park(message) else None
        except Exception as error:
            if not is_permanent(error, attempts=0):
                raise
            return await self._delivery.bury(message, error)

    async def _still_blocked(self, message: Message) -> bool:
        """What was in front of it may be done by now."""
        if await self._delivery.parked_keys([message]):
            return True
        self._blocked.discard((message.topic, message.key))
        return False


def back_off_s(failures: int) -> float:
    """How long to wait behind that many failures in a row: doubling up to BACKOFF_MAX_S, jittered."""
    return equal_jitter_s(failures, base_s=BACKOFF_BASE_S, max_s=BACKOFF_MAX_S)


def _by_partition(messages: Sequence[Message]) -> list[list[Message]]:
    lanes: dict[tuple[str, int], list[Message]] = defaultdict(list)
    for message in messages:
        lanes[message.topic, message.partition].append(message)
    return list(lanes.values())
